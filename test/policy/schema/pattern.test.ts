import fc from 'fast-check';
import { matcher, PatternBudget, PatternTimeout, patternIssue } from '../../../src/policy/schema/pattern';

const matches = (source: string, ...texts: string[]) => matcher(source)(texts, new PatternBudget());

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
  expect(matcher(source)(['xxaab'], budget)).toEqual(['xxaab']);
  expect(() => matcher(source)(['xxaab', text, text], budget)).toThrow(PatternTimeout);
  expect(() => matcher('x')(['x'], budget)).toThrow(PatternTimeout);
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

test.each([
  ['(', 'is not a valid regular expression: Unterminated group'],
  ['a{2,1}', 'is not a valid regular expression: numbers out of order in {} quantifier'],
  ['\\-', 'is not a valid regular expression: Invalid escape'],
  ['é'.repeat(257), 'has 257 characters; the maximum is 256'],
  ['(a+)+$', 'has nested quantifiers'],
  ['(\\d+,)+', 'has nested quantifiers'],
  ['((ab)*c)*', 'has nested quantifiers'],
  ['(?:x(?<name>y{2,})z?){3,}', 'has nested quantifiers'],
  ['(a|b+){20}', 'has nested quantifiers'],
  ['((a)+)+', 'has nested quantifiers'],
  ['(?=a+)*?', 'is not a valid regular expression'],
])('rejects the pattern %j: %s', (source, fault) => {
  expect(patternIssue(source)).toContain(fault);
});

test.each([
  '[\\d,]+',
  '(a|b)+',
  '(?:ab)+c+',
  '(\\+\\d)+',
  '([+*])+',
  '(\\d+)?',
  '(\\d+){2}',
  '(?<=a+)b+',
  '(?:\\d{2}\\.){3}',
  '\\p{L}+(\\s\\p{Lu})*',
  '[(]a+[)]+',
  '😀'.repeat(256),
])('accepts the pattern %j, which cannot take forever', (source) => {
  expect(patternIssue(source)).toBeUndefined();
});

test.each([
  '(a{10,})+',
  '(a{2,})*',
  '(a{2,3})+',
  '(a{0,1})+',
  '(a+){10}',
  '(a+){99}',
  '(a+){1,10}',
  '(a+){2,}',
  '(a*)*',
  '(?:a+)+',
  '(?<n>a+)+',
  '((a{10}))+a{2,}(b+)*',
  '(x(a+)y)+',
  '(((a+)))+',
  '((a){10})+',
  '((a){2,})+',
  '(\\p{Lu}+x)+',
  '(\\u{61}+)+',
  '([)]+)+',
  '(\\)+)+',
  '((ab)+c)+',
  '(ab)c(d(e*)f)+',
])('reports the nested quantifier of %s', (source) => {
  expect(() => new RegExp(source, 'iu')).not.toThrow();
  expect(patternIssue(source)).toBeDefined();
});

test.each([
  '((ab)c)+',
  '((ab)c){10,}',
  '((a)(b))*',
  '(\\p{Lu}x)+',
  '(\\p{Script=Greek}x)+',
  '(\\u{61}x)+',
  '(a{2})+',
  '(a{10})+',
  '((a){2})+',
  '(a+)?',
  '(a+){9}',
  '(a+){1,9}',
  '(a+)(b+)',
  '(a)+(b)+',
  '(?:a)+',
  '(?<n>a)+',
  '(?!a+)b+',
  '(?<!a+)b+',
  '(?=a+)b+',
  '(\\*x)+',
  '(\\(x)+',
  '([+*]x)+',
  '([\\]+*]x)+',
])('allows %s, which nests no quantifier', (source) => {
  expect(() => new RegExp(source, 'iu')).not.toThrow();
  expect(patternIssue(source)).toBeUndefined();
});

test('allows a pattern of 256 characters and no more', () => {
  for (const letter of ['x', '\u{1f600}']) {
    expect(patternIssue(letter.repeat(256))).toBeUndefined();
    expect(patternIssue(letter.repeat(257))).toBeDefined();
  }
});
