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

describe('on a busy machine', () => {
  afterEach(() => jest.restoreAllMocks());

  /** Has each run of a pattern use this much CPU time, whatever it uses. */
  function use(...runs: { user: number; system: number }[]): void {
    const spy = jest.spyOn(process, 'cpuUsage').mockReturnValue({ user: 0, system: 0 });
    for (const ms of runs) {
      const microseconds = { user: ms.user * 1000, system: ms.system * 1000 };
      spy.mockReturnValueOnce({ user: 0, system: 0 }).mockReturnValueOnce(microseconds);
    }
  }

  test('counts the time of the process and that of the system for it', () => {
    const budget = new PatternBudget();
    use({ user: 30, system: 20 }, { user: 0, system: 49.5 });
    expect(filter('x', ['x'], budget)).toEqual(['x']);
    expect(filter('x', ['x'], budget)).toEqual(['x']);
    expect(() => filter('x', ['x'], budget)).toThrow(PatternTimeout);
  });

  test('ends a pattern that runs away while the process gets no CPU time', () => {
    const budget = new PatternBudget();
    use({ user: 98, system: 0 });
    expect(filter('x', ['x'], budget)).toEqual(['x']);
    expect(() => filter('(a|a)+b', ['a'.repeat(60)], budget)).toThrow(PatternTimeout);
    expect(() => filter('x', ['x'], budget)).toThrow(PatternTimeout);
  });
});
