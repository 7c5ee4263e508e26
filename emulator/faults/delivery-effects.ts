import { numbers } from '../state/random';
import { type Span, within } from './fault';

/** What deliveries meet: probabilities from 0 to 1, and milliseconds. */
export interface DeliveryFaults {
  duplicate?: number;
  delay?: Span;
  reorder?: number;
}

/** What one delivery is to meet. */
export interface Fate {
  delay: number;
  /** The second delivery of the same, with its own delay. */
  duplicate: { delay: number } | null;
  reorder: boolean;
}

export const untroubled: Fate = { delay: 0, duplicate: null, reorder: false };

/** Always draws as often, so that a fate depends on the place of a delivery alone. */
export function fates({ duplicate = 0, delay, reorder = 0 }: DeliveryFaults, seed: string): () => Fate {
  const draw = numbers(`${seed}:deliveries`);
  return () => {
    const [first, again, second, last] = [draw(), draw(), draw(), draw()];
    return {
      delay: within(delay, () => first),
      duplicate: again < duplicate ? { delay: within(delay, () => second) } : null,
      reorder: last < reorder,
    };
  };
}
