import { count } from './format';
import type { Terminal } from './terminal';

/** A command that takes less shows nothing. */
const QUIET_MS = 1_000;
const BETWEEN_MS = 200;
const BAR_LENGTH = 20;

/** What a terminal shows of work that takes more than a second: how much is done, how fast, and how long the rest will take. */
export class Progress {
  #what = '';
  #total: number | undefined;
  #done = 0;
  #since = 0;
  #shownAt = Number.NEGATIVE_INFINITY;

  /**
   * @param details what is shown beside it
   * @param now a monotonic clock, in milliseconds
   */
  constructor(
    private readonly terminal: Pick<Terminal, 'status'>,
    private readonly details: () => readonly string[] = () => [],
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
    const [done, total] = [this.#done, this.#total];
    const perSecond = done / Math.max(0.001, (now - this.#since) / 1000);
    return [
      total === undefined
        ? `${this.#what} ${count(done)}`
        : `${bar(done / total)} ${this.#what} ${count(done)} of ${count(total)}`,
      `${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s`,
      ...(total === undefined ? [] : [`${duration((total - done) / perSecond)} left`]),
      ...this.details(),
    ].join(', ');
  }
}

function bar(share: number): string {
  const full = Math.floor(Math.min(1, share) * BAR_LENGTH);
  return '█'.repeat(full) + '░'.repeat(BAR_LENGTH - full);
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(Math.max(0, seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
