/** Records by SID, which can also be read from any position: a page deep in a list costs what the first one costs. */
export class OrderedMap<T extends { readonly serial: number; readonly sid: string }> {
  readonly #bySid = new Map<string, T>();
  readonly #ordered: T[] = [];

  get size(): number {
    return this.#ordered.length;
  }

  /** The oldest first. */
  get ordered(): readonly T[] {
    return this.#ordered;
  }

  /** The oldest first. Records may be deleted on the way. */
  values(): IterableIterator<T> {
    return this.#bySid.values();
  }

  get(sid: string): T | undefined {
    return this.#bySid.get(sid);
  }

  has(sid: string): boolean {
    return this.#bySid.has(sid);
  }

  /** To be called in the order of the serials. */
  add(record: T): void {
    this.#bySid.set(record.sid, record);
    this.#ordered.push(record);
  }

  delete(sid: string): void {
    const record = this.#bySid.get(sid);
    if (record === undefined) return;
    this.#bySid.delete(sid);
    this.#ordered.splice(indexFrom(this.#ordered, record.serial), 1);
  }
}

/** The index of the first record with this serial or a later one. */
export function indexFrom(ordered: readonly { readonly serial: number }[], serial: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordered[middle]?.serial ?? serial) < serial) low = middle + 1;
    else high = middle;
  }
  return low;
}
