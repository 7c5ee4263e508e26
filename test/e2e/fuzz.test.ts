import fc from 'fast-check';
import { EVENT_TYPES } from '../../src/events/event-types';
import { type ParameterName, spellingsOf } from '../../src/handler/parameters';
import { apiClient } from '../support/api';
import { post } from '../support/call';
import { malformed, OBJECTS, pathPart } from '../support/malformed';
import { emulatorEnvironment } from '../support/programs';
import { type RawAnswer, type RawRequest, send, sendBytes } from '../support/raw';
import { useStack } from '../support/stack';

// Whatever is sent: an answer, in its own form, with nothing of the inside in it; and afterwards all works as before.
// FUZZ_RUNS sends more to each place; a failure prints the seed and path by which fast-check repeats it.

const RUNS = Number(process.env.FUZZ_RUNS || 150);
const { ACCOUNT_SID = '', AUTH_TOKEN = '' } = emulatorEnvironment();
const BASIC = Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64');
const IS = 'IS00000000000000000000000000000001';

const FLEX_ORIGINS = 'https://flex.twilio.com';
const { emulator, functions } = useStack(() => ({ FLEX_ORIGINS }));
/** Valid until the next reset. */
let Token = '';

const repeat = (
  request: fc.Arbitrary<RawRequest>,
  check: (request: RawRequest) => Promise<void>,
  runs = RUNS,
) =>
  fc.assert(fc.asyncProperty(request, check), {
    numRuns: runs,
    interruptAfterTimeLimit: 60_000,
    endOnFailure: true,
  });

/** Nothing of the inside: no stack, no path of this machine, no credentials. */
function expectDiscreet({ text }: RawAnswer): void {
  expect(text).not.toMatch(/\n\s+at |node_modules|file:\/\//);
  expect(text).not.toContain(__dirname.replace(/\/test\/e2e$/, ''));
  expect(text).not.toContain(AUTH_TOKEN);
  expect(text).not.toContain(BASIC);
}

function expectError(status: number, body: { code: number }): void {
  expect(body).toEqual({
    code: expect.any(Number),
    message: expect.stringMatching(/./s),
    more_info: `https://www.twilio.com/docs/errors/${body.code}`,
    status,
    ...('details' in body && { details: expect.any(Object) }),
  });
  // What we answer when something was thrown that should not have been.
  expect(status).not.toBe(500);
}

/** A conversation and a service of a test's own, with a webhook, so that what is right is there. */
async function place() {
  // The default service may have been deleted.
  await fetch(`${emulator.origin}/_emulator/reset`, { method: 'POST' });
  Token = (await post(`${emulator.origin}/_emulator/flex-tokens`, {})).body.token;
  const { conversations, services } = apiClient(emulator.origin);
  const { sid: ServiceSid } = await services.create({ friendlyName: 'x' });
  const { sid: ConversationSid } = await conversations.create({});
  const { sid: Sid } = await conversations(ConversationSid).webhooks.create({
    target: 'webhook',
    'configuration.url': 'http://127.0.0.1:1/',
    'configuration.filters': ['onMessageAdded'],
  });
  return { ConversationSid, ServiceSid, Sid };
}
type Place = Awaited<ReturnType<typeof place>>;

const names = (...of: ParameterName[]) => ['ConversationSid', 'ServiceSid', ...of.flatMap(spellingsOf)];
const SETTINGS = ['Url', 'Method', 'Filters', 'Triggers', 'FlowSid'] as const;
const message = { EventType: 'onMessageAdded', Index: '3', DateCreated: '2026-01-31T12:00:00Z' };
const FIELDS = [
  ...Object.keys(message),
  ...[
    'Body',
    'Attributes',
    'Media',
    'StateTo',
    'ChatServiceSid',
    'ServiceSid',
    'Profile',
    'Replay',
    'At',
    'Done',
    'Own',
    'Policy',
  ],
];
/** Takes the place of the headers, where JSON is sent. */
const OF_A_PAGE = { request: { headers: { origin: FLEX_ORIGINS } } };
const SYNCED = /"result":"(changed|unchanged|planned|unmanaged|ignored)"/;

type Case = [
  path: string,
  valid: (place: Place) => Record<string, unknown>,
  names: string[],
  success: RegExp,
];
const FUNCTIONS: readonly Case[] = [
  [
    '/webhooks/attach',
    ({ ConversationSid }) => ({
      ConversationSid,
      Target: 'webhook',
      Url: 'https://crm.example/in',
      Filters: 'onMessageAdded',
    }),
    names(...SETTINGS, 'Target', 'ReplayAfter', 'Replace'),
    /"result":"(created|updated|unchanged|replaced)"/,
  ],
  [
    '/webhooks/detach',
    ({ ConversationSid }) => ({ ConversationSid, Target: 'webhook' }),
    names('Sid', 'Target', 'Url', 'FlowSid', 'All'),
    /^\{"detached":\[.*\],"count":\d\}$/,
  ],
  [
    '/webhooks/list',
    ({ ConversationSid }) => ({ ConversationSid }),
    names('Target'),
    /^\{"webhooks":\[.*\],"count":\d,"free":\d\}$/,
  ],
  ['/webhooks/fetch', (place) => place, names('Sid'), /^\{"sid":"WH/],
  [
    '/webhooks/update',
    (place) => ({ ...place, Method: 'get' }),
    names('Sid', 'Target', 'ReplayAfter', ...SETTINGS),
    /"result":"(updated|unchanged)"/,
  ],
  [
    '/webhooks/sync',
    ({ ConversationSid }) => ({ ConversationSid, Profile: 'agent' }),
    names('Profile', 'ReplayAfter', 'EndExecutions', 'DryRun'),
    SYNCED,
  ],
  [
    '/events/conversation',
    ({ ConversationSid }) => ({ ...message, ConversationSid, Body: 'an agent, please' }),
    FIELDS,
    SYNCED,
  ],
  [
    '/events/conversation',
    ({ ConversationSid }) => ({ ConversationSid, EventType: 'onConversationAdded' }),
    [...FIELDS, ...EVENT_TYPES],
    SYNCED,
  ],
  [
    '/events/studio',
    ({ ConversationSid }) => ({
      type: 'com.twilio.studio.flow.execution.ended',
      data: { contact_channel_address: ConversationSid },
    }),
    ['type', 'data', '0', '1', 'ServiceSid'],
    /"conversations":\[|"result":"ignored"/,
  ],
  [
    '/flex/sync',
    ({ ConversationSid }) => ({ ConversationSid, Profile: 'agent', Token, ...OF_A_PAGE }),
    names('Profile', 'Token'),
    SYNCED,
  ],
  [
    '/flex/list',
    ({ ConversationSid }) => ({ ConversationSid, Token, ...OF_A_PAGE }),
    names('Token'),
    /^\{"profile":.*,"count":\d,"free":\d\}$/,
  ],
  [
    '/status',
    () => ({ ConversationSid: 'CH1' }),
    ['status', 'missing', 'policy', 'AUTH_TOKEN'],
    /^\{"status":"ready","version":"[^"]+","policy_hash":"[\w-]{6}"\}$/,
  ],
];

// Before a function is called, the runtime parses the request; what it cannot parse it answers itself, on this machine with
// a page that shows its own stack. That is not ours, and not to be mistaken for an answer of ours.
function isOfTheRuntime({ method }: Pick<RawRequest, 'method'>, { status, type, text }: RawAnswer): boolean {
  if (method === 'OPTIONS' && status === 204) return text === '';
  const unread = [400, 413, 415].includes(status) && type.startsWith('text/html');
  return unread && (method === 'HEAD' || /<pre>\w*Error: .*body-parser/s.test(text));
}

/** Whether it was ours to answer. */
async function callFunction(request: RawRequest, success: RegExp): Promise<boolean> {
  const answer = await send(functions.origin, request);
  if (isOfTheRuntime(request, answer)) return false;
  expect(answer.type).toMatch(/^application\/json/);
  if (request.method === 'HEAD') return true;
  expectDiscreet(answer);
  if (answer.status < 300) expect(answer.text).toMatch(success);
  else expectError(answer.status, JSON.parse(answer.text));
  return true;
}

test.each(FUNCTIONS)(
  '%s',
  async (path, valid, names, success) => {
    let ours = 0;
    await repeat(malformed(fc.constant(path), valid(await place()), names), async (request) => {
      if (await callFunction(request, success)) ours += 1;
    });
    expect(ours).toBeGreaterThan(RUNS / 4);
  },
  120_000,
);

test.each(FUNCTIONS)('%s, an odd object in each place', async (path, valid, names, success) => {
  const right = valid(await place());
  for (const name of names)
    for (const odd of OBJECTS) {
      const body = Buffer.from(JSON.stringify({ ...right, [name]: odd }));
      const headers = { 'content-type': 'application/json', 'content-length': `${body.length}` };
      expect(await callFunction({ method: 'POST', path, headers, body }, success)).toBe(true);
    }
});

const AUTHORIZATIONS = ['', 'Basic', 'Basic !!!', 'Bearer x', `Basic ${BASIC} `, `${BASIC}`];
const credentials = fc.record({
  authorization: fc.oneof(
    { weight: 12, arbitrary: fc.constant(`Basic ${BASIC}`) },
    { weight: 1, arbitrary: fc.constantFrom(...AUTHORIZATIONS) },
  ),
  'x-twilio-webhook-enabled': fc.constantFrom('true', 'false', '\t', '1'),
});

const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => `/${all.join('/')}`);
const paths = {
  api({ ConversationSid, ServiceSid, Sid }: Place) {
    const v1 = fc.constant('v1');
    const key = pathPart(ConversationSid, 'demo');
    const top = pathPart('Conversations', 'Services', 'Sinks', 'Subscriptions', 'Configuration/Addresses');
    const resource = pathPart('Webhooks', 'Messages', 'Participants');
    return fc.oneof(
      joined(v1, top),
      joined(v1, top, pathPart(ConversationSid, ServiceSid)),
      joined(v1, pathPart('Conversations'), key, resource),
      joined(v1, pathPart('Conversations'), key, resource, pathPart(Sid)),
      joined(v1, pathPart('Services'), pathPart(IS), pathPart('Conversations'), key, resource),
      joined(v1, pathPart('Configuration'), pathPart('Webhooks')),
    );
  },
  own({ ConversationSid }: Place) {
    const simulated = ['messages', 'participants', 'receipts', 'state', 'executions/end'];
    const conversations = simulated.map((what) => `conversations/${ConversationSid}/${what}`);
    const others = [
      'inbound',
      'deliveries',
      'executions',
      'requests',
      'idle',
      'events',
      'options',
      'clock',
      'snapshot',
      'receiver',
    ];
    return joined(fc.constant('_emulator'), pathPart(...conversations, ...others, 'receiver/requests'));
  },
};
const PARTS = [
  ...[
    'FriendlyName',
    'UniqueName',
    'Attributes',
    'State',
    'Timers.Inactive',
    'DateCreated',
    'Body',
    'Author',
    'Media',
    'Identity',
  ],
  ...[
    'MessagingBinding.Address',
    'MessagingBinding.ProxyAddress',
    'Target',
    'Configuration.Url',
    'Configuration.Method',
  ],
  ...[
    'Configuration.Filters',
    'Configuration.Triggers',
    'Configuration.FlowSid',
    'Configuration.ReplayAfter',
    'PageSize',
    'Page',
  ],
  ...[
    'PageToken',
    'Order',
    'Filters',
    'PostWebhookUrl',
    'Type',
    'Address',
    'AutoCreation.Enabled',
    'AutoCreation.Type',
    'Description',
  ],
  ...[
    'SinkConfiguration',
    'SinkType',
    'SinkSid',
    'Types',
    'From',
    'To',
    'Source',
    'Status',
    'MessageSid',
    'advance',
    'triggerCase',
  ],
];
const attachment = {
  Target: 'webhook',
  'Configuration.Url': 'http://127.0.0.1:1/',
  'Configuration.Filters': 'onMessageAdded',
};

test.each([
  ['a conversation', 'api', { FriendlyName: 'x', Attributes: '{}' }],
  ['a webhook', 'api', attachment],
  ['a message', 'api', { Body: 'x', Author: 'agent' }],
  ['a participant', 'api', { Identity: 'x' }],
  ['its own routes, a message', 'own', { Body: 'x', Source: 'SMS' }],
  ['its own routes, an arrival', 'own', { From: '+15005550006', To: '+15005550001', Body: 'x' }],
] as const)(
  'the emulator: %s',
  async (_, where, valid) => {
    const headers = where === 'api' ? credentials : undefined;
    await repeat(malformed(paths[where](await place()), valid, PARTS, headers), async (request) => {
      const answer = await send(emulator.origin, request);
      expectDiscreet(answer);
      if (request.method === 'HEAD' || answer.status === 204) return expect(answer.text).toBe('');
      // `/_emulator/..` is the page.
      const isPage = answer.status === 200 && new URL(request.path, emulator.origin).pathname === '/';
      expect(answer.type).toMatch(isPage ? /^text\/html/ : /^application\/json/);
      if (isPage) return;
      const body = JSON.parse(answer.text);
      if (answer.status < 300) return expect(body).toEqual(expect.any(Object));
      // What it receives it answers as a webhook would.
      if (answer.status === 403 && 'valid' in body) return expect(body.valid).toBe(false);
      expectError(answer.status, body);
    });
  },
  120_000,
);

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const many = (separator: string) => Array.from({ length: 50_000 }, (_, i) => `a${i}=1`).join(separator);
const HUGE: readonly (readonly [what: string, type: string, body: string])[] = [
  ['a list of 100,000 levels', 'application/json', nested(100_000)],
  ['a value of 50,000 levels', 'application/json', `{"Body":${nested(50_000)},"Url":${nested(50_000)}}`],
  [
    'a text of 900 KB',
    'application/json',
    `{"Body":"${'x'.repeat(450_000)}","Url":"${'x'.repeat(450_000)}"}`,
  ],
  ['a body of 7 MB', 'application/json', `{"Body":"${'x'.repeat(7_000_000)}"}`],
  ['a number of 100,000 digits', 'application/json', `{"Index":${'9'.repeat(100_000)}}`],
  ['a form of 50,000 keys', 'application/x-www-form-urlencoded', many('&')],
  ['one key 50,000 times', 'application/x-www-form-urlencoded', 'Url=1&'.repeat(50_000)],
];

test.each(HUGE)('%s', async (_, type, body) => {
  const { ConversationSid } = await place();
  const headers = { 'content-type': type, 'content-length': `${body.length}` };
  const request = { method: 'POST', headers, body: Buffer.from(body) };
  for (const [path, , , success] of FUNCTIONS) await callFunction({ ...request, path }, success);
  // Of a body that it does not take it reads nothing, so that the connection may break before the answer is read.
  if (body.length > 1_000_000) return;
  const authorization = `Basic ${BASIC}`;
  for (const path of [
    `/v1/Conversations/${ConversationSid}/Messages`,
    `/_emulator/conversations/${ConversationSid}/messages`,
    '/_emulator/options',
    '/_emulator/receiver',
  ]) {
    const answer = await send(emulator.origin, { ...request, path, headers: { ...headers, authorization } });
    expectDiscreet(answer);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  }
  expect((await fetch(`${emulator.origin}/_emulator/receiver/requests`)).status).toBe(200);
});

const NO_HTTP = [
  'hello\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'GET\r\n\r\n',
  'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
  'GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /v1/Conversations HTTP/1.1\r\n\r\n',
  'GET /v1/Conversations HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n',
  'GET http://evil.example/v1/Conversations HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
  'GET //evil.example/v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'POST /webhooks/list HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde',
  'POST /webhooks/list HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /webhooks/list HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'POST /webhooks/list HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"cut":',
  'POST /v1/Conversations HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nFriendlyName=',
  `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`,
  `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  'GET / HTTP/1.1\r\nHost: x\r\nExpect: the-unexpected\r\nConnection: close\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
];

test.each(NO_HTTP.map((bytes) => [JSON.stringify(bytes).slice(0, 100), bytes] as const))(
  'bytes %s',
  async (_, bytes) => {
    for (const { origin } of [functions, emulator]) {
      const text = await sendBytes(origin, bytes);
      expectDiscreet({ status: 0, type: '', text });
      expect(text).toMatch(/^(HTTP\/1\.1 [2-4]|$)/);
    }
  },
);

test('leaves both programs alive, without output, and working', async () => {
  for (const { child, output } of [functions, emulator]) {
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    expect(output()).not.toMatch(/unhandled|uncaught|Internal error; see|DeprecationWarning|MaxListeners/i);
    expect(output()).not.toContain(AUTH_TOKEN);
    expect(output()).not.toContain(BASIC);
  }
  // A stack is the runtime's, of a request that it could not parse.
  const { sid } = await apiClient(emulator.origin).conversations.create({});
  const attached = await post(`${functions.origin}/webhooks/attach`, {
    ConversationSid: sid,
    Target: 'studio',
    FlowSid: `FW${'a'.repeat(32)}`,
  });
  expect(attached).toMatchObject({ status: 201, body: { result: 'created' } });
  expect(await post(`${functions.origin}/webhooks/list`, { ConversationSid: sid })).toMatchObject({
    body: { count: 1 },
  });
});
