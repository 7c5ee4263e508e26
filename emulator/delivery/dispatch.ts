import type { EmulatorContext } from '../context';
import type { Conversation } from '../state/records';
import type { EventType } from '../twilio/event-types';
import type { Actor } from './actor';
import { deliverToSubscriber, orderingKey } from './deliver-to-subscriber';
import { createEvent } from './event';
import type { Fields } from './payload';
import { planFaults } from './send-with-faults';
import { subscribersOf } from './subscribers';

/**
 * Something happened in a conversation. From here it goes file by file: `event` (what is sent), `subscribers` (to whom),
 * the queue, `deliver-to-subscriber` (to a flow or by HTTP), `send-with-faults` (late, twice, out of order), `sign`, `post`.
 */
export function dispatch(
  context: EmulatorContext,
  conversation: Conversation,
  type: EventType,
  fields: Fields,
  actor: Actor,
): void {
  if (!actor.fires) return;
  const event = createEvent(context, conversation, type, fields, actor);
  for (const subscriber of subscribersOf(event, context.store.settings, context.options)) {
    const faults = planFaults(context, orderingKey(conversation, subscriber));
    context.queue.add(() => deliverToSubscriber(context, subscriber, event, faults));
  }
}
