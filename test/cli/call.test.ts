import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { validateRequest } from 'twilio';
import { call } from '../../cli/call/call';
import { freePort, runToEnd } from '../support/programs';

// A server that does what Twilio's gateway does in front of a protected function: with the helper library's own check, over
// the URL and the form as they came in.

const AUTH_TOKEN = 'token-of-somebody-who-tests-4242';
const env = { AUTH_TOKEN };

interface Seen {
  readonly valid: boolean;
  readonly method: string;
  readonly path: string;
  readonly type: string | undefined;
  readonly params: Record<string, string | string[]>;
}

let server: Server;
let origin: string;
let seen: Seen[];
let answer: { status: number; type: string; body: string };
const json = (body: object, status = 200) => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const params = Object.create(null);
    for (const key of form.keys())
      params[key] = form.getAll(key).length > 1 ? [...form.getAll(key)] : form.get(key);
    const signature = `${request.headers['x-twilio-signature']}`;
    const url = `http://${request.headers.host}${request.url}`;
    seen.push({
      valid: validateRequest(AUTH_TOKEN, signature, url, params),
      method: `${request.method}`,
      path: `${request.url}`,
      type: request.headers['content-type'],
      params: { ...params },
    });
    response
      .writeHead(answer.status, { 'content-type': answer.type, location: '/elsewhere' })
      .end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  seen = [];
  answer = json({});
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

test.each<[string, string[], string, Seen['params']]>([
  ['one parameter', ['list', 'ConversationSid=CH1'], '/webhooks/list', { ConversationSid: 'CH1' }],
  ['none', ['/events/conversation'], '/events/conversation', {}],
  [
    'a repeated key',
    ['attach', 'Filters=b', 'Filters=a', 'X=1'],
    '/webhooks/attach',
    { Filters: ['b', 'a'], X: '1' },
  ],
  ['the same twice', ['attach', 'Filters=a', 'Filters=a'], '/webhooks/attach', { Filters: ['a', 'a'] }],
  ['a query', ['/my-function?Profile=bot&Since=1', 'A=1'], '/my-function?Profile=bot&Since=1', { A: '1' }],
  ['a query to be encoded', ["/f?a=é b'&c=%2B"], '/f?a=%C3%A9%20b%27&c=%2B', {}],
  [
    'signs',
    ['attach', 'Url=https://a.b/?x=1&y=a=b+c%20#d', 'Body= ü "\n😀 '],
    '/webhooks/attach',
    { Url: 'https://a.b/?x=1&y=a=b+c%20#d', Body: ' ü "\n😀 ' },
  ],
  ['nothing', ['detach', 'Target='], '/webhooks/detach', { Target: '' }],
  [
    'a name of JavaScript',
    ['sync', '__proto__=1', 'constructor=2'],
    '/webhooks/sync',
    { ['__proto__']: '1', constructor: '2' },
  ],
  ['two slashes', ['//elsewhere.example/f'], '//elsewhere.example/f', {}],
])('a call with %s is signed as Twilio signs it', async (_, args, path, params) => {
  expect(await called(args)).toMatchObject({ code: 0 });
  expect(seen).toEqual([
    {
      valid: true,
      method: 'POST',
      path,
      params: { ...params },
      type: expect.stringContaining('application/x-www-form-urlencoded'),
    },
  ]);
});

test('whatever the parameters are', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 8 });
  const odd = text.filter((name) => name !== '' && !/^-|=/.test(name));
  const key = fc.oneof(fc.constantFrom('Filters', 'Triggers'), odd);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(key, text), { maxLength: 6 }), async (pairs) => {
      seen = [];
      await called(['attach', ...pairs.map(([name, value]) => `${name}=${value}`)]);
      expect(seen).toMatchObject([{ valid: true }]);
      const sent = Object.entries(seen[0]!.params).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, one]),
      );
      expect(sent.sort()).toEqual(pairs.map(([name, value]) => [name, value]).sort());
    }),
    { numRuns: 60 },
  );
});

test('the check above can fail: another token is refused', async () => {
  await called(['list', 'ConversationSid=CH1'], { AUTH_TOKEN: 'another' });
  await called(['list', 'ConversationSid=CH1'], {});
  expect(seen).toMatchObject([{ valid: false }, { valid: false }]);
});

test('without a token nothing is signed, and that is said', async () => {
  expect(await called(['list'], {})).toMatchObject({
    code: 0,
    stderr: `POST ${origin}/webhooks/list (not signed: there is no AUTH_TOKEN)\n`,
  });
});

test('an answer is told in lines and tables', async () => {
  const webhook = (sid: string, target: string, configuration: object) => ({
    sid,
    account_sid: 'AC1',
    conversation_sid: 'CH1',
    target,
    configuration,
    url: 'https://x',
    date_created: '2026-11-22T10:00:00Z',
  });
  answer = json({
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
])('%j is an answer too', async (given, stdout) => {
  answer = given;
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
    "403 Forbidden: No; if Twilio's gateway says so, AUTH_TOKEN is not that of the account behind this URL\n",
  ],
  [{ status: 500, type: 'text/plain', body: '' }, '500 Internal Server Error\n'],
  [{ status: 302, type: 'text/plain', body: '' }, '302 Found\n'],
  [
    json({ code: 20500, message: `what about ${AUTH_TOKEN}?` }, 500),
    '500, error 20500: what about (hidden)?\n',
  ],
  [
    json({ code: 1, message: { toString: 1 } }, 500),
    '500 Internal Server Error: {"code":1,"message":{"toString":1}}\n',
  ],
  [json({ code: 1 }, 500), '500 Internal Server Error: {"code":1}\n'],
])('an error answer is told on stderr: %j', async (given, told) => {
  answer = given;
  expect(await called(['attach'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `POST ${origin}/webhooks/attach\n${told}`,
  });
  expect(seen).toHaveLength(1);
});

test('--json prints the answer alone, be it an error; what is no JSON is not printed', async () => {
  answer = json({ sid: 'WH1', text: 'a\nb' }, 201);
  expect(await called(['attach', '--json'])).toMatchObject({
    code: 0,
    stdout: '{"sid":"WH1","text":"a\\nb"}\n',
  });
  answer = json(occupied, 403);
  expect(await called(['attach', '--json'])).toMatchObject({
    code: 1,
    stdout: `${JSON.stringify(occupied)}\n`,
  });
  answer = { status: 200, type: 'text/plain', body: 'Hello' };
  expect(await called(['/my-function', '--json'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `POST ${origin}/my-function\n200 OK: Hello; that is no JSON\n`,
  });
});

test.each(['--help', '-h'])('%s tells the usage, which is no failure', async (help) => {
  const { code, stderr } = await called([help]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Usage: npm run call -- /) });
});

test.each([
  [[], 'Which function? Usage: '],
  [['atach'], '"atach" is no function of this bundle; did you mean "attach"?'],
  [
    ['webhooks'],
    '"webhooks" is no function of this bundle; there are attach, detach, list, fetch, update and sync, and',
  ],
  [['/f#x'], '"/f#x" is no path of a function'],
  [['/f#'], '"/f#" is no path of a function'],
  [['list', 'ConversationSid'], 'A parameter is Key=Value, not "ConversationSid".'],
  [['list', '--jsn'], "Unknown option '--jsn'. Usage: "],
  [['list', '--url', 'http://bots.twil.io'], 'The URL of the deployment must be https;'],
  [
    ['list', '--url', 'https://me:pass-42@bots.twil.io'],
    'The URL of the deployment takes no user name and no password;',
  ],
  [['list', 'AUTH_TOKEN=pass-42'], 'Secrets are not taken as arguments'],
  [['list', '--auth-token=pass-42'], 'Secrets are not taken as arguments'],
  [['list', 'twilio_auth_token=pass-42'], 'Secrets are not taken as arguments'],
  [['list', `Body=${AUTH_TOKEN}`], 'An argument has the auth token in it'],
  [['list', '--env', 'nowhere.env'], 'nowhere.env cannot be read.'],
])('%j is wrong usage, told in one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await called(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.slice(0, sentence.length)).toBe(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(`pass-42|${AUTH_TOKEN}`);
  expect(seen).toEqual([]);
});

test('the program itself: arguments, exit codes, and nothing of the token but the signature', async () => {
  answer = json({ sid: 'WH1' }, 201);
  const run = (args: string[], variables: Record<string, string> = env) =>
    runToEnd('build/call.js', args, variables);
  expect(
    await run(['attach', 'Filters=a', 'Filters=b'], { ...env, CONVERSATION_WEBHOOKS_URL: origin }),
  ).toEqual({
    code: 0,
    stdout: '201 Created\nsid  WH1\n',
    stderr: `POST ${origin}/webhooks/attach\n`,
  });
  expect(seen).toMatchObject([{ valid: true, params: { Filters: ['a', 'b'] } }]);
  const nobody = `http://127.0.0.1:${await freePort()}`;
  expect(await run(['list', '--url', nobody])).toEqual({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(/^POST \S+\/webhooks\/list\n.*ECONNREFUSED.*npm start.*\n$/),
  });
  expect(await run(['list', 'x'])).toMatchObject({ code: 2, stdout: '' });
});
