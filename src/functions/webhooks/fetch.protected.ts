import { endpoint, WIDGET_DEADLINE } from '../../http/endpoint';
import { readParameters } from '../../http/parameters';
import { checkWebhookSid } from '../../lib/sids';
import { conversationOf } from '../../twilio/conversation';

/** Answers one webhook. */
export const handler = endpoint({
  operation: 'fetch',
  read: (event) => readParameters(event, ['ConversationSid', 'ServiceSid', 'Sid']),
  deadline: WIDGET_DEADLINE,
  async run(input, call) {
    const conversation = conversationOf(input, call);
    return { body: await conversation.fetch(checkWebhookSid(input.Sid)) };
  },
});
