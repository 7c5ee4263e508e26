/** A delivery that lets the next one go first. */
interface Hold {
  readonly released: Promise<void>;
  release(): void;
  readonly finished: Promise<void>;
  finish(): void;
}

/** A delivery is held until the next one has gone, overtakes the one before it, or neither. */
export interface Position {
  held?: Hold;
  overtakes?: Hold;
}

/** Swaps neighbours. Positions are decided when events happen, so that they depend on the seed and not on timing. */
export class ReorderBuffer {
  /** By ordering key: the last delivery, if it is to be overtaken. */
  readonly #last = new Map<string, Hold>();
  readonly #waiting = new Set<Hold>();

  get waiting(): number {
    return this.#waiting.size;
  }

  add(orderingKey: string, reorder: boolean): Position {
    const overtakes = this.#last.get(orderingKey);
    if (overtakes !== undefined) {
      this.#last.delete(orderingKey);
      return { overtakes };
    }
    return reorder ? { held: this.#hold(orderingKey) } : {};
  }

  /** Waits until the hold is released, or for so many milliseconds. */
  async wait(hold: Hold, timeoutMs: number): Promise<void> {
    this.#waiting.add(hold);
    const timer = setTimeout(() => hold.release(), timeoutMs);
    await hold.released;
    clearTimeout(timer);
  }

  releaseAll(): void {
    for (const hold of [...this.#waiting]) hold.release();
  }

  #hold(orderingKey: string): Hold {
    const [released, resolveReleased] = deferred();
    const [finished, finish] = deferred();
    const release = () => {
      this.#waiting.delete(hold);
      if (this.#last.get(orderingKey) === hold) this.#last.delete(orderingKey);
      resolveReleased();
    };
    const hold = { released, release, finished, finish };
    this.#last.set(orderingKey, hold);
    return hold;
  }
}

function deferred(): [promise: Promise<void>, resolve: () => void] {
  let resolve = (): void => {};
  return [new Promise<void>((settle) => (resolve = settle)), () => resolve()];
}
