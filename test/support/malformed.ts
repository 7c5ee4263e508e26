import fc, { type Arbitrary } from 'fast-check';
import type { RawRequest } from './raw';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

const TEXTS = [
  '',
  ' ',
  '\0',
  '\u202e\ufeff',
  '\ud800',
  '\r\nX-A: b',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e999',
  '9'.repeat(400),
  '0x10',
  'true',
  '[]',
  '{}',
  '["onMessageAdded"',
  '[["onMessageAdded"]]',
  nested(20_000),
  '../..',
  '..%2f..',
  '%',
  '%00',
  '%ff',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: nobody may take it for one
  '${AUTH_TOKEN}',
  '{{trigger.conversation.Body}}',
  'https://',
  'https://a.example/?a=b#c',
  'javascript:alert(1)',
  '/events/conversation?Profile=bot',
  '2026-01-31T12:00:00Z',
  'onMessageAdded',
  'a'.repeat(70_000),
  'é'.repeat(600),
];

/** What is right in one place or another. */
const PLAUSIBLE = [
  ...['webhook', 'trigger', 'studio', 'get', 'true', 'false', '3', 'next', 'bot', 'agent', 'closed', 'desc'],
  ...['onMessageAdded,onMessageRemoved', '["help"]', '{"tier":"gold"}', `FW${'a'.repeat(32)}`, '/own?a=1'],
  ...['+15005550006', 'whatsapp:+15005550006', 'inactive', 'PT1H', 'P1D', '50', 'https://crm.example/in'],
];

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  'request',
  '0',
  '',
];

const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary' }), fc.string());

/** Objects that do not do what every object does. */
export const OBJECTS: readonly unknown[] = [
  { toString: 'x', valueOf: 1, toJSON: true },
  { length: 1e9, constructor: null, hasOwnProperty: 'x' },
  [[{ toString: null }]],
  JSON.parse('{"__proto__":{"toString":1},"hasOwnProperty":1}'),
];

/** Values as JSON has them, and worse. */
const value: Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constantFrom(...OBJECTS) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), text, { maxKeys: 3 }) },
);

/** What is right, with a few of its parts wrong, twice there, or not there. */
function spoilt(valid: Readonly<Record<string, unknown>>, names: readonly string[]) {
  const nearly = fc.oneof(
    { weight: 3, arbitrary: value },
    { weight: 2, arbitrary: fc.constantFrom(...Object.values(valid), ...PLAUSIBLE) },
  );
  const key = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...names, ...Object.keys(valid)) },
    { weight: 1, arbitrary: fc.constantFrom(...KEYS) },
    { weight: 1, arbitrary: text },
  );
  return fc
    .tuple(
      fc.subarray(Object.entries(valid), { minLength: Object.keys(valid).length - 1 }),
      fc.array(fc.tuple(key, nearly), { maxLength: 3 }),
    )
    .map(([right, wrong]) => [...right, ...wrong]);
}

type Entries = [name: string, value: unknown][];

// Written by hand, since a name may be there twice and be `__proto__`.
const json = (entries: Entries) =>
  `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${JSON.stringify(item) ?? 'null'}`).join()}}`;
const form = (entries: Entries) => new URLSearchParams(entries.map(toTexts)).toString();
const toTexts = ([name, item]: Entries[number]): [string, string] => [
  name,
  typeof item === 'object' ? `${JSON.stringify(item)}` : `${item}`,
];

const JSON_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
];
const FORM_TYPES = ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=latin1'];
const OTHER_TYPES = [
  '',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/json; charset=x',
  '/',
  ';',
  'null',
];

interface Body {
  readonly type: string;
  readonly bytes: Uint8Array;
}
const body = (types: readonly string[], bytes: Arbitrary<Uint8Array | string>): Arbitrary<Body> =>
  fc.record({
    type: fc.constantFrom(...types),
    bytes: bytes.map((content) => (typeof content === 'string' ? Buffer.from(content) : content)),
  });

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  text,
  fc.jsonValue().map((any) => JSON.stringify(any)),
  fc.constantFrom(
    nested(100_000),
    `{"Body":${nested(50_000)}}`,
    '\ufeff{}',
    '{"a":1,"a":2}',
    '{"a":',
    '"a"',
    'a=%zz&&=&=b&a[b][c]=1',
  ),
);

/** A body and its type that fit each other, and sometimes do not. */
const bodyOf = (entries: Arbitrary<Entries>) =>
  fc.oneof(
    { weight: 4, arbitrary: body(JSON_TYPES.slice(0, 2), entries.map(json)) },
    { weight: 4, arbitrary: body(FORM_TYPES.slice(0, 1), entries.map(form)) },
    {
      weight: 1,
      arbitrary: body(
        [...JSON_TYPES, ...FORM_TYPES, ...OTHER_TYPES],
        fc.oneof(entries.map(json), entries.map(form), bytes),
      ),
    },
    {
      weight: 1,
      arbitrary: body(
        JSON_TYPES,
        entries.map((some) => `[${json(some)},${json(some)},null,[1]]`),
      ),
    },
  );

const query = (entries: Arbitrary<Entries>) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    { weight: 2, arbitrary: entries.map((some) => form(some).slice(0, 8_000)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '?',
        '%',
        '%ff=%00',
        'a[b][c]=1&a[]=2',
        '__proto__[x]=1',
        'constructor[prototype][x]=1',
        `${'a[]=1&'.repeat(500)}`,
        '&&==',
        `Url${'[a]'.repeat(50)}=1`,
      ),
    },
  );

const METHODS = [
  'POST',
  'POST',
  'POST',
  'POST',
  'POST',
  'POST',
  'GET',
  'GET',
  'DELETE',
  'PUT',
  'OPTIONS',
  'HEAD',
];

/** A request to one place, with some of what is wrong in it that can be wrong. */
export function malformed(
  path: Arbitrary<string>,
  valid: Readonly<Record<string, unknown>>,
  names: readonly string[],
  headers: Arbitrary<Readonly<Record<string, string>>> = fc.constant({}),
): Arbitrary<RawRequest> {
  const entries = spoilt(valid, names);
  return fc
    .record({
      method: fc.constantFrom(...METHODS),
      path,
      query: query(entries),
      body: bodyOf(entries),
      headers,
    })
    .map(({ method, path, query, body, headers }) => ({
      method,
      path:
        method === 'GET'
          ? `${path}?${query || form(Object.entries(valid))}`
          : query
            ? `${path}?${query}`
            : path,
      headers: {
        ...headers,
        ...(body.type && { 'content-type': body.type }),
        'content-length': `${method === 'GET' ? 0 : body.bytes.length}`,
      },
      body: body.bytes,
    }));
}

/** A part of a path that looks nearly like one. */
export const pathPart = (...right: string[]) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: text.map((part) => encodeURIComponent(`${Buffer.from(part)}`).slice(0, 2_000)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        '.',
        '..',
        '%2e%2e',
        '%',
        '%zz',
        '%ff',
        '%00',
        '*',
        ':',
        '__proto__',
        'constructor',
        'CH',
        'demo',
      ),
    },
  );
