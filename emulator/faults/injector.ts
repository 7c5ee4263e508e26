import { type DeliveryFaults, type Fate, fates, untroubled } from './delivery-effects';
import { type Deed, Fault, type FaultForm } from './fault';
import { Lag } from './stale-lists';

/** What `/_emulator/faults` changes at once; what is left out stays as it is. */
export interface FaultSet {
  seed?: string | number;
  lag?: number;
  deliveries?: DeliveryFaults;
  faults?: FaultForm[];
}

/** What one request met: milliseconds to wait before and after processing, and at most one other fault. */
export interface Met {
  ids: number[];
  before: number;
  after: number;
  deed: Deed | undefined;
}

/** Whether a fault lies behind the processing of a request, not in front of it. */
export const behind = ({ processed, drop, status, body }: Deed): boolean =>
  processed ?? (drop === 'after' || (status === undefined && body !== undefined));

const onlyDelays = ({ drop, status, body }: Deed) =>
  drop === undefined && status === undefined && body === undefined;

/** All that goes wrong on demand, and nothing unless it is asked for. The same seed makes the same things go wrong. */
export class Faults {
  readonly lag = new Lag();
  #seed: string;
  #faults: Fault[] = [];
  #deliveries: DeliveryFaults = {};
  #fate: (() => Fate) | undefined;

  constructor(private readonly startSeed: string) {
    this.#seed = startSeed;
  }

  /** No request can meet one. */
  get none(): boolean {
    return this.#faults.length === 0;
  }

  add({ seed, lag, deliveries, faults = [] }: FaultSet): void {
    if (seed !== undefined) {
      this.#seed = String(seed);
      for (const fault of this.#faults) fault.reseed(this.#seed);
    }
    if (lag !== undefined) this.lag.span = lag;
    this.#deliveries = deliveries ?? this.#deliveries;
    if (seed !== undefined || deliveries !== undefined) this.#begin();
    const last = this.#faults.length;
    this.#faults.push(...faults.map((form, index) => new Fault(last + index + 1, form, this.#seed)));
  }

  /** The first fault that this request meets, and the delays before it. Those after it do not see the request. */
  meet(method: string, path: string): Met | undefined {
    const met: Met = { ids: [], before: 0, after: 0, deed: undefined };
    for (const fault of this.#faults) {
      if (!fault.meets(method, path)) continue;
      const deed = fault.form.do;
      met.ids.push(fault.id);
      met[behind(deed) ? 'after' : 'before'] += fault.delay();
      if (onlyDelays(deed)) continue;
      met.deed = deed;
      break;
    }
    return met.ids.length === 0 ? undefined : met;
  }

  /** What the next delivery meets; to be asked when it comes up, which the order of requests decides, not when it goes. */
  fate(): Fate {
    return this.#fate?.() ?? untroubled;
  }

  empty(): void {
    this.#seed = this.startSeed;
    this.#faults = [];
    this.#deliveries = {};
    this.#fate = undefined;
    this.lag.span = 0;
  }

  /** As `/_emulator/faults` shows them. */
  print() {
    return {
      seed: this.#seed,
      lag: this.lag.span,
      deliveries: this.#deliveries,
      faults: this.#faults.map(({ id, form, seen, met }) => ({ id, ...form, seen, met })),
    };
  }

  #begin(): void {
    const any = Object.keys(this.#deliveries).length > 0;
    this.#fate = any ? fates(this.#deliveries, this.#seed) : undefined;
  }
}
