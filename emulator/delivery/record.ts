import type { EmulatorContext } from '../context';
import { isoMilliseconds } from '../state/clock';
import type { Delivery } from '../state/history';

/** What is known of a delivery before it is sent. */
export type DeliveryDetails = Pick<
  Delivery,
  'level' | 'webhook_sid' | 'sink_sid' | 'target' | 'event_type' | 'conversation_sid' | 'params' | 'events'
>;
type FromFaults = Pick<Delivery, 'delay' | 'reordered' | 'duplicate_of'>;

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
  return delivery;
}
