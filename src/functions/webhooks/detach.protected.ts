import { createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { createConversation } from '../../twilio/client';
import { detach } from '../../webhooks/detach';
import { parseSelection } from '../../webhooks/selection';

/** Deletes one webhook by its SID, those that match, or all. Returns `{detached, count}`. */
export const handler = createHandler({
  operation: 'detach',
  parse: (event) =>
    parseParameters(event, ['ConversationSid', 'ServiceSid', 'Sid', 'Target', 'Url', 'FlowSid', 'All']),
  async run(input, call) {
    const conversation = createConversation(input, call);
    const detached = await detach(conversation, parseSelection(input, call.site));
    return { body: { detached, count: detached.length } };
  },
});
