import type { Delivery, EventWebhook, RecordedEvent } from '../../emulator/state/history';
import type { Change } from './follow';

/** An event and what became of it. */
export interface EventResult extends Omit<RecordedEvent, 'webhooks'> {
  readonly webhooks: readonly (EventWebhook & { readonly deliveries: readonly Delivery[] })[];
}

const MAX_KEPT = 10_000;

/** Puts events and their deliveries together, which the stream sends one by one. */
export class Collector {
  readonly #deliveries = new Map<number, Delivery>();
  /** How many deliveries of an event are out already: it comes again if one is sent again. */
  readonly #reported = new Map<number, number>();

  /** @returns the events that are done by this change */
  add({ event, data }: Change): EventResult[] {
    if (event === 'delivery') keep(this.#deliveries, (data as { delivery: Delivery }).delivery);
    if (event === 'event') return this.#report((data as { event: RecordedEvent }).event);
    if (event === 'reset') {
      this.#deliveries.clear();
      this.#reported.clear();
    }
    return [];
  }

  #report(event: RecordedEvent): EventResult[] {
    const webhooks = event.webhooks.map((webhook) => ({
      ...webhook,
      deliveries: webhook.delivery_ids.flatMap((id) => this.#deliveries.get(id) ?? []),
    }));
    const isDone = webhooks.every(
      ({ reason, delivery_ids: ids, deliveries }) =>
        reason !== null ||
        (ids.length > 0 &&
          ids.length === deliveries.length &&
          deliveries.every(({ outcome }) => outcome !== 'pending')),
    );
    const count = webhooks.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
    if (!isDone || this.#reported.get(event.id) === count) return [];
    keep(this.#reported, { id: event.id }, count);
    return [{ ...event, webhooks }];
  }
}

function keep<V extends { id: number }>(map: Map<number, V>, value: V): void;
function keep<V>(map: Map<number, V>, key: { id: number }, value: V): void;
function keep(map: Map<number, unknown>, key: { id: number }, value: unknown = key): void {
  map.set(key.id, value);
  const [oldest] = map.keys();
  if (map.size > MAX_KEPT && oldest !== undefined) map.delete(oldest);
}
