import { type EmulatorContext, newRecord } from '../context';
import { replay } from '../delivery/replay';
import type { Configuration, Conversation, Target, Webhook } from '../state/records';
import { refuse } from '../twilio/errors';

/** https://www.twilio.com/docs/conversations/api/conversation-scoped-webhook-resource */
export const MAX_WEBHOOKS = 5;

export function addWebhook(
  context: EmulatorContext,
  conversation: Conversation,
  target: Target,
  configuration: Configuration,
): Webhook {
  refuseClosedForWebhooks(context, conversation);
  if (conversation.webhooks.size >= MAX_WEBHOOKS) {
    refuse(50361, undefined, context.options.tooManyWebhooksStatus);
  }
  refuseReplayBeyondNewest(context, conversation, configuration);
  context.faults.staleLists.keep(conversation, context.clock.now());
  const webhook: Webhook = { ...newRecord(context, 'WH'), dateUpdated: null, target, configuration };
  conversation.webhooks.set(webhook.sid, webhook);
  context.changes.emit({ type: 'webhooks', conversation });
  replay(context, conversation, webhook);
  return webhook;
}

export function updateWebhook(
  context: EmulatorContext,
  conversation: Conversation,
  webhook: Webhook,
  configuration: Configuration,
): void {
  refuseClosedForWebhooks(context, conversation);
  context.faults.staleLists.keep(conversation, context.clock.now());
  Object.assign(webhook, { configuration, dateUpdated: context.clock.now() });
  context.changes.emit({ type: 'webhooks', conversation });
}

export function removeWebhook(context: EmulatorContext, conversation: Conversation, webhook: Webhook): void {
  context.faults.staleLists.keep(conversation, context.clock.now());
  conversation.webhooks.delete(webhook.sid);
  context.changes.emit({ type: 'webhooks', conversation });
}

function refuseClosedForWebhooks(context: EmulatorContext, conversation: Conversation): void {
  if (conversation.state === 'closed' && context.options.closedWebhooks === 'refuse') refuse(50377);
}

function refuseReplayBeyondNewest(
  { options }: EmulatorContext,
  { nextIndex }: Conversation,
  { replayAfter }: Configuration,
): void {
  if (replayAfter === null || replayAfter < nextIndex || options.replayAfterBeyondNewest === 'accept') return;
  refuse(20001, `Configuration.ReplayAfter ${replayAfter} is beyond the newest message`);
}
