import { Script } from 'node:vm';
import fc from 'fast-check';
import { PatternBudget, PatternTimeout } from '../../../src/policy/conditions/pattern';
import { patternIssue } from '../../../src/policy/schema/pattern-issue';

const filter = (source: string, texts: readonly string[], budget = new PatternBudget()) =>
  budget.filter(new RegExp(source, 'iu'), texts);
const matches = (source: string, ...texts: string[]) => filter(source, texts);

test('matches a regular expression anywhere in the first 4,096 characters, in any letter case', () => {
  expect(matches('\\bA-\\d{6}\\b', 'order a-123456.', 'a-1')).toEqual(['order a-123456.']);
  expect(matches('^hi', 'oh hi')).toEqual([]);
  expect(matches('\\p{Script=Cyrillic}', 'abc д')).toHaveLength(1);
  expect(matches('x', `${'a'.repeat(4095)}x`)).toHaveLength(1);
  expect(matches('x', `${'a'.repeat(4096)}x`)).toEqual([]);
  expect(matches('x')).toEqual([]);
});

test.each([
  ['(a|a)+b', 'a'.repeat(40)],
  ['a*a*a*b', 'a'.repeat(4096)],
  ['(a?a)+b', 'a'.repeat(200)],
])('gives up %s, and every later pattern of the same event', (source, text) => {
  expect(patternIssue(source)).toBeUndefined();
  const budget = new PatternBudget();
  expect(filter(source, ['xxaab'], budget)).toEqual(['xxaab']);
  expect(() => filter(source, ['xxaab', text, text], budget)).toThrow(PatternTimeout);
  expect(() => filter('x', ['x'], budget)).toThrow(PatternTimeout);
  expect(filter('x', [], budget)).toEqual([]);
  expect(matches('x', 'x')).toEqual(['x']);
});

test('finds the items that match, like the regular expression itself', () => {
  const pattern = fc.stringMatching(/^(?:[ab.][*+?]?){1,4}$/);
  fc.assert(
    fc.property(pattern, fc.array(fc.stringMatching(/^[abAB ]{0,5}$/), { maxLength: 4 }), (source, texts) => {
      const expected = texts.filter((text) => text.toLowerCase().search(new RegExp(source)) >= 0);
      expect(matches(source, ...texts)).toEqual(expected);
    }),
  );
});

// Runs and their CPU time are made up here: on a busy machine, a real one may time out.
describe('the budget of an event', () => {
  afterEach(() => jest.restoreAllMocks());

  const timedOut = () => {
    throw new Error('Script execution timed out');
  };
  const found = () => ['x'];

  function play(...runs: { run: () => string[]; user: number; system: number }[]): PatternBudget {
    const script = jest.spyOn(Script.prototype, 'runInContext').mockImplementation(timedOut);
    const usage = jest.spyOn(process, 'cpuUsage').mockReturnValue({ user: 0, system: 0 });
    for (const { run, user, system } of runs) {
      script.mockImplementationOnce(run);
      const used = { user: user * 1000, system: system * 1000 };
      usage.mockReturnValueOnce({ user: 0, system: 0 }).mockReturnValueOnce(used);
    }
    return new PatternBudget();
  }

  test('counts the time of the process and that of the system for it', () => {
    const budget = play(
      { run: found, user: 30, system: 20 },
      { run: found, user: 0, system: 49.5 },
      { run: found, user: 0, system: 0 },
    );
    expect(filter('x', ['x'], budget)).toEqual(['x']);
    expect(filter('x', ['x'], budget)).toEqual(['x']);
    expect(() => filter('x', ['x'], budget)).toThrow(PatternTimeout);
  });

  test('retries a run that timed out before it got its CPU time', () => {
    const budget = play({ run: timedOut, user: 1, system: 0 }, { run: found, user: 1, system: 0 });
    expect(filter('x', ['x'], budget)).toEqual(['x']);
  });

  test('gives up in the end if no run gets any', () => {
    expect(() => filter('x', ['x'], play())).toThrow(PatternTimeout);
  });
});
