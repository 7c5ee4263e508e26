import { createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { validateWebhookSid } from '../../lib/sids';
import { createConversation } from '../../twilio/client';

/** Returns one webhook. */
export const handler = createHandler({
  operation: 'fetch',
  parse: (event) => parseParameters(event, ['ConversationSid', 'ServiceSid', 'Sid']),
  async run(input, call) {
    const conversation = createConversation(input, call);
    return { body: await conversation.fetch(validateWebhookSid(input.Sid)) };
  },
});
