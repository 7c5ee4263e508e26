import { type Api, RefusedError } from './api';

interface Step {
  readonly what: string;
  readonly undo: (api: Api) => Promise<unknown>;
}

/** What to undo, the last first. */
export class Cleanup {
  readonly #steps: Step[] = [];

  /** @param what it removes or restores, as a sentence about what was left behind calls it */
  add(what: string, undo: Step['undo']): void {
    this.#steps.push({ what, undo });
  }

  /**
   * Creates something, and undoes it later: also if there was no response, since it may be there all the same. What Twilio refused
   * is not there.
   */
  async create<T>(what: string, undo: Step['undo'], create: () => Promise<T>): Promise<T> {
    const step = { what, undo };
    this.#steps.push(step);
    return create().catch((error) => {
      if (error instanceof RefusedError) this.#steps.splice(this.#steps.indexOf(step), 1);
      throw error;
    });
  }

  /** What there is to undo. */
  get steps(): string[] {
    return this.#steps.map(({ what }) => what).reverse();
  }

  /** Undoes everything, also after one step has failed. @returns what is left behind */
  async run(api: Api): Promise<string[]> {
    const left: string[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      const { what, undo } = step;
      await undo(api).catch((error: Error) => left.push(`${what} (${error.message})`));
    }
    return left;
  }
}
