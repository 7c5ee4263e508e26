import { patternIssue } from '../../../src/policy/schema/pattern-issue';

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
  '(a+)\\s+',
  '(a+)[bc]{10}',
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
