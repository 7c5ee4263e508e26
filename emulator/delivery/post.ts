import type { World } from '../context';
import { milliseconds } from '../state/clock';
import type { Delivery } from '../state/delivery-log';
import { send } from './http';
import { isLoopback } from './loopback';
import type { Signed } from './sign';

/** What is known before it goes. */
export type Known = Pick<
  Delivery,
  'level' | 'webhook_sid' | 'sink_sid' | 'target' | 'event_type' | 'conversation_sid' | 'params' | 'events'
>;
type Faulty = Pick<Delivery, 'delay' | 'reordered' | 'duplicate_of'>;

/** Writes down that somebody is being told; how that goes is filled in later. */
export function begin(world: World, known: Known, faulty: Partial<Faulty> = {}): Delivery {
  const delivery: Delivery = {
    id: world.deliveries.total + 1,
    date: milliseconds(world.clock.now()),
    ...known,
    method: null,
    url: null,
    signature: null,
    outcome: 'pending',
    status: null,
    duration: null,
    delay: 0,
    reordered: false,
    duplicate_of: null,
    ...faulty,
  };
  world.deliveries.add(delivery);
  return delivery;
}

export async function post(world: World, delivery: Delivery, signed: Signed, token: string): Promise<void> {
  const { method, url, signature } = signed;
  Object.assign(delivery, { date: milliseconds(world.clock.now()), method, url, signature });
  if (!world.allowRemote && !isLoopback(url)) {
    Object.assign(delivery, { outcome: 'blocked', duration: 0 });
    return;
  }
  // How long it took is measured, not dated: the emulator's clock may be moved meanwhile.
  const start = performance.now();
  const outcome = await send(signed, token, world.courier.agents, world.options.webhookTimeout);
  Object.assign(delivery, outcome, { duration: Math.round(performance.now() - start) });
}
