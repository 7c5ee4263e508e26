const START = 4;
const MAX = 20;
/** One moment in which Twilio is too busy throttles several requests. */
const PAUSE_MS = 1_000;

/**
 * How much may be under way at a time: a little at first, one more each time as much as that has succeeded, and half after a
 * 429. Twilio publishes no limit.
 */
export class Concurrency {
  #limit = START;
  #succeeded = 0;
  #halvedAt = Number.NEGATIVE_INFINITY;

  get limit(): number {
    return this.#limit;
  }

  succeeded(): void {
    this.#succeeded += 1;
    if (this.#succeeded < this.#limit) return;
    this.#succeeded = 0;
    this.#limit = Math.min(MAX, this.#limit + 1);
  }

  /** @param now on a monotonic clock, in milliseconds */
  throttled(now: number): void {
    this.#succeeded = 0;
    if (now - this.#halvedAt < PAUSE_MS) return;
    this.#halvedAt = now;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }
}
