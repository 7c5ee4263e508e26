import { countPoints, pointsOf } from '../support/fault-injection/faults';
import { openPlace, type Place } from '../support/fault-injection/place';
import { installRuntime } from '../support/fault-injection/platform';
import { POLICY } from '../support/fault-injection/policy';
import { SITUATIONS } from '../support/fault-injection/situations';
import { Trials } from '../support/fault-injection/trial';
import { faultsOf, faultsOfSecond, gaveUp } from '../support/fault-injection/verdict';
import { buildPolicy } from '../support/policy';

// Every API call of every operation, and everything that can become of it: the functions' own handlers, over HTTP.

/**
 * Time stands still, except for a run that sleeps: a list is good for a quarter of a second, and on a busy machine there
 * would be another number of calls.
 */
const mockClock = { now: 0 };
jest.mock('../../src/sync/timing', () => ({
  timingUntil: (deadline: number) => ({
    now: () => mockClock.now,
    sleep: async (ms: number) => {
      mockClock.now += ms;
    },
    deadline,
  }),
}));

let place: Place;
beforeAll(async () => {
  installRuntime(buildPolicy(POLICY));
  jest.spyOn(performance, 'now').mockImplementation(() => mockClock.now);
  place = await openPlace();
});
afterAll(async () => {
  jest.restoreAllMocks();
  await place?.close();
});

test.each(SITUATIONS.map((situation) => [situation.operation, situation.what, situation] as const))(
  '%s: %s',
  async (_, __, situation) => {
    // Long enough for a process to forget which conversations it has found settled.
    const forget = () => {
      mockClock.now += 11 * 60_000;
    };
    const trials = new Trials(place, situation, forget);
    const undisturbed = await trials.first();
    const calls = undisturbed.processed.map(({ name }) => name);
    expect(calls.join(' ')).toBe(situation.calls);
    const points = pointsOf(calls);
    expect(points).toHaveLength(calls.reduce((sum, call) => sum + countPoints(call), 0));
    // What does well in spite of a fault ends where this one ends, so it is enough to repeat this one.
    const repeated = await trials.again(undisturbed);
    expect(faultsOfSecond(repeated, undisturbed)).toEqual([]);
    const broken: string[] = [];
    for (const point of points) {
      const trial = await trials.first(point);
      const found = faultsOf(trial, undisturbed, point);
      if (gaveUp(trial, undisturbed)) found.push(...faultsOfSecond(await trials.again(trial), undisturbed));
      if (found.length > 0) broken.push([point.label, ...found].join('\n  '));
    }
    expect(broken).toEqual([]);
  },
);
