import { exists, type World } from '../context';
import type { Conversation, Webhook } from '../state/store';
import { deliver, roadOf } from './deliver';
import { compose } from './dispatch';
import { messageAdded } from './payload';
import { journey } from './send-with-faults';
import { listenerOf, wants } from './subscribers';

/**
 * Sends the messages from `ReplayAfter` on, that index included, to a webhook that was just created: as onMessageAdded,
 * one after the other, in order. What arrives later is news and does not wait for this.
 */
export function replay(world: World, conversation: Conversation, webhook: Webhook): void {
  const { replayAfter } = webhook.configuration;
  if (replayAfter === null) return;
  const messages = [...conversation.messages.values()]
    .filter(({ index }) => index >= replayAfter)
    .map((message) => ({ message, fate: world.faults.fate() }));
  if (messages.length === 0) return;
  world.courier.start(async () => {
    for (const { message, fate } of messages) {
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
      const news = { conversation, type: 'onMessageAdded', params } as const;
      const listener = listenerOf(webhook, world.options);
      const way = journey(world, roadOf(conversation, listener), fate);
      const tell = () => deliver(world, listener, news, way);
      // What is to be overtaken must not keep the next one waiting.
      if (way.place.overtaken !== undefined) world.courier.apart(tell);
      else await tell();
    }
  });
}
