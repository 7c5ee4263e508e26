import { pick, type Range } from './fault';

/** The `deliveries` of `/_emulator/faults`: probabilities from 0 to 1, and milliseconds. */
export interface DeliveryFaultRates {
  duplicate?: number;
  delay?: Range;
  reorder?: number;
}

/** What happens to one delivery. Delays are in milliseconds. */
export interface DeliveryEffect {
  delay: number;
  duplicate: { delay: number } | null;
  reorder: boolean;
}

export const noDeliveryEffect: DeliveryEffect = { delay: 0, duplicate: null, reorder: false };

/** Draws four numbers each time, so that one rate does not change what the others do. */
export function deliveryEffects(
  { duplicate = 0, delay, reorder = 0 }: DeliveryFaultRates,
  draw: () => number,
): () => DeliveryEffect {
  return () => {
    const [first, again, second, last] = [draw(), draw(), draw(), draw()];
    return {
      delay: pick(delay, () => first),
      duplicate: again < duplicate ? { delay: pick(delay, () => second) } : null,
      reorder: last < reorder,
    };
  };
}
