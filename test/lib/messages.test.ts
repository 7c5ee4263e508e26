import { didYouMean, oneOf, quote } from '../../src/lib/messages';

test('a near name is suggested, a far one is not', () => {
  expect(didYouMean('agnt', ['bot', 'agent', 'closed'])).toBe('; did you mean "agent"?');
  expect(didYouMean('AGENT', ['bot', 'agent'])).toBe('; did you mean "agent"?');
  expect(didYouMean('supervisor', ['bot', 'agent'])).toBe('');
  expect(didYouMean('x'.repeat(10_000), ['bot'])).toBe('');
  expect(didYouMean('bot', [])).toBe('');
});

test('a value in a message is escaped and short', () => {
  expect(quote('a\nb')).toBe('"a\\nb"');
  expect(quote('x'.repeat(1000)).length).toBeLessThan(60);
  expect(quote(undefined)).toBe('undefined');
});

test('names are listed as people say them', () => {
  expect(oneOf(['a'])).toBe('a');
  expect(oneOf(['a', 'b', 'c'])).toBe('a, b or c');
  expect(oneOf(['a', 'b'], 'and')).toBe('a and b');
});
