import type { EmulatorContext } from '../context';
import { isoMilliseconds } from '../state/clock';
import type { Delivery, NotDelivered, RecordedEvent } from '../state/history';
import type { ConversationEvent } from './event';
import type { Subscriber } from './subscribers';

/** What is known of a delivery before it is sent. */
export type DeliveryDetails = Pick<
  Delivery,
  | 'event_id'
  | 'level'
  | 'webhook_sid'
  | 'sink_sid'
  | 'target'
  | 'event_type'
  | 'conversation_sid'
  | 'params'
  | 'events'
>;
type FromFaults = Pick<Delivery, 'delay' | 'reordered' | 'duplicate_of'>;

/** Records an event and the webhooks that it could reach. @param whyNot why it reaches none, whatever their settings */
export function recordEvent(
  context: EmulatorContext,
  { conversation, type, params }: ConversationEvent,
  subscribers: readonly Subscriber[],
  { whyNot = null, replay = false }: { whyNot?: NotDelivered | null; replay?: boolean },
): RecordedEvent {
  const event: RecordedEvent = {
    id: context.events.nextId,
    date: isoMilliseconds(context.clock.now()),
    event_type: type,
    conversation_sid: conversation.sid,
    params,
    message_index: params.Index === undefined ? null : Number(params.Index),
    replay,
    ...toReason(whyNot),
    webhooks: subscribers.map(({ level, webhookSid, target, url, flowSid, whyNot }) => ({
      level,
      webhook_sid: webhookSid,
      target,
      url,
      flow_sid: flowSid,
      delivery_ids: [],
      ...toReason(whyNot),
    })),
  };
  context.events.add(event);
  context.changes.emit({ type: 'event', event });
  return event;
}

const toReason = (whyNot: NotDelivered | null) => whyNot ?? { reason: null, message: null };

/** Records a delivery as pending. Whoever sends it fills in the outcome. */
export function recordDelivery(
  context: EmulatorContext,
  details: DeliveryDetails,
  faults: Partial<FromFaults> = {},
): Delivery {
  const delivery: Delivery = {
    ...details,
    id: context.deliveries.nextId,
    date: isoMilliseconds(context.clock.now()),
    method: null,
    url: null,
    signature: null,
    outcome: 'pending',
    status: null,
    response: null,
    error: null,
    execution_sid: null,
    duration: null,
    delay: 0,
    reordered: false,
    duplicate_of: null,
    ...faults,
  };
  context.deliveries.add(delivery);
  context.events
    .get(delivery.event_id ?? 0)
    ?.webhooks.find(
      ({ level, webhook_sid }) => level === delivery.level && webhook_sid === delivery.webhook_sid,
    )
    ?.delivery_ids.push(delivery.id);
  context.changes.emit({ type: 'delivery', delivery });
  return delivery;
}

/** Changes a delivery, unless a reset or a clear has dropped it. */
export function updateDelivery(
  context: EmulatorContext,
  delivery: Delivery,
  change: Partial<Delivery>,
): void {
  Object.assign(delivery, change);
  if (context.deliveries.get(delivery.id) !== delivery) return;
  context.changes.emit({ type: 'delivery', delivery });
  const event = context.events.get(delivery.event_id ?? 0);
  if (event !== undefined && isDone(context, event)) context.changes.emit({ type: 'event', event });
}

const isDone = ({ deliveries }: EmulatorContext, { webhooks }: RecordedEvent) =>
  webhooks.every(
    ({ reason, delivery_ids: ids }) =>
      reason !== null || (ids.length > 0 && ids.every((id) => deliveries.get(id)?.outcome !== 'pending')),
  );
