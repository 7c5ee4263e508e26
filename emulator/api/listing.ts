import { indexFrom } from '../state/ordered-map';

/** Records in the order in which they are listed. No look-up walks over those before or after the wanted ones. */
export class Listing<T extends { serial: number }> {
  constructor(
    private readonly items: readonly T[],
    private readonly descending: boolean,
    private readonly matches: ((item: T) => boolean) | undefined,
  ) {}

  at(position: number): T | undefined {
    return this.items[this.descending ? this.items.length - 1 - position : position];
  }

  /** Where the listed records begin that come after this one; it need not be there any more. */
  after(serial: number): number {
    return this.descending
      ? this.items.length - indexFrom(this.items, serial)
      : indexFrom(this.items, serial + 1);
  }

  /** Where this record is, or the next one. */
  from(serial: number): number {
    return this.descending
      ? this.items.length - indexFrom(this.items, serial + 1)
      : indexFrom(this.items, serial);
  }

  /** The position after so many records. */
  skip(count: number): number {
    if (this.matches === undefined || count === 0) return count;
    const last = this.find(0, count)[count - 1];
    return last === undefined ? this.items.length : last + 1;
  }

  /** The positions of up to `count` records from `start` on, or backwards from there. */
  find(start: number, count: number, step: 1 | -1 = 1): number[] {
    const found: number[] = [];
    for (let position = start; found.length < count; position += step) {
      const item = this.at(position);
      if (item === undefined) break;
      if (this.matches?.(item) ?? true) found.push(position);
    }
    return found;
  }
}
