import { born, type World } from '../context';
import { replay } from '../delivery/replay';
import type { Configuration, Conversation, Target, Webhook } from '../state/store';
import { refuse } from '../twilio/errors';

/** https://www.twilio.com/docs/conversations/api/conversation-scoped-webhook-resource */
export const MOST_WEBHOOKS = 5;

export function addWebhook(
  world: World,
  conversation: Conversation,
  target: Target,
  configuration: Configuration,
): Webhook {
  refuseClosedForWebhooks(world, conversation);
  if (conversation.webhooks.size >= MOST_WEBHOOKS) {
    refuse(50361, undefined, world.options.tooManyWebhooksStatus);
  }
  world.faults.lag.remember(conversation, world.clock.now());
  const webhook: Webhook = { ...born(world, 'WH'), target, configuration };
  conversation.webhooks.set(webhook.sid, webhook);
  replay(world, conversation, webhook);
  return webhook;
}

export function changeWebhook(
  world: World,
  conversation: Conversation,
  webhook: Webhook,
  configuration: Configuration,
): void {
  refuseClosedForWebhooks(world, conversation);
  world.faults.lag.remember(conversation, world.clock.now());
  Object.assign(webhook, { configuration, dateUpdated: world.clock.now() });
}

export function removeWebhook(world: World, conversation: Conversation, webhook: Webhook): void {
  world.faults.lag.remember(conversation, world.clock.now());
  conversation.webhooks.delete(webhook.sid);
}

function refuseClosedForWebhooks(world: World, conversation: Conversation): void {
  if (conversation.state === 'closed' && world.options.closedWebhooks === 'refuse') refuse(50377);
}
