import type { EmulatorContext } from '../context';
import { isoMilliseconds } from '../state/clock';
import type { Delivery } from '../state/history';
import { recordAlert } from './alert';
import { httpRequest } from './http-request';
import { updateDelivery } from './record';
import type { SignedRequest } from './sign';

const sent = new WeakMap<Delivery, { signed: SignedRequest; token: string }>();

/** The request of a delivery, and its token; undefined if it was not sent. */
export const requestOf = (delivery: Delivery) => sent.get(delivery);

/** Sends the signed request, unless it would leave this machine, and records the outcome. */
export async function post(
  context: EmulatorContext,
  delivery: Delivery,
  signed: SignedRequest,
  token: string,
): Promise<void> {
  // Those of now: a reset may come in between.
  const { clock, queue, options, settings, alerts } = context;
  const { method, url, signature } = signed;
  sent.set(delivery, { signed, token });
  const date = isoMilliseconds(clock.now());
  updateDelivery(context, delivery, { date, method, url, signature });
  if (!settings.allowRemote && !isLoopback(url)) {
    return updateDelivery(context, delivery, { outcome: 'blocked', duration: 0 });
  }
  // Not from the emulator's clock, which may be moved in the meantime.
  const start = performance.now();
  const outcome = await httpRequest(signed, token, queue.agents, options.webhookTimeout);
  updateDelivery(context, delivery, { ...outcome, duration: Math.round(performance.now() - start) });
  recordAlert(context, alerts, delivery);
}

// The functions allow the same hosts, by a rule of their own: test/lib/loopback.test.ts holds both to one table.
const LOOPBACK =
  /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f[\da-f]{2}:[\da-f]{1,4}|0:0)\])$/;

/** Whether a request to this URL stays on this machine. */
export function isLoopback(url: string): boolean {
  return LOOPBACK.test(new URL(url).hostname);
}
