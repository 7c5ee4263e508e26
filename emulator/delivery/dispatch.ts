import type { EmulatorContext } from '../context';
import type { NotDelivered } from '../state/history';
import type { Conversation } from '../state/records';
import type { EventType } from '../twilio/event-types';
import type { Actor } from './actor';
import { deliverToSubscriber, orderingKey } from './deliver-to-subscriber';
import { createEvent } from './event';
import type { Fields } from './payload';
import { recordEvent } from './record';
import { planFaults } from './send-with-faults';
import { subscribersOf } from './subscribers';

/**
 * Something happened in a conversation. From here it goes file by file: `event` (what is sent), `subscribers` (to whom) and
 * `why-not`, the queue, `deliver-to-subscriber` (to a flow or by HTTP), `send-with-faults` (late, twice, out of order), `sign`, `post`.
 */
export function dispatch(
  context: EmulatorContext,
  conversation: Conversation,
  type: EventType,
  fields: Fields,
  actor: Actor,
): void {
  if (actor.seeds) return;
  const event = createEvent(context, conversation, type, fields, actor);
  const all = subscribersOf(event, context.store.settings, context.options);
  const subscribers = actor.fires
    ? all
    : all.map((each) => ({ ...each, whyNot: each.whyNot ?? NOT_ENABLED }));
  const { id } = recordEvent(context, event, subscribers, {
    whyNot: actor.fires ? whyNobody(all) : NOT_ENABLED,
  });
  for (const subscriber of subscribers) {
    if (subscriber.whyNot !== null) continue;
    const faults = planFaults(context, orderingKey(conversation, subscriber));
    context.queue.add(() => deliverToSubscriber(context, subscriber, { ...event, id }, faults));
  }
}

const NOT_ENABLED: NotDelivered = {
  reason: 'not_enabled',
  message: 'The request had no X-Twilio-Webhook-Enabled: true.',
};

const whyNobody = ({ length }: { length: number }): NotDelivered | null =>
  length > 0
    ? null
    : {
        reason: 'no_webhook',
        message: 'The conversation has no webhook, nor has its service or the account.',
      };
