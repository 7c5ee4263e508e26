import { numbers } from '../state/random';

/** Milliseconds, or the least and the most of them. */
export type Span = number | [least: number, most: number];

/** What is done to a request, or to its answer. */
export interface Deed {
  delay?: Span;
  status?: number;
  code?: number;
  message?: string;
  /** Seconds, or an HTTP date. */
  retry_after?: number | string;
  /** The request is processed all the same: only its answer meets the fault. */
  processed?: boolean;
  drop?: 'before' | 'after';
  body?: 'garbage' | 'html' | 'empty' | 'truncate';
}

/** As `/_emulator/faults` takes it. */
export interface FaultForm {
  match?: { method?: string; path?: string };
  when?: { after?: number; count?: number; probability?: number };
  do: Deed;
}

/** A fault that lies in wait, and the books on it. */
export class Fault {
  /** Requests that matched, and those that met it. */
  seen = 0;
  met = 0;
  readonly #path: RegExp | undefined;
  #draw: () => number;

  constructor(
    readonly id: number,
    readonly form: FaultForm,
    seed: string,
  ) {
    const { path } = form.match ?? {};
    this.#path = path === undefined ? undefined : toRegExp(path);
    this.#draw = drawing(seed, id);
  }

  reseed(seed: string): void {
    this.#draw = drawing(seed, this.id);
  }

  /** Whether this request meets it. Asking counts. */
  meets(method: string, path: string): boolean {
    if (!this.#fits(method, path)) return false;
    this.seen += 1;
    const { after = 0, count = Number.POSITIVE_INFINITY, probability = 1 } = this.form.when ?? {};
    if (this.seen <= after || this.met >= count) return false;
    if (probability < 1 && this.#draw() >= probability) return false;
    this.met += 1;
    return true;
  }

  /** Milliseconds. */
  delay(): number {
    return within(this.form.do.delay, this.#draw);
  }

  #fits(method: string, path: string): boolean {
    const wanted = this.form.match?.method;
    return (wanted === undefined || wanted === method) && (this.#path?.test(path) ?? true);
  }
}

/** A time within the span, to the millisecond. */
export function within(span: Span | undefined, draw: () => number): number {
  if (!Array.isArray(span)) return span ?? 0;
  const [least, most] = span;
  return least + Math.floor(draw() * (most - least + 1));
}

// Each has numbers of its own, so that one more fault changes nothing for the others.
const drawing = (seed: string, id: number) => numbers(`${seed}:fault ${id}`);

const toRegExp = (path: string) =>
  new RegExp(`^${path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`);
