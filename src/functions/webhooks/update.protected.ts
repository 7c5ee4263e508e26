import { endpoint, WIDGET_DEADLINE } from '../../http/endpoint';
import { readParameters } from '../../http/parameters';
import { checkWebhookSid } from '../../lib/sids';
import { conversationOf } from '../../twilio/conversation';
import { update } from '../../webhooks/update';

/** Changes the settings that are sent of one webhook. Answers the resource and `result`. */
export const handler = endpoint({
  operation: 'update',
  read: (event) =>
    readParameters(
      event,
      ['ConversationSid', 'ServiceSid', 'Sid', 'Url', 'Method', 'Filters', 'Triggers', 'FlowSid'],
      {
        Target:
          'Twilio cannot change the target of a webhook; detach it and attach one with the new Target (Replace=true replaces one of the same target)',
        ReplayAfter: 'Twilio replays when a webhook is created, never later; use attach with Replace=true',
      },
    ),
  deadline: WIDGET_DEADLINE,
  async run(input, call) {
    const conversation = conversationOf(input, call);
    const { webhook, result } = await update(conversation, checkWebhookSid(input.Sid), input, call.site);
    return { body: { ...webhook, result } };
  },
});
