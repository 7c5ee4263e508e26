import { createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { MAX_WEBHOOKS } from '../../lib/limits';
import { describeWebhooks } from '../../sync/described-webhook';
import { desiredStateIfValid } from '../../sync/load-desired-state';
import { createConversation } from '../../twilio/client';
import { parseTarget } from '../../webhooks/definition';

/**
 * Lists the webhooks of a conversation, of one target if it is sent, each with its name in the policy. Returns
 * `{webhooks, count, free}`.
 */
export const handler = createHandler({
  operation: 'list',
  parse: (event) => parseParameters(event, ['ConversationSid', 'ServiceSid', 'Target']),
  async run(input, call) {
    const conversation = createConversation(input, call);
    const target = input.Target === undefined ? undefined : parseTarget(input.Target);
    const { webhooks: all } = await conversation.list();
    const webhooks = describeWebhooks(all, desiredStateIfValid(call, input.ServiceSid)).filter(
      (webhook) => target === undefined || webhook.target === target,
    );
    return { body: { webhooks, count: webhooks.length, free: Math.max(0, MAX_WEBHOOKS - all.length) } };
  },
});
