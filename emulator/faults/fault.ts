import { numbers, type Sequence } from '../state/random';

/** Milliseconds, or a range of them. */
export type Range = number | [min: number, max: number];

/** What happens to a request or to its response. */
export interface FaultEffect {
  delay?: Range;
  status?: number;
  code?: number;
  message?: string;
  /** Seconds, or an HTTP date. */
  retry_after?: number | string;
  /** Whether the API processes the request before the fault. */
  processed?: boolean;
  /** How long after the response, or the end of the connection, the API processes the request. */
  process_after?: Range;
  drop?: 'before' | 'after';
  body?: 'garbage' | 'html' | 'empty' | 'truncate';
}

/** What a fault can match. */
export interface RequestFacts {
  method: string;
  path: string;
  /** The decoded form; empty for a request without a body. */
  body: string;
}

/** As `/_emulator/faults` takes it. */
export interface FaultSpec {
  match?: Partial<RequestFacts>;
  when?: { after?: number; count?: number; probability?: number };
  do: FaultEffect;
}

/** What has come of a fault so far. */
export type FaultProgress = Pick<Fault, 'seen' | 'met' | 'drawn'>;

/** A fault, with the number of requests that matched (`seen`) and that it applied to (`met`). */
export class Fault {
  seen = 0;
  met = 0;
  readonly #path: RegExp | undefined;
  #draw: Sequence<number>;

  constructor(
    readonly id: number,
    readonly spec: FaultSpec,
    seed: string,
  ) {
    const { path } = spec.match ?? {};
    this.#path = path === undefined ? undefined : toRegExp(path);
    this.#draw = generator(seed, id);
  }

  reseed(seed: string): void {
    this.#draw = generator(seed, this.id);
  }

  /** How many random numbers it has used. */
  get drawn(): number {
    return this.#draw.position;
  }

  /** Goes on where another emulator's fault was. */
  restore({ seen, met, drawn }: FaultProgress): void {
    Object.assign(this, { seen, met });
    this.#draw.position = drawn;
  }

  /** Whether the fault applies to this request. Counts the request. */
  applies(request: RequestFacts): boolean {
    if (!this.#matches(request)) return false;
    this.seen += 1;
    const { after = 0, count = Number.POSITIVE_INFINITY, probability = 1 } = this.spec.when ?? {};
    if (this.seen <= after || this.met >= count) return false;
    if (probability < 1 && this.#draw() >= probability) return false;
    this.met += 1;
    return true;
  }

  delayMs(): number {
    return pick(this.spec.do.delay, this.#draw);
  }

  processAfterMs(): number | undefined {
    const { process_after } = this.spec.do;
    return process_after === undefined ? undefined : pick(process_after, this.#draw);
  }

  #matches({ method, path, body }: RequestFacts): boolean {
    const wanted = this.spec.match ?? {};
    return (
      (wanted.method === undefined || wanted.method === method) &&
      (this.#path?.test(path) ?? true) &&
      (wanted.body === undefined || body.includes(wanted.body))
    );
  }
}

/** A time in the range, in whole milliseconds. */
export function pick(range: Range | undefined, draw: () => number): number {
  if (!Array.isArray(range)) return range ?? 0;
  const [min, max] = range;
  return min + Math.floor(draw() * (max - min + 1));
}

// One sequence per fault, so that adding a fault does not change the others.
const generator = (seed: string, id: number) => numbers(`${seed}:fault ${id}`);

const toRegExp = (path: string) =>
  new RegExp(`^${path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`);
