import { randomUUID } from 'node:crypto';
import type { EmulatorContext } from '../context';
import type { DeliveryEffect } from '../faults/delivery-effects';
import type { Position } from '../queue/reorder';
import type { Delivery } from '../state/history';
import { post } from './post';
import { type DeliveryDetails, recordDelivery } from './record';
import type { SignedRequest } from './sign';

export interface PlannedFaults {
  effect: DeliveryEffect;
  position: Position;
}

/** Decides the faults of a delivery. Call it when the event happens: with a seed, only the order of events may count. */
export const planFaults = (
  context: EmulatorContext,
  orderingKey: string,
  effect = context.faults.nextDeliveryEffect(),
): PlannedFaults => ({ effect, position: context.queue.position(orderingKey, effect.reorder) });

/** Sends a delivery: late, twice or after the next one, as its faults say. */
export async function sendWithFaults(
  context: EmulatorContext,
  details: DeliveryDetails,
  signed: SignedRequest,
  { effect: { delay, duplicate }, position }: PlannedFaults,
): Promise<void> {
  const { queue, options } = context;
  // A duplicate has the token of the original, so that a receiver can recognize it.
  const token = randomUUID();
  const send = async (delivery: Delivery) => {
    await queue.delay(delivery.delay);
    await post(context, delivery, signed, token);
  };
  const { held, overtakes } = position;
  const delivery = recordDelivery(context, details, { delay, reordered: held !== undefined });
  try {
    await queue.waitForNext(position, options.webhookTimeout);
    const attempts = [send(delivery)];
    if (duplicate !== null) {
      attempts.push(send(recordDelivery(context, details, { ...duplicate, duplicate_of: delivery.id })));
    }
    await Promise.all(attempts);
  } finally {
    held?.finish();
  }
  overtakes?.release();
  await overtakes?.finished;
}
