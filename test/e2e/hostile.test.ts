import { type Called, postJson } from '../support/call';
import { FAULTS } from '../support/faults';
import { conversationWith, startHostile } from '../support/hostile';
import { freePort, startFunctions } from '../support/programs';

// Whatever the API does: an answer comes in time, the credentials are nowhere in it, and they are sent nowhere else.

const ACCOUNT_SID = 'AC00000000000000000000000000000001';
const AUTH_TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeed';
const BASIC = Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64');
const QUERY = 'key=in-the-query';

const Sid = `WH${'1'.repeat(32)}`;
const Url = `https://crm.example/in?${QUERY}`;
const DateCreated = new Date().toISOString();
const At = `${Math.floor(Date.now() / 1000) - 20}`;
const message = { EventType: 'onMessageAdded', Index: '3', DateCreated };
const CALLS: readonly (readonly [path: string, body: object])[] = [
  ['webhooks/attach', { Target: 'webhook', Url, Filters: 'onMessageAdded' }],
  ['webhooks/attach', { Target: 'webhook', Url, Filters: 'onMessageAdded', ReplayAfter: 'latest' }],
  ['webhooks/attach', { Target: 'webhook', Url, Filters: 'onMessageAdded', Replace: 'true' }],
  ['webhooks/detach', { Sid }],
  ['webhooks/detach', { All: 'true' }],
  ['webhooks/list', {}],
  ['webhooks/fetch', { Sid }],
  ['webhooks/update', { Sid, Url }],
  ['webhooks/sync', {}],
  ['webhooks/sync', { Profile: 'agent', DryRun: 'true' }],
  ['webhooks/sync', { Profile: 'agent', ReplayAfter: 'start' }],
  ['events/conversation', { EventType: 'onConversationAdded', DateCreated }],
  [`events/conversation?Profile=bot&At=${At}`, { ...message, Body: 'an agent, please' }],
  [`events/conversation?Profile=bot&At=${At}&${QUERY}`, { ...message, Body: 'hello' }],
  ['events/studio', {}],
];

/** They end with the time that a function has, and nothing before it. */
const SLOW = ['no answer', 'headers that drip', 'a body that drips', 'another protocol', 'pages without end'];

/** No response that could be read: whether the call was carried out is unknown. */
const UNREADABLE = [
  ...['connection reset', 'reset in the headers', 'reset in the body', 'end in the body', 'no answer'],
  ...[
    'headers that drip',
    'headers without end',
    'a body that drips',
    'a body without end',
    'a body of 3 MB',
  ],
  ...['no HTTP', 'two lengths', 'a broken chunk', 'another protocol', 'HTML with 502', 'cut JSON'],
];

interface Answered extends Called {
  readonly call: string;
}

let functions: Awaited<ReturnType<typeof startFunctions>>;
let hostile: Awaited<ReturnType<typeof startHostile>>;
let answered: Map<string, Answered[]>;

beforeAll(async () => {
  const port = await freePort();
  hostile = await startHostile(`localhost:${port}`);
  // Each answer is looked at once: what is repeated has tests of its own.
  const env = {
    ACCOUNT_SID,
    AUTH_TOKEN,
    TWILIO_API_BASE_URL: hostile.origin,
    CRM_URL: Url,
    TWILIO_SERVICE_RETRY_LIMIT: '0',
  };
  functions = await startFunctions(env, { port });
  // What takes as long as a function may, all at once; then the others, few at a time, so that none waits for its turn.
  answered = new Map(await Promise.all(SLOW.map(ask)));
  for (const fault of Object.keys(FAULTS)) if (!answered.has(fault)) answered.set(...(await ask(fault)));
}, 240_000);
afterAll(async () => {
  await functions?.stop();
  await hostile?.stop();
});

const ask = async (fault: string): Promise<[fault: string, Answered[]]> => [
  fault,
  await Promise.all(CALLS.map(([path, body]) => call(path, body, conversationWith(fault)))),
];

async function call(path: string, body: object, ConversationSid: string): Promise<Answered> {
  const answer = await postJson(
    `${functions.origin}/${path}`,
    path === 'events/studio' ? [executionOf(ConversationSid)] : { ConversationSid, ...body },
    // A webhook is passed on as the API has it, and this API is not Twilio's.
    () => {},
  );
  return { ...answer, call: path };
}

function executionOf(contact_channel_address: string) {
  return { type: 'com.twilio.studio.flow.execution.ended', data: { contact_channel_address } };
}

const linesOfOurs = () =>
  functions
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));

test.each(Object.keys(FAULTS))('%s: every function responds in its own format', (fault) => {
  for (const { call, status, type, body } of answered.get(fault)!) {
    expect(type).toMatch(/^application\/json/);
    if (status < 300) expect(Object.keys(body)).not.toEqual([]);
    else {
      expect(status).toBeGreaterThanOrEqual(400);
      expect({ call, status, body }).toEqual({
        call,
        status,
        body: {
          code: expect.any(Number),
          message: expect.stringMatching(/./),
          more_info: `https://www.twilio.com/docs/errors/${body.code}`,
          status,
          ...('details' in body && { details: expect.any(Object) }),
          // Not if the time of the whole call ran out.
          ...('conversations' in body && {
            count: 1,
            conversations: [
              {
                ConversationSid: expect.any(String),
                result: 'failed',
                code: expect.any(Number),
                message: expect.stringMatching(/./),
              },
            ],
          }),
        },
      });
    }
  }
});

test.each(UNREADABLE)('%s: every function that calls the API responds with 502 or 503', (fault) => {
  const calls = answered.get(fault)!.filter(({ call }) => call.startsWith('webhooks/'));
  expect(calls.filter(({ status }) => status !== 502 && status !== 503)).toEqual([]);
  expect(calls.length).toBeGreaterThan(0);
});

test('never shows the credentials in a response', () => {
  for (const [fault, answers] of answered) {
    const text = JSON.stringify(answers);
    const found = [AUTH_TOKEN, BASIC.slice(0, 60)].filter((secret) => text.includes(secret));
    expect({ fault, found }).toEqual({ fault, found: [] });
  }
  const [echo] = answered.get('an echo with 400')!;
  expect(echo?.body.message).toBe('Bad request; you sent Authorization: Basic (redacted)');
});

test('never logs the credentials or the query of a URL', () => {
  const output = functions.output();
  expect(output).not.toContain(AUTH_TOKEN);
  expect(output).not.toContain(BASIC.slice(0, 60));
  expect(output.replace(/(Authorization: )?Basic \(redacted\)/g, '')).not.toMatch(/authorization|basic /i);
  // The local server itself prints what it is asked, with the query.
  expect(output.replace(/^.*\d{3} POST .*$/gm, '')).not.toContain('in-the-query');
  expect(linesOfOurs()).toHaveLength(Object.keys(FAULTS).length * CALLS.length);
  for (const line of linesOfOurs()) {
    expect(line).not.toContain('?');
    expect(JSON.parse(line).calls).toBeGreaterThanOrEqual(0);
  }
});

test('the status of every response is logged', () => {
  const sent = [...answered.values()].flatMap((answers) => answers.map(({ status }) => status));
  expect(
    linesOfOurs()
      .map((line) => JSON.parse(line).status)
      .sort(),
  ).toEqual(sent.sort());
});

test('sends no request elsewhere', () => {
  expect(hostile.reached).toEqual([]);
});

test('returns no internal error', () => {
  expect(functions.output()).not.toMatch(/ {4}at /);
  const own = [...answered].flatMap(([fault, answers]) =>
    answers.filter(({ status }) => status === 500).map(({ call, body }) => ({ fault, call, body })),
  );
  expect(own.filter(({ body }) => body.message.includes('Internal error; see'))).toEqual([]);
});
