import { endpoint, WIDGET_DEADLINE } from '../../http/endpoint';
import { readParameters } from '../../http/parameters';
import { conversationOf } from '../../twilio/conversation';
import { attach } from '../../webhooks/attach';
import { define } from '../../webhooks/definition';
import { parseReplayAfter } from '../../webhooks/replay';

/** Sees to it that a conversation carries a webhook exactly once. Answers the resource and `result`. */
export const handler = endpoint({
  operation: 'attach',
  read: (event) =>
    readParameters(event, [
      'ConversationSid',
      'ServiceSid',
      'Target',
      'Url',
      'Method',
      'Filters',
      'Triggers',
      'FlowSid',
      'ReplayAfter',
      'Replace',
    ]),
  deadline: WIDGET_DEADLINE,
  async run(input, call) {
    const conversation = conversationOf(input, call);
    const { webhook, ...outcome } = await attach(conversation, {
      definition: define(input.Target, input, call.site),
      replayAfter: parseReplayAfter(input.ReplayAfter),
      replace: input.Replace ?? false,
    });
    return { status: outcome.result === 'created' ? 201 : 200, body: { ...webhook, ...outcome } };
  },
});
