import { endpoint, WIDGET_DEADLINE } from '../../http/endpoint';
import { readParameters } from '../../http/parameters';
import { conversationOf } from '../../twilio/conversation';
import { detach } from '../../webhooks/detach';
import { parseSelection } from '../../webhooks/selection';

/** Deletes one webhook by its SID, those that match, or all. Answers `{detached, count}`. */
export const handler = endpoint({
  operation: 'detach',
  read: (event) =>
    readParameters(event, ['ConversationSid', 'ServiceSid', 'Sid', 'Target', 'Url', 'FlowSid', 'All']),
  deadline: WIDGET_DEADLINE,
  async run(input, call) {
    const conversation = conversationOf(input, call);
    const detached = await detach(conversation, parseSelection(input, call.site));
    return { body: { detached, count: detached.length } };
  },
});
