import type { IncomingHttpHeaders } from 'node:http';
import { isThrottled } from '../../src/lib/api-error';
import { count } from '../format';
import type { Terminal } from '../terminal';
import { Concurrency } from './concurrency';

/** A command that takes less shows nothing. */
const QUIET_MS = 1_000;
const BETWEEN_MS = 200;

/** How fast the work goes: how much is done at a time, and what a terminal shows meanwhile. */
export class Pace {
  calls = 0;
  /** How many of the calls repeat one that failed. */
  retries = 0;
  throttled = 0;
  /** The highest number of concurrent requests of the account that Twilio has reported. */
  mostConcurrent = 0;
  readonly concurrency = new Concurrency();
  #concurrent = 0;
  #done = 0;
  #total: number | undefined;
  #what = '';
  #since = 0;
  #shownAt = Number.NEGATIVE_INFINITY;

  /** @param now a monotonic clock, in milliseconds */
  constructor(
    private readonly terminal: Pick<Terminal, 'status'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Another part of the work begins. @param total undefined if nobody knows */
  begin(what: string, total?: number): void {
    this.#what = what;
    this.#total = total;
    this.#done = 0;
    this.#since = this.now();
    this.#shownAt = this.#since + QUIET_MS - BETWEEN_MS;
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

  /** One more is done. */
  step(): void {
    this.#done += 1;
    const now = this.now();
    if (now - this.#shownAt < BETWEEN_MS) return;
    this.#shownAt = now;
    this.terminal.status?.(this.#line(now));
  }

  end(): void {
    this.terminal.status?.('');
  }

  #line(now: number): string {
    const perSecond = this.#done / Math.max(0.001, (now - this.#since) / 1000);
    const total = this.#total === undefined ? '' : ` of ${count(this.#total)}`;
    const left =
      this.#total === undefined ? [] : [`${duration((this.#total - this.#done) / perSecond)} left`];
    return [
      `${this.#what} ${count(this.#done)}${total}`,
      `${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s`,
      ...left,
      `${this.concurrency.limit} at a time`,
      ...(this.#concurrent > 0 ? [`${this.#concurrent} concurrent requests at Twilio`] : []),
    ].join(', ');
  }
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
