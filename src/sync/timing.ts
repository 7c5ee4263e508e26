import { sleep } from '../lib/sleep';

/** Time as a run sees it. */
export interface Timing {
  /** A monotonic clock, in milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** When to respond, on that clock. */
  readonly deadline: number;
}

/** Real time. `deadline`: on the clock of performance.now(). */
export function timingUntil(deadline: number): Timing {
  return {
    now: () => performance.now(),
    sleep,
    deadline,
  };
}
