import { setImmediate, setTimeout } from 'node:timers/promises';
import { workThrough } from '../../../cli/fleet/queue';

test('works through all items, as many at a time as the limit says at the moment', async () => {
  let [limit, atWork] = [2, 0];
  const most: number[] = [];
  const done: number[] = [];
  await workThrough(
    Array.from({ length: 40 }, (_, i) => i),
    () => limit,
    async (item) => {
      atWork += 1;
      most.push(atWork);
      await setImmediate();
      if (item === 10) limit = 5;
      if (item === 30) limit = 1;
      atWork -= 1;
      done.push(item);
    },
  );
  expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(Math.max(...most.slice(0, 10))).toBe(2);
  expect(Math.max(...most)).toBe(5);
  expect(most.slice(-3)).toEqual([1, 1, 1]);
});

test('lets others work while some rest, and has those that have rested wait for a place', async () => {
  let [atWork, resting] = [0, 0];
  const working: number[] = [];
  const rested: number[] = [];
  const work = async () => {
    atWork += 1;
    working.push(atWork);
    await setImmediate();
    atWork -= 1;
  };
  await workThrough(
    Array.from({ length: 40 }, (_, i) => i),
    () => 2,
    async (_, rest) => {
      await work();
      resting += 1;
      rested.push(resting);
      await rest(setTimeout(20));
      resting -= 1;
      await work();
    },
  );
  expect(working).toHaveLength(80);
  expect(Math.max(...working)).toBe(2);
  expect(Math.max(...rested)).toBeGreaterThan(2);
});

test('ends what rests after an error', async () => {
  const ended: number[] = [];
  const run = workThrough(
    [1, 2, 3],
    () => 1,
    async (item, rest) => {
      if (item === 2) throw new Error('the second');
      await rest(setTimeout(5));
      ended.push(item);
    },
  );
  await expect(run).rejects.toThrow('the second');
  expect(ended).toEqual([1]);
});

test('does not take more from a long list than it can soon work on', async () => {
  let [taken, done] = [0, 0];
  const ahead: number[] = [];
  async function* items() {
    for (; taken < 1_000; taken++) yield taken;
  }
  await workThrough(
    items(),
    () => 3,
    async () => {
      await setImmediate();
      done += 1;
      ahead.push(taken - done);
    },
  );
  expect(done).toBe(1_000);
  expect(Math.max(...ahead)).toBeLessThan(110);
});

test('ends what is under way after an error, and begins nothing else', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const working = workThrough(
    Array.from({ length: 500 }, (_, i) => i),
    () => 3,
    async (item) => {
      begun.push(item);
      await setImmediate();
      if (item === 4) throw new Error('the fifth');
      ended.push(item);
    },
  );
  await expect(working).rejects.toThrow('the fifth');
  expect(begun.length).toBeLessThan(10);
  expect(ended).toHaveLength(begun.length - 1);
});

test.each([[[]], [['one']]])('ends with %j', async (items) => {
  const done: string[] = [];
  await workThrough(
    items,
    () => 4,
    async (item) => void done.push(item),
  );
  expect(done).toEqual(items);
});
