import { createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { validateWebhookSid } from '../../lib/sids';
import { createConversation } from '../../twilio/client';
import { update } from '../../webhooks/update';

/** Changes settings of one webhook. Returns the webhook and `result`. */
export const handler = createHandler({
  operation: 'update',
  parse: (event) =>
    parseParameters(
      event,
      ['ConversationSid', 'ServiceSid', 'Sid', 'Url', 'Method', 'Filters', 'Triggers', 'FlowSid'],
      {
        Target: "Twilio cannot change a webhook's target; detach it and attach one with the new Target",
        ReplayAfter: 'Twilio replays only when it creates a webhook; use attach with Replace=true',
      },
    ),
  async run(input, call) {
    const conversation = createConversation(input, call);
    const { webhook, result } = await update(conversation, validateWebhookSid(input.Sid), input, call.site);
    return { body: { ...webhook, result } };
  },
});
