/** A delivery that is to be overtaken: it waits, is let go, and is over. */
interface Hold {
  readonly gone: Promise<void>;
  letGo(): void;
  readonly over: Promise<void>;
  end(): void;
}

/** Where a delivery stands to the one before it and the one after it on its road; at most one of the two. */
export interface Place {
  overtaken?: Hold;
  overtakes?: Hold;
}

/** Who overtakes whom is settled when deliveries come up, so that chance, not speed, decides it. */
export class Roads {
  /** The last on its road, where that is one to be overtaken. */
  readonly #last = new Map<string, Hold>();
  readonly #waiting = new Set<Hold>();

  get waiting(): number {
    return this.#waiting.size;
  }

  enter(road: string, reorder: boolean): Place {
    const overtakes = this.#last.get(road);
    if (overtakes !== undefined) {
      this.#last.delete(road);
      return { overtakes };
    }
    return reorder ? { overtaken: this.#hold(road) } : {};
  }

  /** Until it is let go, but no longer than so many milliseconds. */
  async wait(hold: Hold, patience: number): Promise<void> {
    this.#waiting.add(hold);
    const timer = setTimeout(() => hold.letGo(), patience);
    await hold.gone;
    clearTimeout(timer);
  }

  letGo(): void {
    for (const hold of [...this.#waiting]) hold.letGo();
  }

  #hold(road: string): Hold {
    const [gone, go] = promise();
    const [over, end] = promise();
    const letGo = () => {
      this.#waiting.delete(hold);
      if (this.#last.get(road) === hold) this.#last.delete(road);
      go();
    };
    const hold = { gone, letGo, over, end };
    this.#last.set(road, hold);
    return hold;
  }
}

function promise(): [promise: Promise<void>, resolve: () => void] {
  let resolve = (): void => {};
  return [new Promise<void>((settle) => (resolve = settle)), () => resolve()];
}
