import { describeValue, didYouMean, oneOf, quote } from '../../src/lib/error-text';

test('suggests a near name, but not a far one', () => {
  expect(didYouMean('agnt', ['bot', 'agent', 'closed'])).toBe('; did you mean "agent"?');
  expect(didYouMean('AGENT', ['bot', 'agent'])).toBe('; did you mean "agent"?');
  expect(didYouMean('supervisor', ['bot', 'agent'])).toBe('');
  expect(didYouMean('x'.repeat(10_000), ['bot'])).toBe('');
  expect(didYouMean('bot', [])).toBe('');
});

test('escapes and shortens a value', () => {
  expect(quote('a\nb')).toBe('"a\\nb"');
  expect(quote('x'.repeat(1000)).length).toBeLessThan(60);
  expect(quote(undefined)).toBe('undefined');
});

test('joins names with commas and a final “or”', () => {
  expect(oneOf(['a'])).toBe('a');
  expect(oneOf(['a', 'b', 'c'])).toBe('a, b or c');
  expect(oneOf(['a', 'b'], 'and')).toBe('a and b');
});

test.each([
  [1, 'x'],
  [58, 'x'],
  [29, '\n'],
])('quotes a text whole that takes at most 60 characters: %i of %j', (length, letter) => {
  const text = letter.repeat(length);
  expect(JSON.parse(quote(text))).toBe(text);
});

test.each([
  [59, 'x'],
  [10_000, 'x'],
  [30, '\n'],
])('quotes the beginning of a longer one: %i of %j', (length, letter) => {
  const text = letter.repeat(length);
  const quoted = quote(text);
  expect(quoted).toBe(`${JSON.stringify(text).slice(0, 56)}\u2026"`);
  expect(quoted).toHaveLength(58);
});

test.each([
  [5, '5'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [['a'], '["a"]'],
])('quotes %j as JSON', (value, quoted) => {
  expect(quote(value)).toBe(quoted);
});

test.each([
  ['ab', 'xb', true],
  ['ab', 'xy', false],
  ['abc', 'abx', true],
  ['abc', 'axx', false],
  ['abcde', 'abcdx', true],
  ['abcde', 'abcxx', false],
  ['abcdef', 'abcdxx', true],
  ['abcdef', 'abcxxx', false],
  ['abcdefghi', 'abcdefxxx', true],
  ['abcdefghi', 'abcdexxxx', false],
  ['abcdef', 'abcd', true],
  ['abcdef', 'abcdefgh', true],
  ['abcdef', 'abcdefghi', false],
  ['abcdef', 'bcdefa', true],
  ['ABCDEF', 'abcdef', true],
  ['', 'a', true],
  ['', 'ab', false],
])('counts %j as a typo of %j: %s', (name, known, isNear) => {
  const hint = didYouMean(name, ['a name from far away', known]);
  if (isNear) expect(hint).toContain(quote(known));
  else expect(hint).toBe('');
});

test('suggests the nearest name, whatever comes first', () => {
  for (const known of [
    ['agents', 'agent'],
    ['agent', 'agents'],
  ]) {
    expect(didYouMean('agemt', known)).toContain('"agent"');
    expect(didYouMean('agemts', known)).toContain('"agents"');
  }
});

test('compares names of up to 60 characters', () => {
  const name = 'x'.repeat(60);
  expect(didYouMean(name, [`${name}y`])).not.toBe('');
  expect(didYouMean(`${name}x`, [`${name}x`])).toBe('');
});

test.each([[[]], [{}], [['a']], [{ a: 1 }]])('describes %j by its type, without its contents', (value) => {
  expect(describeValue(value)).not.toContain(JSON.stringify(value));
  expect(describeValue(value)).not.toBe(describeValue(Array.isArray(value) ? {} : []));
});

test('calls an array and an object by their names', () => {
  expect(describeValue(['a'])).toBe('an array');
  expect(describeValue({ a: 1 })).toBe('an object');
});

test.each([null, undefined, 5, 'a', true])('describes %j by its value', (value) => {
  expect(describeValue(value)).toBe(quote(value));
});
