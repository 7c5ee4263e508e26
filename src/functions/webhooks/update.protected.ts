import { createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { validateWebhookSid } from '../../lib/sids';
import type { DesiredState } from '../../sync/desired-state';
import { desiredStateIfValid } from '../../sync/load-desired-state';
import { undoneByRepair } from '../../sync/undone';
import { createConversation } from '../../twilio/client';
import type { Conversation } from '../../webhooks/conversation';
import { update } from '../../webhooks/update';
import type { Webhook } from '../../webhooks/webhook';

/** Changes settings of one webhook. Returns the webhook and `result`, and its name as `managed` if the policy will change it back. */
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
    const desired = result === 'updated' ? desiredStateIfValid(call, input.ServiceSid) : undefined;
    const managed = desired && (await undoneName(conversation, webhook, desired));
    return { body: { ...webhook, result, ...(managed !== undefined && { managed }) } };
  },
});

// It is updated: a list that fails leaves out the name and nothing else.
async function undoneName(
  conversation: Conversation,
  webhook: Webhook,
  desired: DesiredState,
): Promise<string | undefined> {
  const { webhooks } = await conversation.list().catch(() => ({ webhooks: [] }));
  const others = webhooks.filter(({ sid }) => sid !== webhook.sid);
  return undoneByRepair([webhook], [...others, webhook], desired)[0];
}
