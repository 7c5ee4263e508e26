import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { validateRequest } from 'twilio';
import { call } from '../../cli/call/call';
import { freePort, runToEnd } from '../support/programs';

// A server that validates signatures as Twilio's gateway does for a protected function: with the helper library, over the
// URL and the form as received.

const AUTH_TOKEN = 'token-of-somebody-who-tests-4242';
const env = { AUTH_TOKEN };

interface Received {
  readonly valid: boolean;
  readonly method: string;
  readonly path: string;
  readonly type: string | undefined;
  readonly params: Record<string, string | string[]>;
}

let server: Server;
let origin: string;
let received: Received[];
let response: { status: number; type: string; body: string };
const json = (body: object, status = 200) => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

beforeAll(async () => {
  server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const form = new URLSearchParams(body);
    const params = Object.create(null);
    for (const key of form.keys())
      params[key] = form.getAll(key).length > 1 ? [...form.getAll(key)] : form.get(key);
    const signature = `${incoming.headers['x-twilio-signature']}`;
    const url = `http://${incoming.headers.host}${incoming.url}`;
    received.push({
      valid: validateRequest(AUTH_TOKEN, signature, url, params),
      method: `${incoming.method}`,
      path: `${incoming.url}`,
      type: incoming.headers['content-type'],
      params: { ...params },
    });
    outgoing
      .writeHead(response.status, { 'content-type': response.type, location: '/elsewhere' })
      .end(response.body);
  }).listen(0, '127.0.0.1');
  // On a busy machine the client could otherwise write to a connection that is just being closed.
  server.keepAliveTimeout = 0;
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  received = [];
  response = json({});
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** In this process. */
async function called(args: string[], variables: NodeJS.ProcessEnv = env) {
  const text = { stdout: '', stderr: '' };
  const code = await call(['--url', origin, ...args], variables, {
    // No .env of whoever runs this.
    folder: __dirname,
    out(line) {
      text.stdout += `${line}\n`;
    },
    err(line) {
      text.stderr += `${line}\n`;
    },
  });
  return { code, ...text };
}

test.each<[string, string[], string, Received['params']]>([
  ['one parameter', ['list', 'ConversationSid=CH1'], '/webhooks/list', { ConversationSid: 'CH1' }],
  ['no parameter', ['/events/conversation'], '/events/conversation', {}],
  [
    'a repeated key',
    ['attach', 'Filters=b', 'Filters=a', 'X=1'],
    '/webhooks/attach',
    { Filters: ['b', 'a'], X: '1' },
  ],
  ['the same pair twice', ['attach', 'Filters=a', 'Filters=a'], '/webhooks/attach', { Filters: ['a', 'a'] }],
  ['a query', ['/my-function?Profile=bot&Replay=1', 'A=1'], '/my-function?Profile=bot&Replay=1', { A: '1' }],
  ['a query that has to be encoded', ["/f?a=é b'&c=%2B"], '/f?a=%C3%A9%20b%27&c=%2B', {}],
  [
    'special characters',
    ['attach', 'Url=https://a.b/?x=1&y=a=b+c%20#d', 'Body= ü "\n😀 '],
    '/webhooks/attach',
    { Url: 'https://a.b/?x=1&y=a=b+c%20#d', Body: ' ü "\n😀 ' },
  ],
  ['an empty value', ['detach', 'Target='], '/webhooks/detach', { Target: '' }],
  [
    'names of Object.prototype',
    ['sync', '__proto__=1', 'constructor=2'],
    '/webhooks/sync',
    { ['__proto__']: '1', constructor: '2' },
  ],
  ['two slashes', ['//elsewhere.example/f'], '//elsewhere.example/f', {}],
])('signs a call with %s as Twilio does', async (_, args, path, params) => {
  expect(await called(args)).toMatchObject({ code: 0 });
  expect(received).toEqual([
    {
      valid: true,
      method: 'POST',
      path,
      params: { ...params },
      type: expect.stringContaining('application/x-www-form-urlencoded'),
    },
  ]);
});

test('signs and sends any parameters', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 8 });
  const odd = text.filter((name) => name !== '' && !/^-|=/.test(name));
  const key = fc.oneof(fc.constantFrom('Filters', 'Triggers'), odd);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(key, text), { maxLength: 6 }), async (pairs) => {
      received = [];
      await called(['attach', ...pairs.map(([name, value]) => `${name}=${value}`)]);
      expect(received).toMatchObject([{ valid: true }]);
      const sent = Object.entries(received[0]!.params).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, one]),
      );
      expect(sent.sort()).toEqual(pairs.map(([name, value]) => [name, value]).sort());
    }),
    { numRuns: 60 },
  );
});

test('makes an invalid signature with another token, and none without a token', async () => {
  await called(['list', 'ConversationSid=CH1'], { AUTH_TOKEN: 'another' });
  await called(['list', 'ConversationSid=CH1'], {});
  expect(received).toMatchObject([{ valid: false }, { valid: false }]);
});

test('reports that a call without a token is not signed', async () => {
  expect(await called(['list'], {})).toMatchObject({
    code: 0,
    stderr: `POST ${origin}/webhooks/list (not signed: AUTH_TOKEN is not set)\n`,
  });
});

test('prints a response as lines and tables', async () => {
  const webhook = (sid: string, target: string, configuration: object) => ({
    sid,
    account_sid: 'AC1',
    conversation_sid: 'CH1',
    target,
    configuration,
    url: 'https://x',
    date_created: '2026-11-22T10:00:00Z',
  });
  response = json({
    webhooks: [
      webhook('WH1', 'webhook', {
        url: 'https://crm.example',
        filters: ['onMessageAdded', 'onDeliveryUpdated'],
      }),
      webhook('WH2', 'studio', { flow_sid: 'FW1' }),
    ],
    count: 2,
    nested: { free: 3, none: null },
    list: [],
  });
  expect(await called(['list'])).toEqual({
    code: 0,
    stderr: `POST ${origin}/webhooks/list\n`,
    stdout: `200 OK
count        2
nested.free  3
nested.none  null
list

webhooks:
sid  target   calls                on
WH1  webhook  https://crm.example  onMessageAdded, onDeliveryUpdated
WH2  studio   FW1
`,
  });
});

test.each([
  [{ status: 204, type: 'text/plain', body: '' }, '204 No Content\n'],
  [{ status: 200, type: 'text/plain', body: 'Hello \u001b[31mred' }, '200 OK\nHello  [31mred\n'],
  [json([1, 2]), '200 OK\n1, 2\n'],
])('prints the response %j', async (given, stdout) => {
  response = given;
  expect(await called(['/my-function'])).toMatchObject({ code: 0, stdout });
});

const occupied = {
  code: 50361,
  message: 'All slots are taken',
  more_info: 'x',
  status: 403,
  details: { webhooks: [{ sid: 'WH1', target: 'studio' }] },
};
test.each([
  [json(occupied, 403), '403, error 50361: All slots are taken\nwebhooks:\nsid  target\nWH1  studio\n'],
  [
    { status: 403, type: 'text/html', body: '<b>No</b>' },
    "403 Forbidden: No; if this is Twilio's gateway, check that AUTH_TOKEN belongs to the account of this URL\n",
  ],
  [{ status: 500, type: 'text/plain', body: '' }, '500 Internal Server Error\n'],
  [{ status: 302, type: 'text/plain', body: '' }, '302 Found\n'],
  [
    json({ code: 20500, message: `what about ${AUTH_TOKEN}?` }, 500),
    '500, error 20500: what about (redacted)?\n',
  ],
  [
    json({ code: 1, message: { toString: 1 } }, 500),
    '500 Internal Server Error: {"code":1,"message":{"toString":1}}\n',
  ],
  [json({ code: 1 }, 500), '500 Internal Server Error: {"code":1}\n'],
])('prints an error response on stderr: %j', async (given, printed) => {
  response = given;
  expect(await called(['attach'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `POST ${origin}/webhooks/attach\n${printed}`,
  });
  expect(received).toHaveLength(1);
});

test('prints only the JSON of a response with --json, also of an error', async () => {
  response = json({ sid: 'WH1', text: 'a\nb' }, 201);
  expect(await called(['attach', '--json'])).toMatchObject({
    code: 0,
    stdout: '{"sid":"WH1","text":"a\\nb"}\n',
  });
  response = json(occupied, 403);
  expect(await called(['attach', '--json'])).toMatchObject({
    code: 1,
    stdout: `${JSON.stringify(occupied)}\n`,
  });
  response = { status: 200, type: 'text/plain', body: 'Hello' };
  expect(await called(['/my-function', '--json'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `POST ${origin}/my-function\n{"error":{"message":"200 OK: Hello; the response is not JSON"}}\n`,
  });
  const { code, stdout, stderr } = await called(['attch', '--json']);
  expect({ code, stdout, error: JSON.parse(stderr) }).toEqual({
    code: 2,
    stdout: '',
    error: {
      error: { message: '"attch" is not a function of this bundle; did you mean "attach"?' },
    },
  });
});

test.each(['--help', '-h'])('prints its options and examples with %s', async (help) => {
  const { code, stdout, stderr } = await called([help]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: npm run call -- <function> \[Key=Value\.\.\.\] \[options\]\n/);
  for (const flag of ['--url', '--json', '--env']) expect(stdout).toMatch(new RegExp(`^ {2}${flag}\\b`, 'm'));
  expect(stdout).toMatch(/^ {2}npm run call -- list ConversationSid=demo$/m);
  expect(received).toEqual([]);
});

const SECRET = 'secrets are not accepted as arguments';
test.each([
  [[], 'missing required argument function; see npm run call -- --help\n'],
  [['atach'], '"atach" is not a function of this bundle; did you mean "attach"?\n'],
  [
    ['webhooks'],
    '"webhooks" is not a function of this bundle; use attach, detach, list, fetch, update or sync, or a path such as /my',
  ],
  [['/f#x'], '"/f#x" is not a valid path; use one such as /my-function\n'],
  [['/f#'], '"/f#" is not a valid path'],
  [['list', 'ConversationSid'], '"ConversationSid" is not a parameter; write Key=Value\n'],
  [['list', '--jsn'], 'unknown option --jsn; did you mean --json?\n'],
  [['list', '--verbose=pass-42'], 'unknown option --verbose; see npm run call -- --help\n'],
  [['list', '--env'], 'option --env <file> argument missing; see npm run call -- --help\n'],
  [['list', '--url', ''], '--url is missing; use --url https://DOMAIN, or set CONVERSATION_WEBHOOKS_URL'],
  [['list', '--url', 'http://bots.twil.io'], '--url must be https;'],
  [['list', '--url', 'https://me:pass-42@bots.twil.io'], '--url must not contain a user name or password;'],
  [['list', 'AUTH_TOKEN=pass-42'], SECRET],
  [['list', '--auth-token=pass-42'], SECRET],
  [['list', 'twilio_auth_token=pass-42'], SECRET],
  [['list', `Body=${AUTH_TOKEN}`], 'an argument contains the auth token'],
  [['list', `--token=${AUTH_TOKEN}`], 'unknown option --token;'],
  [['list', '--env', 'nowhere.env'], '--env nowhere.env: cannot read the file; copy .env.example'],
])('rejects the arguments %j in one sentence, with exit code 2', async (args, sentence) => {
  const { code, stdout, stderr } = await called(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.slice(0, sentence.length)).toBe(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(`pass-42|${AUTH_TOKEN}`);
  expect(received).toEqual([]);
});

test('names the variable that an unusable URL came from', async () => {
  const { code, stderr } = await runToEnd('build/cli.js', ['call', 'list'], {
    ...env,
    CONVERSATION_WEBHOOKS_URL: 'bots.twil.io',
  });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^CONVERSATION_WEBHOOKS_URL must begin with https:\/\/; /),
  });
});

test('runs as a program: arguments, exit codes, and nothing of the token but the signature', async () => {
  response = json({ sid: 'WH1' }, 201);
  const run = (args: string[], variables: Record<string, string> = env) =>
    runToEnd('build/cli.js', ['call', ...args], variables);
  expect(
    await run(['attach', 'Filters=a', 'Filters=b'], { ...env, CONVERSATION_WEBHOOKS_URL: origin }),
  ).toEqual({
    code: 0,
    stdout: '201 Created\nsid  WH1\n',
    stderr: `POST ${origin}/webhooks/attach\n`,
  });
  expect(received).toMatchObject([{ valid: true, params: { Filters: ['a', 'b'] } }]);
  const nobody = `http://127.0.0.1:${await freePort()}`;
  expect(await run(['list', '--url', nobody])).toEqual({
    code: 3,
    stdout: '',
    stderr: `POST ${nobody}/webhooks/list\n${nobody} is unreachable (ECONNREFUSED); start the functions with npm start\n`,
  });
  expect(await run(['list', 'x'])).toMatchObject({ code: 2, stdout: '' });
});
