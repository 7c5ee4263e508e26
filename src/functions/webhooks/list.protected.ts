import { endpoint, WIDGET_DEADLINE } from '../../http/endpoint';
import { readParameters } from '../../http/parameters';
import { MAX_WEBHOOKS } from '../../lib/limits';
import { conversationOf } from '../../twilio/conversation';
import { checkTarget } from '../../webhooks/definition';

/** Lists the webhooks of a conversation, of one target where one is sent. Answers `{webhooks, count, free}`. */
export const handler = endpoint({
  operation: 'list',
  read: (event) => readParameters(event, ['ConversationSid', 'ServiceSid', 'Target']),
  deadline: WIDGET_DEADLINE,
  async run(input, call) {
    const conversation = conversationOf(input, call);
    const target = input.Target === undefined ? undefined : checkTarget(input.Target);
    const { webhooks: all } = await conversation.list();
    const webhooks = all.filter((webhook) => target === undefined || webhook.target === target);
    return { body: { webhooks, count: webhooks.length, free: Math.max(0, MAX_WEBHOOKS - all.length) } };
  },
});
