import fc from 'fast-check';
import { PARAMETERS, type ParameterName, parseParameters, spellingsOf } from '../../src/handler/parameters';
import { ApiError } from '../../src/lib/api-error';

const all = Object.keys(PARAMETERS) as ParameterName[];
const read = (event: object) => parseParameters(event, all);
const refused = (code: number, sentence: string) =>
  expect.objectContaining({ code, status: 400, message: expect.stringContaining(sentence) });

test('accepts exactly the spellings of each parameter', () => {
  expect(spellingsOf('FlowSid')).toEqual([
    'Configuration.FlowSid',
    'FlowSid',
    'configuration.flowSid',
    'flowSid',
  ]);
  expect(spellingsOf('ConversationSid')).toEqual(['ConversationSid', 'conversationSid']);
  expect(spellingsOf('ServiceSid')).toEqual(['ServiceSid', 'serviceSid', 'ChatServiceSid', 'chatServiceSid']);
  for (const name of all)
    for (const spelling of spellingsOf(name)) {
      const { kind } = PARAMETERS[name];
      const value = { string: 'x', array: ['x'], boolean: true }[kind];
      expect(read({ [spelling]: kind === 'boolean' ? 'TRUE' : 'x' })).toEqual({ [name]: value });
    }
});

test.each([
  [
    ['onMessageAdded', 'onMessageRemoved'],
    ['onMessageAdded', 'onMessageRemoved'],
  ],
  ['onMessageAdded', ['onMessageAdded']],
  ['onMessageAdded, onMessageRemoved', ['onMessageAdded', 'onMessageRemoved']],
  ['["onMessageAdded","onMessageRemoved"]', ['onMessageAdded', 'onMessageRemoved']],
  [' ["a, b"] ', ['a, b']],
  [
    ['a, b', 'c'],
    ['a, b', 'c'],
  ],
  ['[not JSON, at all', ['[not JSON', 'at all']],
  [911, ['911']],
  ['[]', []],
  [[], []],
  ['a,,b,', ['a', 'b']],
  [['', 'a'], ['a']],
])('parses the array %j as %j', (sent, items) => {
  expect(read({ Filters: sent })).toEqual({ Filters: items });
});

test('drops an empty event, but keeps an empty keyword', () => {
  expect(read({ Filters: ['', ''] })).toEqual({});
  expect(read({ Filters: ',' })).toEqual({});
  expect(read({ Triggers: ['', 'a'] })).toEqual({ Triggers: ['', 'a'] });
  expect(read({ Triggers: 'a,' })).toEqual({ Triggers: ['a', ''] });
});

test.each([
  ['true', true],
  ['False', false],
  [true, true],
  [false, false],
])('parses the boolean %j as %j', (sent, value) => {
  expect(read({ Replace: sent })).toEqual({ Replace: value });
});

describe.each(all)('%s of a JSON event', (name) => {
  const { kind, code = 20001 }: { kind: string; code?: number } = PARAMETERS[name];
  const accepted: Record<string, [unknown, unknown][]> = {
    string: [
      [0, '0'],
      [-1.5, '-1.5'],
      [911, '911'],
      [[911, '911'], '911'],
    ],
    array: [
      [0, ['0']],
      [
        [911, 'a', 1.5],
        ['911', 'a', '1.5'],
      ],
      ['[911, "a"]', ['911', 'a']],
    ],
    boolean: [
      [true, true],
      [false, false],
      [[false, false], false],
    ],
  };
  const refused: Record<string, unknown[]> = {
    string: [true, false, [true], {}, [[1]]],
    array: [true, false, ['a', true], [null], [['a']], {}, '[true]', '[{}]'],
    boolean: [0, 1, 'yes', {}, [{}]],
  };

  test.each(accepted[kind]!)('parses %j as %j', (sent, value) => {
    expect(read({ [name]: sent })).toEqual({ [name]: value });
  });

  test.each(refused[kind]!.map((sent) => [sent]))('rejects %j', (sent) => {
    expect(() => read({ [name]: sent })).toThrow(expect.objectContaining({ code, status: 400 }));
  });
});

test('rejects two different numbers or booleans', () => {
  for (const event of [
    { Sid: [1, 2] },
    { All: [true, false] },
    { All: true, all: 'false' },
    { Sid: 1, sid: '2' },
  ])
    expect(() => read(event)).toThrow(expect.objectContaining({ code: 20001, status: 400 }));
  expect(read({ All: true, all: 'TRUE', Sid: 1, sid: '1' })).toEqual({ All: true, Sid: '1' });
});

test('treats empty as missing, as Studio sends it for an unset variable', () => {
  expect(read({ Url: '', Filters: '', Triggers: '', Replace: '', Sid: null, FlowSid: undefined })).toEqual(
    {},
  );
  expect(read({ Url: '', url: 'https://crm.example' })).toEqual({ Url: 'https://crm.example' });
  expect(read({ Url: ['', 'https://crm.example'] })).toEqual({ Url: 'https://crm.example' });
});

test('ignores what the runtime and the signature add', () => {
  expect(read({ request: { headers: {} }, bodySHA256: 'abc', Sid: 'x' })).toEqual({ Sid: 'x' });
});

test('accepts the same value twice', () => {
  expect(read({ FlowSid: 'x', 'Configuration.FlowSid': 'x', flowSid: ['x', 'x'] })).toEqual({ FlowSid: 'x' });
  expect(read({ Filters: 'a,b', filters: ['a', 'b'] })).toEqual({ Filters: ['a', 'b'] });
  expect(read({ ReplayAfter: 3, replayAfter: '3' })).toEqual({ ReplayAfter: '3' });
});

test.each([
  [{ FlowSid: 'x', flowSid: 'y' }, 20001, 'FlowSid and flowSid are the same parameter'],
  [{ Sid: ['x', 'y'] }, 20001, 'Sid has 2 different values; send one'],
  [{ Filter: 'x' }, 20001, 'Unknown parameter "Filter"; did you mean "Filters"?'],
  [{ FLOWSID: 'x' }, 20001, 'did you mean "FlowSid"?'],
  [{ flow_sid: 'x' }, 20001, 'did you mean "FlowSid"?'],
  [{ Banana: 'x' }, 20001, 'this function takes'],
  [{ configuration: { url: 'x' } }, 20001, 'Send flat settings'],
  [{ Configuration: { Url: 'x' } }, 20001, 'Send flat settings'],
  [JSON.parse('{"__proto__":{"Sid":"x"}}'), 20001, 'Unknown parameter "__proto__"'],
  [{ constructor: 'x' }, 20001, 'Unknown parameter "constructor"'],
  [['x'], 20001, 'Unknown parameter "0"'],
  [{ Url: { a: 1 } }, 50054, 'Url must be a string, not an object'],
  [{ Url: true }, 50054, 'Url must be a string, not true'],
  [{ Filters: { a: 1 } }, 50365, 'Filters must be an array of strings'],
  [{ Filters: ['a', { b: 1 }] }, 50365, 'Filters must be an array of strings'],
  [{ Triggers: [['a']] }, 50366, 'Triggers must be an array of strings'],
  [{ Replace: 'yes' }, 20001, 'Replace must be true or false, not "yes"'],
  [{ Replace: {} }, 20001, 'Replace must be true or false, not an object'],
  [{ Replace: { toString: 'x' } }, 20001, 'Replace must be true or false, not an object'],
  [{ ConversationSid: {} }, 20001, 'ConversationSid must be a string, not an object'],
])('rejects %j with %i: …%s…', (event, code, sentence) => {
  expect(() => read(event)).toThrow(refused(code, sentence));
});

test.each([
  [{ Banana: 'x' }, 'Unknown parameter "Banana"; this function takes Sid and Filters'],
  [{ Fliters: 'x' }, 'Unknown parameter "Fliters"; did you mean "Filters"?'],
  [{ CONFIGURATION: {} }, 'Send flat settings, such as Configuration.Url or Url, not inside "CONFIGURATION"'],
  [{ configuration: 'x' }, /^Unknown parameter "configuration"/],
  [{ xconfiguration: {} }, /^Unknown parameter "xconfiguration"/],
  [{ configurations: {} }, /^Unknown parameter "configurations"/],
  [{ Sid: 'x', sid: 'y' }, 'Sid and sid are the same parameter; send one of them'],
  [{ Sid: ['x', 'y', 'z'] }, 'Sid has 3 different values; send one'],
  [{ Sid: [{}] }, 'Sid must be a string, not an array'],
  [
    { Filters: { a: 1 } },
    'Filters must be an array of strings (comma-separated, JSON or a repeated key), not an object',
  ],
])('says what to send instead of %j', (event, message) => {
  const call = () => parseParameters(event, ['Sid', 'Filters']);
  expect(call).toThrow(message);
});

test('rejects another function’s parameter, explains an unsupported one, and ignores it if it is empty', () => {
  const only = (event: object) => parseParameters(event, ['Sid'], { Target: 'cannot change' });
  expect(() => only({ Url: 'x' })).toThrow(refused(20001, 'Unknown parameter "Url"'));
  expect(() => only({ target: 'studio' })).toThrow(refused(20001, 'target: cannot change'));
  expect(only({ Target: '', Sid: 'x' })).toEqual({ Sid: 'x' });
});

test('returns valid input or a well-formed error, whatever a client sends', () => {
  const key = fc.oneof(
    fc.constantFrom(...all.flatMap(spellingsOf), '__proto__', 'request', 'toString'),
    fc.string(),
  );
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('true', 'false', 'a,b', '["a"]', '[', '[1,{}]', '\u0000', 'x'.repeat(5000)),
  );
  const value = fc.oneof(
    text,
    fc.array(text),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.object(),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value)), (entries) => {
      const event: object = JSON.parse(
        `{${entries.map(([name, sent]) => `${JSON.stringify(name)}:${JSON.stringify(sent) ?? null}`).join()}}`,
      );
      let input: Record<string, unknown>;
      try {
        input = read(event);
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError);
        const answer = JSON.parse(JSON.stringify(error));
        expect(answer).toMatchObject({ code: expect.any(Number), status: 400 });
        expect(answer.message.length).toBeLessThan(700);
        return;
      }
      for (const [name, got] of Object.entries(input)) {
        const { kind } = PARAMETERS[name as ParameterName];
        if (kind === 'string') expect(typeof got).toBe('string');
        if (kind === 'boolean') expect(typeof got).toBe('boolean');
        if (kind === 'array') expect((got as unknown[]).every((item) => typeof item === 'string')).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});
