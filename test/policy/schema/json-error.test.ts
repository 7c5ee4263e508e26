import fc from 'fast-check';
import { parseJson } from '../../../src/policy/schema/json-error';

const faultOf = (text: string): string => {
  try {
    parseJson(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 20001, status: 400 });
    return (error as Error).message;
  }
  throw new Error(`this is JSON: ${text}`);
};

test.each([
  ['', 'line 1, column 1: unexpected end of JSON'],
  ['{\n  "a": 1,\n}', 'line 3, column 1: unexpected "}"; remove the comma before it'],
  ['{"a": [1, ]}', 'line 1, column 11: unexpected "]"; remove the comma before it'],
  ['{"a": ","]', 'line 1, column 10: unexpected "]"'],
  ['{,}', 'line 1, column 2: unexpected ","'],
  ['{: 1}', 'line 1, column 2: unexpected ":"'],
  ['[[,], 1]', 'line 1, column 3: unexpected ","'],
  ['\n\n  {"a": x}', 'line 3, column 9: unexpected "x"'],
  ['[1e5 2]', 'line 1, column 6: unexpected "2"'],
  ['["\\u00g1"]', 'line 1, column 2: unexpected "\\""'],
  ['{"a": x // no\n}', 'line 1, column 7: unexpected "x"'],
  ['{\r\n  "a": [1 2]\r\n}', 'line 2, column 11: unexpected "2"'],
  ['{\n  // no\n}', 'line 2, column 3: unexpected "/"; JSON has no comments; use description'],
  ['{"a": 1, /* no */ "b": 2}', 'line 1, column 10: unexpected "/"; JSON has no comments; use description'],
  ['{"a": 1 / 2}', 'line 1, column 9: unexpected "/"'],
  ["{'a': 1}", 'line 1, column 2: unexpected "\'"'],
  ['{"a": 1} x', 'line 1, column 10: unexpected "x"'],
  ['{"a": undefined}', 'line 1, column 7: unexpected "u"'],
  ['{"a": [1, {"b": "c', 'line 1, column 17: unexpected "\\""'],
  ['{"a": [1, {"b":', 'line 1, column 16: unexpected end of JSON'],
  ['["a\nb"]', 'line 1, column 2: unexpected "\\""'],
  ['["😀" 😀]', 'line 1, column 7: unexpected "😀"'],
])('locates the error in %j: %s', (text, fault) => {
  expect(faultOf(text)).toBe(`policy.private.json: ${fault}`);
});

test.each([
  [
    '{"when": {"Body": {"words": ["x"]}, "Author": "me",\n  "Body": {"words": ["y"]}}}',
    ['line 2, column 3: "Body" is a duplicate of line 1, column 11; keep one'],
  ],
  [
    '{\n  "webhooks": {"a": {}, "a" : {}},\n  "webhooks": {}\n}',
    [
      'line 2, column 25: "a" is a duplicate of line 2, column 16; keep one',
      'line 3, column 3: "webhooks" is a duplicate of line 2, column 3; keep one',
    ],
  ],
  [
    '{"Body": 1, "B\\u006fdy": 2, "Body": 3}',
    [
      'line 1, column 13: "Body" is a duplicate of line 1, column 2; keep one',
      'line 1, column 29: "Body" is a duplicate of line 1, column 2; keep one',
    ],
  ],
  [
    '[{"__proto__": 1, "__proto__": 2}]',
    ['line 1, column 19: "__proto__" is a duplicate of line 1, column 3; keep one'],
  ],
])('reports the duplicate keys of %j', (text, issues) => {
  let error: unknown;
  try {
    parseJson(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: 20001, details: { issues } });
});

test('reports a syntax error before duplicate keys', () => {
  expect(faultOf('{"a": 1, "a": 2')).toContain('line 1, column 16: unexpected end of JSON');
});

test('accepts a key again in another object', () => {
  const text = '{"a": {"b": 1, "a": "a"}, "b": [{"a": 1}, {"a": 2}]}';
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test('parses JSON, with a byte order mark too', () => {
  expect(parseJson('["\uFEFFa"]')).toEqual(['\uFEFFa']);
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
      expect(parseJson(`\uFEFF${text}`)).toEqual(JSON.parse(text));
    }),
  );
});

test('locates a stray character', () => {
  const nested = fc.tuple(fc.jsonValue(), fc.jsonValue()).map(([a, b]) => ({ a, b }));
  fc.assert(
    fc.property(nested, fc.nat(), (value, n) => {
      const lines = JSON.stringify(value, null, 2).split('\n');
      const line = 1 + (n % (lines.length - 1));
      const { length } = /^ */.exec(lines[line]!)![0];
      lines[line] = `${' '.repeat(length)}@${lines[line]!.slice(length)}`;
      expect(faultOf(lines.join('\n'))).toContain(`line ${line + 1}, column ${length + 1}: unexpected "@"`);
    }),
  );
});
