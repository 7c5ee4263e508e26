import { logCall } from '../../src/handler/log';

let lines: { level: string; text: string }[];
beforeEach(() => {
  lines = [];
  for (const level of ['log', 'warn', 'error'] as const)
    jest.spyOn(console, level).mockImplementation((...[text]: unknown[]) => {
      lines.push({ level, text: `${text}` });
    });
});
afterEach(() => jest.restoreAllMocks());

const log = (body: object, more: Partial<Parameters<typeof logCall>[0]> = {}) => {
  logCall({ operation: 'event', status: 200, body, calls: 1, retries: 0, ms: 12, ...more });
  expect(lines).toHaveLength(1);
  const [{ level, text }] = lines.splice(0) as [{ level: string; text: string }];
  expect(text).not.toContain('\n');
  return { level, line: JSON.parse(text) };
};

test('has each fact of a sync, and nothing else of its response', () => {
  const { level, line } = log(
    {
      profile: 'agent',
      previous_profile: 'bot',
      result: 'changed',
      rule: 2,
      replay: 11,
      policy: 'f3Gh5k',
      plan: [
        { step: 'update', webhook: 'router', sid: 'WH1', why: 'enters profile agent' },
        { step: 'create', webhook: 'crm', why: 'in profile agent' },
      ],
      rounds: 1,
      count: 2,
      free: 3,
    },
    { conversation: 'CH1', event: 'onMessageAdded', calls: 5, retries: 1, ms: 210 },
  );
  expect(level).toBe('log');
  expect(line).toEqual({
    operation: 'event',
    conversation: 'CH1',
    event: 'onMessageAdded',
    status: 200,
    result: 'changed',
    rule: 2,
    from: 'bot',
    to: 'agent',
    steps: ['update router', 'create crm'],
    replay: 11,
    policy: 'f3Gh5k',
    calls: 5,
    retries: 1,
    ms: 210,
  });
});

test('has the index of an event’s message, and whether an attached webhook gets a replay', () => {
  expect(log({ result: 'ignored' }, { event: 'onMessageAdded', index: 0 }).line).toMatchObject({ index: 0 });
  expect(log({ result: 'created', replayed: true }, { operation: 'attach' }).line).toMatchObject({
    replayed: true,
  });
});

test('has the first rule, and the first message', () => {
  expect(log({ result: 'changed', rule: 0, replay: 0, previous_profile: null }).line).toMatchObject({
    rule: 0,
    replay: 0,
    from: null,
  });
});

test('leaves out what is empty', () => {
  expect(log({ result: 'ignored', why: 'no rule matches', policy: 'f3Gh5k', plan: [] }).line).toEqual({
    operation: 'event',
    status: 200,
    result: 'ignored',
    why: 'no rule matches',
    policy: 'f3Gh5k',
    calls: 1,
    ms: 12,
  });
});

test('has the code and the message of an error, and what was done before it', () => {
  const plan = [{ step: 'update', webhook: 'router', sid: 'WH1', why: 'x' }];
  expect(
    log({ code: 20404, message: 'Not found', status: 404, details: { plan } }, { status: 404 }),
  ).toMatchObject({
    level: 'log',
    line: { status: 404, code: 20404, message: 'Not found', steps: ['update router'] },
  });
});

test.each([
  ['an error of ours or Twilio’s', 500, { code: 20500 }, 12, 'error'],
  ['a 503', 503, { code: 20503, warnings: ['x'] }, 12, 'error'],
  ['full slots', 403, { code: 50361 }, 12, 'warn'],
  ['a warning', 200, { warnings: ['took over policy f3Gh5k'] }, 12, 'warn'],
  ['over 5 s', 200, {}, 5_001, 'warn'],
  ['5 s', 200, {}, 5_000, 'log'],
  ['no warnings', 200, { warnings: [] }, 12, 'log'],
  ['a caller’s error', 400, { code: 20001 }, 12, 'log'],
])('logs %s on its level', (_, status, body, ms, level) => {
  expect(log(body, { status, ms }).level).toBe(level);
});

test('says what the warnings are', () => {
  const { line } = log(
    { code: 50361, warnings: ['also managed by else.twil.io'] },
    { ms: 6_000, status: 403 },
  );
  expect(line.warnings).toEqual(['also managed by else.twil.io', 'all slots are taken', 'took over 5 s']);
});

test('names the conversations of a batch, and what failed of those that did', () => {
  const { line } = log({
    conversations: [
      { ConversationSid: 'CH1', result: 'changed', profile: 'bot' },
      {
        ConversationSid: 'CH2',
        result: 'failed',
        code: 20404,
        message: 'gone https://x.example/?key=secret',
      },
      { ConversationSid: 'CH3', result: 'failed', code: 20503, message: 'try again' },
    ],
    count: 3,
  });
  expect(line.conversations).toEqual(['CH1', 'CH2', 'CH3']);
  expect(line.failed).toEqual([
    { conversation: 'CH2', code: 20404, message: 'gone https://x.example/' },
    { conversation: 'CH3', code: 20503, message: 'try again' },
  ]);
});

test.each([
  'Url "https://crm.example/in?key=secret" is not valid',
  'https://crm.example/in#secret',
  "no 'https://crm.example/in?a=1&key=secret', sorry",
  'https://crm.example/in?key=secret',
  "https://crm.example/in?name='x'&key=secret",
  `{"url":"https://crm.example/in?name='secret'","a":1}`,
])('has no query of a URL in a message: %s', (message) => {
  const { line } = log(
    { code: 20001, message, warnings: [message], conversations: [{ result: 'failed', message }] },
    { status: 400 },
  );
  expect(JSON.stringify(line)).not.toContain('secret');
  expect(line.message).toContain('https://crm.example/in');
});

test('keeps the quotes around a URL whose query it leaves out', () => {
  const message = `neither "https://crm.example/a?key=1", nor 'https://crm.example/b?key=2'`;
  const { line } = log({ code: 20001, message, warnings: [message, 5] }, { status: 400 });
  const expected = `neither "https://crm.example/a", nor 'https://crm.example/b'`;
  expect(line).toMatchObject({ message: expected, warnings: [expected] });
});

test('shortens a long message', () => {
  expect(log({ message: 'x'.repeat(5_000) }, { status: 400 }).line.message).toHaveLength(300);
});

test.each([63, 64, 65, 500])(
  'has at most 64 of the %i characters of a conversation and an event',
  (length) => {
    const name = 'x'.repeat(length);
    const { line } = log({}, { conversation: name, event: name });
    expect([line.conversation, line.event]).toEqual(Array(2).fill('x'.repeat(Math.min(length, 64))));
  },
);

test('has no query of a URL that was sent as a conversation', () => {
  const { line } = log({}, { conversation: 'https://crm.example/in?key=secret', event: 'on#secret' });
  expect(line).toMatchObject({ conversation: 'https://crm.example/in', event: 'on' });
});

test('has neither settings of webhooks nor the body of a message', () => {
  const text = JSON.stringify(
    log({
      result: 'created',
      sid: 'WH1',
      Body: 'secret',
      configuration: { url: 'https://crm.example/?key=secret' },
      webhooks: [{ configuration: { url: 'https://crm.example/?key=secret' } }],
      plan: [{ step: 'create', webhook: 'crm', settings: { url: 'secret' } }],
      refused: [{ step: 'create', webhook: 'crm', message: 'secret' }],
      details: { webhooks: ['secret'] },
    }).line,
  );
  expect(text).not.toContain('secret');
});

test.each([{ plan: 'x' }, { plan: [null, 1] }, { warnings: 'x' }, { conversations: {} }, { message: 5 }])(
  'logs a line whatever the body is: %j',
  (body) => {
    expect(log(body).line).toEqual({ operation: 'event', status: 200, calls: 1, ms: 12 });
  },
);
