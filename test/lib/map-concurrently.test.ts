import { mapConcurrently } from '../../src/lib/map-concurrently';

test.each([
  [1, 1],
  [5, 5],
  [50, 12],
])('runs at most %i at a time', async (limit, most) => {
  let running = 0;
  let seen = 0;
  await mapConcurrently(
    Array.from({ length: 12 }, (_, n) => n),
    limit,
    async () => {
      running += 1;
      seen = Math.max(seen, running);
      await new Promise(setImmediate);
      running -= 1;
    },
  );
  expect(seen).toBe(most);
});

test('returns the results in the order of the items, whichever comes first', async () => {
  const finish: (() => void)[] = [];
  const results = mapConcurrently(['a', 'b', 'c'], 3, (item) =>
    new Promise<void>((resolve) => finish.push(resolve)).then(() => item.toUpperCase()),
  );
  for (const resolve of finish.reverse()) resolve();
  expect(await results).toEqual(['A', 'B', 'C']);
});

test('starts the next item as soon as one is done', async () => {
  const started: string[] = [];
  let release = () => {};
  const results = mapConcurrently(['slow', 'a', 'b', 'c'], 2, async (item) => {
    started.push(item);
    if (item === 'slow') await new Promise<void>((resolve) => (release = resolve));
  });
  await new Promise(setImmediate);
  expect(started).toEqual(['slow', 'a', 'b', 'c']);
  release();
  await results;
});

test('maps nothing to nothing, and rejects with an error', async () => {
  expect(await mapConcurrently([], 5, async (item) => item)).toEqual([]);
  await expect(mapConcurrently([1], 5, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
