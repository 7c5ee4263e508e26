import { numbers, type Sequence } from '../state/random';
import {
  type DeliveryEffect,
  type DeliveryFaultRates,
  deliveryEffects,
  noDeliveryEffect,
} from './delivery-effects';
import { Fault, type FaultEffect, type FaultProgress, type FaultSpec, type RequestFacts } from './fault';
import { StaleLists } from './stale-lists';

/** What `/_emulator/faults` changes at once; what is left out stays as it is. */
export interface FaultSettings {
  seed?: string | number;
  lag?: number;
  deliveries?: DeliveryFaultRates;
  faults?: FaultSpec[];
}

/** The faults in force, and where they are in their random sequences. */
export interface SavedFaults {
  seed: string;
  lag: number;
  deliveries: DeliveryFaultRates;
  /** Random numbers used for deliveries. */
  drawn: number;
  faults: ({ spec: FaultSpec } & FaultProgress)[];
}

/** What happens to one request: delays before and after processing, and at most one other effect. */
export interface InjectedFaults {
  ids: number[];
  delayBeforeMs: number;
  delayAfterMs: number;
  effect: FaultEffect | undefined;
  /** Set if the request is processed that long after its response. */
  processAfterMs: number | undefined;
}

export const appliesAfterProcessing = ({ processed, drop, status, body }: FaultEffect): boolean =>
  processed ?? (drop === 'after' || (status === undefined && body !== undefined));

const isDelayOnly = ({ drop, status, body }: FaultEffect) =>
  drop === undefined && status === undefined && body === undefined;

/** The faults in force: none unless asked for. The same seed and the same requests give the same faults. */
export class FaultInjector {
  readonly staleLists = new StaleLists();
  readonly #faults: Fault[] = [];
  #seed: string;
  #deliveries: DeliveryFaultRates = {};
  #drawDelivery: Sequence<number> | undefined;
  #nextDeliveryEffect: (() => DeliveryEffect) | undefined;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** No API request can meet a fault. */
  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  add({ seed, lag, deliveries, faults = [] }: FaultSettings): void {
    if (seed !== undefined) {
      this.#seed = String(seed);
      for (const fault of this.#faults) fault.reseed(this.#seed);
    }
    if (lag !== undefined) this.staleLists.lagMs = lag;
    this.#deliveries = deliveries ?? this.#deliveries;
    if (seed !== undefined || deliveries !== undefined) this.#restartDeliveries();
    const last = this.#faults.length;
    this.#faults.push(...faults.map((spec, index) => new Fault(last + index + 1, spec, this.#seed)));
  }

  /** The first fault that applies to a request, and the delays before it. Faults after it do not see the request. */
  next(request: RequestFacts): InjectedFaults | undefined {
    const injected: InjectedFaults = {
      ids: [],
      delayBeforeMs: 0,
      delayAfterMs: 0,
      effect: undefined,
      processAfterMs: undefined,
    };
    for (const fault of this.#faults) {
      if (!fault.applies(request)) continue;
      const effect = fault.spec.do;
      injected.ids.push(fault.id);
      injected[appliesAfterProcessing(effect) ? 'delayAfterMs' : 'delayBeforeMs'] += fault.delayMs();
      if (isDelayOnly(effect)) continue;
      injected.effect = effect;
      injected.processAfterMs = fault.processAfterMs();
      break;
    }
    return injected.ids.length === 0 ? undefined : injected;
  }

  nextDeliveryEffect(): DeliveryEffect {
    return this.#nextDeliveryEffect?.() ?? noDeliveryEffect;
  }

  /** As `/_emulator/faults` shows them. */
  toJSON() {
    return {
      seed: this.#seed,
      lag: this.staleLists.lagMs,
      deliveries: this.#deliveries,
      faults: this.#faults.map(({ id, spec, seen, met }) => ({ id, ...spec, seen, met })),
    };
  }

  save(): SavedFaults {
    return {
      seed: this.#seed,
      lag: this.staleLists.lagMs,
      deliveries: this.#deliveries,
      drawn: this.#drawDelivery?.position ?? 0,
      faults: this.#faults.map(({ spec, seen, met, drawn }) => ({ spec, seen, met, drawn })),
    };
  }

  /** To be called on a new injector. */
  restore({ drawn, faults, ...settings }: SavedFaults): void {
    this.add({ ...settings, faults: faults.map(({ spec }) => spec) });
    if (this.#drawDelivery !== undefined) this.#drawDelivery.position = drawn;
    for (const [index, progress] of faults.entries()) this.#faults[index]?.restore(progress);
  }

  #restartDeliveries(): void {
    const any = Object.keys(this.#deliveries).length > 0;
    this.#drawDelivery = any ? numbers(`${this.#seed}:deliveries`) : undefined;
    this.#nextDeliveryEffect = this.#drawDelivery && deliveryEffects(this.#deliveries, this.#drawDelivery);
  }
}
