import { randomUUID } from 'node:crypto';
import type { World } from '../context';
import type { Fate } from '../faults/delivery-effects';
import type { Place } from '../queue/reorder';
import type { Delivery } from '../state/delivery-log';
import { begin, type Known, post } from './post';
import type { Signed } from './sign';

/** What a delivery is going to meet. */
export interface Journey {
  fate: Fate;
  place: Place;
}

/** To be asked when a delivery comes up, not when it goes: the first is what requests decide. */
export const journey = (world: World, road: string, fate = world.faults.fate()): Journey => ({
  fate,
  place: world.courier.enter(road, fate.reorder),
});

/** Sends a delivery, with whatever it meets: held back, late, twice. */
export async function carry(
  world: World,
  known: Known,
  signed: Signed,
  { fate, place }: Journey,
): Promise<void> {
  const { courier } = world;
  // The same for both of a duplicate: that is what a receiver could know them by.
  const token = randomUUID();
  const send = async (delivery: Delivery) => {
    await courier.pause(delivery.delay);
    await post(world, delivery, signed, token);
  };
  const { overtaken, overtakes } = place;
  const delivery = begin(world, known, { delay: fate.delay, reordered: overtaken !== undefined });
  try {
    await courier.hold(place, world.options.webhookTimeout);
    const both = [send(delivery)];
    if (fate.duplicate !== null)
      both.push(send(begin(world, known, { ...fate.duplicate, duplicate_of: delivery.id })));
    await Promise.all(both);
  } finally {
    overtaken?.end();
  }
  overtakes?.letGo();
  await overtakes?.over;
}
