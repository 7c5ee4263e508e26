import type { Conversation, Webhook } from '../store';
import { exists, type World } from '../world';
import { compose } from './announce';
import { deliver } from './deliver';
import { listenerOf, wants } from './match';
import { messageAdded } from './payload';

/**
 * Sends the messages from `ReplayAfter` on, that index included, to a webhook that was just created: as onMessageAdded,
 * one after the other, in order. What arrives later is news and does not wait for this.
 */
export function replay(world: World, conversation: Conversation, webhook: Webhook): void {
  const { replayAfter } = webhook.configuration;
  if (replayAfter === null) return;
  const messages = [...conversation.messages.values()].filter(({ index }) => index >= replayAfter);
  if (messages.length === 0) return;
  world.courier.start(async () => {
    for (const message of messages) {
      if (!exists(world, conversation) || !conversation.webhooks.has(webhook.sid)) return;
      if (!conversation.messages.has(message.sid)) continue;
      const params = compose(
        world,
        conversation,
        'onMessageAdded',
        messageAdded(conversation, message),
        message,
      );
      const occasion = { type: 'onMessageAdded', params, options: world.options } as const;
      if (!wants(webhook, occasion)) continue;
      await deliver(world, listenerOf(webhook, world.options), {
        conversation,
        type: 'onMessageAdded',
        params,
      });
    }
  });
}
