/** A list that drops its oldest items, so that a long run does not fill the memory. */
export class Recent<T> {
  #items: T[] = [];
  #total = 0;
  #lastId = 0;

  constructor(private readonly limit: number) {}

  /** How many were ever added since the last `clear`. */
  get total(): number {
    return this.#total;
  }

  /** What the next item is numbered. Numbers begin with 1, and go on after a `clear`. */
  get nextId(): number {
    return this.#lastId + 1;
  }

  add(item: T): void {
    this.#total += 1;
    this.#lastId += 1;
    this.#items.push(item);
    // Once per `limit` additions: cutting each time would be slow.
    if (this.#items.length >= this.limit * 2) this.#items = this.#items.slice(-this.limit);
  }

  get(id: number): T | undefined {
    return this.#items[this.#items.length - 1 - (this.#lastId - id)];
  }

  all(): readonly T[] {
    return this.#items.slice(-this.limit);
  }

  clear(): void {
    this.#items = [];
    this.#total = 0;
  }
}
