/** A list that drops its oldest items, so that a long run does not fill the memory. */
export class Recent<T> {
  #items: T[] = [];
  #total = 0;

  constructor(private readonly limit: number) {}

  /** How many were ever added since the last `clear`. */
  get total(): number {
    return this.#total;
  }

  add(item: T): void {
    this.#total += 1;
    this.#items.push(item);
    // Once per `limit` additions: cutting each time would be slow.
    if (this.#items.length >= this.limit * 2) this.#items = this.#items.slice(-this.limit);
  }

  all(): readonly T[] {
    return this.#items.slice(-this.limit);
  }

  clear(): void {
    this.#items = [];
    this.#total = 0;
  }
}
