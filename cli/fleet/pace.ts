import type { IncomingHttpHeaders } from 'node:http';
import { isThrottled } from '../../src/lib/api-error';
import { Progress } from '../progress';
import type { Terminal } from '../terminal';
import { Concurrency } from './concurrency';

/** How fast the work goes: how much is done at a time, and what a terminal shows meanwhile. */
export class Pace {
  calls = 0;
  /** How many of the calls repeat one that failed. */
  retries = 0;
  throttled = 0;
  /** The highest number of concurrent requests of the account that Twilio has reported. */
  mostConcurrent = 0;
  readonly concurrency = new Concurrency();
  readonly progress: Progress;
  #concurrent = 0;

  /** @param now a monotonic clock, in milliseconds */
  constructor(
    terminal: Pick<Terminal, 'status'>,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.progress = new Progress(terminal, () => this.#details(), now);
  }

  onAttempt = (retries: number): void => {
    this.calls += 1;
    if (retries > 0) this.retries += 1;
  };

  onResponse = ({ status, headers }: { status: number; headers: IncomingHttpHeaders }): void => {
    const concurrent = Number(headers['twilio-concurrent-requests']);
    if (Number.isInteger(concurrent)) {
      this.#concurrent = concurrent;
      this.mostConcurrent = Math.max(this.mostConcurrent, concurrent);
    }
    if (isThrottled({ status })) {
      this.throttled += 1;
      this.concurrency.throttled(this.now());
    } else this.concurrency.succeeded();
  };

  #details(): string[] {
    return [
      `${this.concurrency.limit} at a time`,
      ...(this.#concurrent > 0 ? [`${this.#concurrent} concurrent requests at Twilio`] : []),
    ];
  }
}
