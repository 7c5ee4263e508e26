import { createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { createConversation } from '../../twilio/client';
import { attach } from '../../webhooks/attach';
import { parseDefinition } from '../../webhooks/definition';
import { parseReplayAfter } from '../../webhooks/replay-after';

/** Makes sure that a conversation has a webhook exactly once. Returns the webhook and `result`. */
export const handler = createHandler({
  operation: 'attach',
  parse: (event) =>
    parseParameters(event, [
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
  async run(input, call) {
    const conversation = createConversation(input, call);
    const { webhook, ...outcome } = await attach(conversation, {
      definition: parseDefinition(input.Target, input, call.site),
      replayAfter: parseReplayAfter(input.ReplayAfter),
      replace: input.Replace ?? false,
    });
    return { status: outcome.result === 'created' ? 201 : 200, body: { ...webhook, ...outcome } };
  },
});
