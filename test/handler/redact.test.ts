import fc from 'fast-check';
import { redact } from '../../src/handler/redact';

const env = { ACCOUNT_SID: `AC${'1'.repeat(32)}`, AUTH_TOKEN: 'f00dfeedf00dfeedf00dfeedf00dfeed' };
const basic = Buffer.from(`${env.ACCOUNT_SID}:${env.AUTH_TOKEN}`).toString('base64');

test.each([
  [`Basic ${basic} was sent`, 'Basic (redacted) was sent'],
  [`${basic}${basic}, ${basic}`, '(redacted)(redacted), (redacted)'],
  [basic.slice(0, 56), '(redacted)'],
  [encodeURIComponent(basic), '(redacted)'],
  [`${env.ACCOUNT_SID}:${env.AUTH_TOKEN}`, `${env.ACCOUNT_SID}:(redacted)`],
  [`?a=${env.AUTH_TOKEN}${env.AUTH_TOKEN}&b=1`, '?a=(redacted)(redacted)&b=1'],
  ['nothing of the kind', 'nothing of the kind'],
])('redacts %j as %j', (text, left) => {
  expect(redact(text, env)).toBe(left);
  expect(redact({ details: [{ [text]: text }] }, env)).toEqual({ details: [{ [left]: left }] });
});

test('leaves a value without secrets unchanged', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(JSON.stringify(redact(value, env))).toBe(JSON.stringify(value));
    }),
  );
});

test('redacts the secret of an API key beside the token', () => {
  const key = { TWILIO_API_KEY: `SK${'2'.repeat(32)}`, TWILIO_API_SECRET: 'beef1234beef1234' };
  const sent = Buffer.from(`${key.TWILIO_API_KEY}:${key.TWILIO_API_SECRET}`).toString('base64');
  for (const variables of [key, { ...env, ...key }])
    expect(redact({ [key.TWILIO_API_SECRET]: `Basic ${sent}, ${key.TWILIO_API_SECRET}` }, variables)).toEqual(
      {
        '(redacted)': 'Basic (redacted), (redacted)',
      },
    );
  expect(redact(`${basic} ${sent}`, { ...env, ...key })).toBe('(redacted) (redacted)');
});

test('redacts the Authorization value of a token without an account SID', () => {
  const { AUTH_TOKEN } = env;
  const sent = Buffer.from(`:${AUTH_TOKEN}`).toString('base64');
  expect(redact(`Basic ${sent}`, { AUTH_TOKEN })).toBe('Basic (redacted)');
});

test('redacts nothing without a token', () => {
  expect(redact({ a: 'b' }, {})).toEqual({ a: 'b' });
  expect(redact({ a: 'b' }, { ...env, AUTH_TOKEN: '' })).toEqual({ a: 'b' });
});

test('cuts off what is nested too deeply to serialize', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(() => JSON.stringify(deep)).toThrow(RangeError);
  expect(JSON.stringify(redact({ deep }, env))).toContain('(too deep)');
});

/** In this many objects and arrays, by turns; the keys are secrets too. */
const nest = (levels: number, value: unknown): unknown =>
  Array.from({ length: levels }).reduce<unknown>(
    (inner, _, i) => (i % 2 ? [inner] : { [basic]: inner }),
    value,
  );

test.each([1, 2, 7, 16])('redacts secrets %i levels deep, in keys and in values', (levels) => {
  const left = redact(nest(levels, `a ${env.AUTH_TOKEN}`), env);
  const text = JSON.stringify(left);
  expect(text).not.toContain(env.AUTH_TOKEN);
  expect(text).not.toContain(basic.slice(0, 44));
  // What stood around it is as it was.
  expect(text.match(/[[{]/g)).toHaveLength(levels);
  expect(text).toContain('"a (redacted)"');
});

test('cuts off what is more than 16 levels deep', () => {
  expect(JSON.stringify(redact(nest(16, 'inside'), env))).toContain('inside');
  expect(JSON.stringify(redact(nest(17, 'inside'), env))).not.toContain('inside');
});

test('redacts two secrets in one object and keeps the rest', () => {
  const details = { a: [env.AUTH_TOKEN, 1, null, true, { b: basic }], [`x${env.AUTH_TOKEN}`]: { c: 'd' } };
  expect(redact(details, env)).toEqual({
    a: ['(redacted)', 1, null, true, { b: '(redacted)' }],
    'x(redacted)': { c: 'd' },
  });
});
