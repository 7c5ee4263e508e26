import { sleep } from '../../src/lib/sleep';

/** A clock that only timers move, each of which fires so much too early. */
function fireEarly(by: number) {
  let now = 0.7;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((fire: () => void, ms: number) => {
    now += Math.max(ms - by, 0.1);
    fire();
  }) as typeof setTimeout);
  return { slept: () => now - 0.7 };
}

afterEach(() => jest.restoreAllMocks());

test.each([0, 0.4, 1, 1.9])('sleeps as long as told though each timer fires %d ms early', async (by) => {
  const clock = fireEarly(by);
  await sleep(500.5);
  expect(clock.slept()).toBeGreaterThanOrEqual(500.5);
});

test.each([0, -1])('does not wait for %d ms', async (ms) => {
  const timer = jest.spyOn(globalThis, 'setTimeout');
  await sleep(ms);
  expect(timer).not.toHaveBeenCalled();
});
