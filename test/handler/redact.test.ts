import fc from 'fast-check';
import { redact } from '../../src/handler/redact';

const env = { ACCOUNT_SID: `AC${'1'.repeat(32)}`, AUTH_TOKEN: 'f00dfeedf00dfeedf00dfeedf00dfeed' };
const basic = Buffer.from(`${env.ACCOUNT_SID}:${env.AUTH_TOKEN}`).toString('base64');

test.each([
  [`Basic ${basic} was sent`, 'Basic (hidden) was sent'],
  [`${basic}${basic}, ${basic}`, '(hidden)(hidden), (hidden)'],
  [basic.slice(0, 56), '(hidden)'],
  [encodeURIComponent(basic), '(hidden)'],
  [`${env.ACCOUNT_SID}:${env.AUTH_TOKEN}`, `${env.ACCOUNT_SID}:(hidden)`],
  [`?a=${env.AUTH_TOKEN}${env.AUTH_TOKEN}&b=1`, '?a=(hidden)(hidden)&b=1'],
  ['nothing of the kind', 'nothing of the kind'],
])('%j leaves as %j', (text, left) => {
  expect(redact(text, env)).toBe(left);
  expect(redact({ details: [{ [text]: text }] }, env)).toEqual({ details: [{ [left]: left }] });
});

test('whatever has no secret in it leaves as it is, as JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(JSON.stringify(redact(value, env))).toBe(JSON.stringify(value));
    }),
  );
});

test('without a token there is nothing to hide', () => {
  expect(redact({ a: 'b' }, {})).toEqual({ a: 'b' });
  expect(redact({ a: 'b' }, { ...env, AUTH_TOKEN: '' })).toEqual({ a: 'b' });
});

test('what is nested too deeply to be written is cut off', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(() => JSON.stringify(deep)).toThrow(RangeError);
  expect(JSON.stringify(redact({ deep }, env))).toContain('(too deep)');
});
