import { Concurrency } from '../../../cli/fleet/concurrency';

function succeed(concurrency: Concurrency, times: number) {
  for (let i = 0; i < times; i++) concurrency.succeeded();
}

test('starts with four, and adds one when as many have succeeded', () => {
  const concurrency = new Concurrency();
  const seen = [concurrency.limit];
  for (const times of [3, 1, 4, 1, 6]) {
    succeed(concurrency, times);
    seen.push(concurrency.limit);
  }
  expect(seen).toEqual([4, 4, 5, 5, 6, 7]);
});

test('stops at twenty', () => {
  const concurrency = new Concurrency();
  succeed(concurrency, 10_000);
  expect(concurrency.limit).toBe(20);
});

test('halves after a 429, once for those that come together', () => {
  const concurrency = new Concurrency();
  succeed(concurrency, 10_000);
  for (const now of [5_000, 5_010, 5_999]) concurrency.throttled(now);
  expect(concurrency.limit).toBe(10);
  concurrency.throttled(6_000);
  expect(concurrency.limit).toBe(5);
});

test('never falls below one, and counts anew after a 429', () => {
  const concurrency = new Concurrency();
  for (let now = 0; now < 10_000; now += 1_000) concurrency.throttled(now);
  expect(concurrency.limit).toBe(1);
  succeed(concurrency, 1);
  expect(concurrency.limit).toBe(2);
  succeed(concurrency, 1);
  concurrency.throttled(10_001);
  succeed(concurrency, 1);
  expect(concurrency.limit).toBe(2);
});
