import { conversationExists, type EmulatorContext } from '../context';
import type { Conversation, Webhook } from '../state/records';
import { deliverToSubscriber, orderingKey } from './deliver-to-subscriber';
import { createEvent } from './event';
import { messageAdded } from './payload';
import { recordEvent } from './record';
import { planFaults } from './send-with-faults';
import { toSubscriber } from './subscribers';

/**
 * Dispatches the messages from index `ReplayAfter` on to a new webhook: as onMessageAdded, one after the other, in order.
 * Messages that are added meanwhile do not wait for it.
 */
export function replay(context: EmulatorContext, conversation: Conversation, webhook: Webhook): void {
  const { replayAfter } = webhook.configuration;
  if (replayAfter === null) return;
  const messages = conversation.messages.ordered
    .filter(({ index }) => index >= replayAfter)
    .map((message) => ({ message, effect: context.faults.nextDeliveryEffect() }));
  if (messages.length === 0) return;
  context.queue.add(async () => {
    for (const { message, effect } of messages) {
      if (!conversationExists(context, conversation) || !conversation.webhooks.has(webhook.sid)) return;
      if (!conversation.messages.has(message.sid)) continue;
      const fields = messageAdded(conversation, message);
      const event = createEvent(context, conversation, 'onMessageAdded', fields, message);
      const subscriber = toSubscriber(webhook, event, context.options);
      const { id } = recordEvent(context, event, [subscriber], { replay: true });
      if (subscriber.whyNot !== null) continue;
      const faults = planFaults(context, orderingKey(conversation, subscriber), effect);
      const job = () => deliverToSubscriber(context, subscriber, { ...event, id }, faults);
      // A delivery that is held until the next one has gone must not keep the next one waiting.
      if (faults.position.held !== undefined) context.queue.addNow(job);
      else await job();
    }
  });
}
