import fc from 'fast-check';
import { Listing } from '../../../emulator/api/listing';
import { OrderedMap } from '../../../emulator/state/ordered-map';

const record = (serial: number) => ({ serial, sid: `S${serial}` });

test('keeps the order of serials when records are deleted, as a sorted array does', () => {
  const serials = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(serials, fc.array(fc.integer({ min: 1, max: 40 })), (added, deleted) => {
      const map = new OrderedMap<ReturnType<typeof record>>();
      const sorted = [...added].sort((a, b) => a - b);
      for (const serial of sorted) map.add(record(serial));
      for (const serial of deleted) map.delete(`S${serial}`);
      const left = sorted.filter((serial) => !deleted.includes(serial));
      expect(map.ordered.map(({ serial }) => serial)).toEqual(left);
      expect([map.size, map.has(`S${sorted[0]}`)]).toEqual([left.length, left.includes(sorted[0]!)]);
    }),
  );
});

test('reads no record before the page or after it', () => {
  const read = new Set<number>();
  const items = Array.from({ length: 100_000 }, (_, index) => record(index + 1));
  const counted = new Proxy(items, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) read.add(Number(key));
      return Reflect.get(target, key, receiver);
    },
  });
  for (const descending of [false, true]) {
    const listing = new Listing(counted, descending, undefined);
    read.clear();
    const positions = listing.find(listing.after(90_000), 51);
    expect(listing.at(positions[0]!)).toEqual(record(descending ? 89_999 : 90_001));
    // Those of the page, one more, and those of a binary search.
    expect(read.size).toBeLessThanOrEqual(51 + 17);
    expect(listing.skip(90_000)).toBe(90_000);
    expect(read.size).toBeLessThanOrEqual(51 + 17);
  }
});
