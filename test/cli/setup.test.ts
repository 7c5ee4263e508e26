import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from '../../cli/setup/setup';
import type { Terminal } from '../../cli/terminal';
import { deploymentUrl, readVariables } from '../../cli/variables';
import { newRecord } from '../../emulator/context';
import { ACCOUNT_SID, AUTH_TOKEN, DEFAULT_SERVICE_SID } from '../../emulator/twilio/account';
import { type Subject, startEmulator } from '../support/emulator';
import { policyFolder } from '../support/policy-folder';
import { runToEnd } from '../support/programs';

// With the real helper library, over HTTP to the emulator. What depends on the process runs as the built program.

let emulator: Subject;
const project = policyFolder();
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(async () => {
  project.remove();
  await emulator.stop();
});
beforeEach(async () => {
  await emulator.control('POST', '/reset');
});

const URL = 'https://bots-1234.twil.io';
const CONVERSATION = `${URL}/events/conversation`;
const ADDED = 'onConversationAdded';
const ENDED = 'com.twilio.studio.flow.execution.ended';
const THEIRS = 'https://them.example/hook?key=42';

const environment = () => ({ ACCOUNT_SID, AUTH_TOKEN, TWILIO_API_BASE_URL: emulator.origin });
const typed = (args: readonly string[], env: Record<string, string> = environment()) =>
  runToEnd('build/cli.js', ['setup', '--url', URL, ...args], env, project.folder);

/** The same in this process, which is faster. */
async function setup(
  args: readonly string[],
  env: NodeJS.ProcessEnv = environment(),
  more: Partial<Terminal> = {},
) {
  const text = { stdout: '', stderr: '' };
  const code = await setUp(['--url', URL, ...args], env, {
    folder: project.folder,
    out(line) {
      text.stdout += `${line}\n`;
    },
    err(line) {
      text.stderr += `${line}\n`;
    },
    ...more,
  });
  return { code, ...text };
}

const account = () => emulator.api.configuration.webhooks();
const sinks = async () =>
  (await emulator.events.sinks.list()).map(({ sinkConfiguration }) => sinkConfiguration);
async function subscriptions() {
  const all = await emulator.events.subscriptions.list();
  return Promise.all(
    all.map(async ({ sid }) =>
      (await emulator.events.subscriptions(sid).subscribedEvents.list()).map(({ type }) => type),
    ),
  );
}

/** What was requested of the API since, but for reading. */
async function changes(work: () => Promise<unknown>) {
  await emulator.control('DELETE', '/requests');
  await work();
  const { total, requests } = (await emulator.control('GET', '/requests')).body;
  expect(total).toBeGreaterThan(0);
  return requests
    .filter(({ method }: { method: string }) => method !== 'GET')
    .map(
      ({ method, path, status }: { method: string; path: string; status: number }) =>
        `${method} ${path.replace(/\w{34}/, 'SID')} ${status}`,
    );
}

const sink = { destination: `${URL}/events/studio`, method: 'POST', batch_events: true };

test('registers everything, and changes nothing the second time', async () => {
  const first = await typed(['--yes']);
  expect(first).toEqual({
    code: 0,
    stderr: '',
    stdout: `Account ${ACCOUNT_SID} at ${emulator.origin}
  1. set the account's post-event webhook to ${CONVERSATION} (POST; ${ADDED})
  2. create an Event Streams sink for ${URL}/events/studio
  3. subscribe the new sink to ${ENDED}
Done.
`,
  });
  expect(await account().fetch()).toMatchObject({
    postWebhookUrl: CONVERSATION,
    filters: [ADDED],
    method: 'POST',
  });
  expect(await sinks()).toEqual([sink]);
  expect(await subscriptions()).toEqual([[ENDED]]);

  const again = async () =>
    expect(await typed(['--yes'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Nothing to do: everything is registered for ${URL}.`),
    });
  expect(await changes(again)).toEqual([]);
});

test.each([
  ['--dry-run', 0, ''],
  ['--replace', 1, 'not a terminal, so nobody can confirm; nothing was changed; use --yes\n'],
])('prints the plan and changes nothing with %s and no terminal', async (flag, code, stderr) => {
  const run = async () =>
    expect(await typed([flag])).toEqual({
      code,
      stderr,
      stdout: expect.stringContaining(`  3. subscribe the new sink to ${ENDED}\n`),
    });
  expect(await changes(run)).toEqual([]);
});

test.each([
  [true, 0, 'Done.'],
  [false, 1, 'nothing was changed'],
])('asks at a terminal, and follows the reply %s', async (reply, code, last) => {
  const questions: string[] = [];
  const confirm = async (question: string) => {
    questions.push(question);
    return reply;
  };
  let output = '';
  const run = async () => {
    const ended = await setup([], environment(), { confirm });
    expect(ended.code).toBe(code);
    output = ended.stdout + ended.stderr;
  };
  expect(await changes(run)).toHaveLength(reply ? 3 : 0);
  expect(questions).toEqual(['Apply this plan? [y/N] ']);
  expect(output.trimEnd().split('\n').at(-1)).toBe(last);
});

describe('--json', () => {
  const descriptions = [
    `set the account's post-event webhook to ${CONVERSATION} (POST; ${ADDED})`,
    `create an Event Streams sink for ${URL}/events/studio`,
    `subscribe the new sink to ${ENDED}`,
  ];
  const planned = (applied: number) => ({
    account: ACCOUNT_SID,
    api: emulator.origin,
    deployment: URL,
    notes: [],
    steps: ['set', 'create sink', 'subscribe'].map((kind, i) => ({
      kind,
      description: descriptions[i],
      applied: i < applied,
    })),
  });
  async function json(...args: string[]) {
    const { code, stdout, stderr } = await setup(['--json', ...args]);
    return { code, result: JSON.parse(stdout), error: stderr && JSON.parse(stderr).error };
  }

  test('prints the plan, and what was applied of it', async () => {
    const nobodyAsked = { message: 'nobody is asked with --json; nothing was changed; use --yes' };
    expect(await json()).toEqual({ code: 1, result: planned(0), error: nobodyAsked });
    expect(await json('--dry-run')).toEqual({ code: 0, result: planned(0), error: '' });
    expect(await json('--yes')).toEqual({ code: 0, result: planned(3), error: '' });
    expect(await json('--yes')).toEqual({ code: 0, result: { ...planned(0), steps: [] }, error: '' });
  });

  test('prints which step failed, and what was applied before it', async () => {
    await emulator.control('POST', '/faults', {
      match: { method: 'POST', path: '/v1/Subscriptions' },
      do: { status: 400, code: 60801, message: 'No such sink' },
    });
    expect(await json('--yes')).toEqual({
      code: 1,
      result: planned(2),
      error: {
        message: `step 3 failed: Twilio (${emulator.origin}) rejected the request: No such sink (status 400, error 60801)
steps 1 to 2 are done; run the command again to continue`,
      },
    });
  });

  test("prints the code of Twilio's error", async () => {
    await emulator.control('POST', '/faults', {
      match: { path: '*/Configuration/Webhooks' },
      do: { status: 403, code: 20003, message: 'Permission denied' },
    });
    const { code, stdout, stderr } = await setup(['--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 20003, message: expect.stringMatching(/rejected the request: Permission denied/) },
    });
  });
});

describe("somebody else's post-event webhook", () => {
  const filters = ['onMessageAdd', 'onMessageAdded'];
  beforeEach(() =>
    account().update({ postWebhookUrl: THEIRS, preWebhookUrl: `${THEIRS}&pre`, filters, method: 'GET' }),
  );

  test('is refused, and nothing is changed', async () => {
    const run = async () =>
      expect(await setup(['--yes'])).toEqual({
        code: 1,
        stdout: '',
        stderr:
          "the account's post-event webhook is https://them.example/hook, which is not this deployment's; nothing was changed; " +
          'use --replace to replace it\n',
      });
    expect(await changes(run)).toEqual([]);
  });

  test('is printed and replaced with --replace; the pre-event webhook keeps its event and method', async () => {
    const { code, stdout } = await setup(['--yes', '--replace']);
    expect(code).toBe(0);
    expect(stdout).toContain(`; was ${THEIRS} (GET; onMessageAdd, onMessageAdded)\n`);
    expect(stdout).toContain('The method stays GET, which the pre-event webhook shares.\n');
    expect(await account().fetch()).toMatchObject({
      postWebhookUrl: CONVERSATION,
      preWebhookUrl: `${THEIRS}&pre`,
      filters: ['onMessageAdd', ADDED],
      method: 'GET',
    });
  });

  test('is left alone by --remove', async () => {
    expect(await changes(() => setup(['--remove', '--yes']))).toEqual([]);
    expect(await account().fetch()).toMatchObject({ postWebhookUrl: THEIRS, filters });
  });
});

test.each([
  [
    [],
    'Step 1 begins to send them here; --replace drops them.',
    ['onMessageAdd', 'onMessageAdded', 'onUserAdded', ADDED],
  ],
  [['--replace'], 'Step 1 drops them.', ['onMessageAdd', ADDED]],
])('lists dormant filters by name before it applies the plan, with %j', async (flags, effect, filters) => {
  const dormant = ['onMessageAdd', 'onMessageAdded', 'onUserAdded'];
  await account().update({ filters: dormant });
  const note = `Filtered without a URL: onMessageAdded, onUserAdded. ${effect}\n`;
  const { stdout } = await setup(['--dry-run', ...flags]);
  expect(stdout).toContain(`${note}  1. set `);
  expect(await setup(['--yes', ...flags])).toMatchObject({ code: 0 });
  expect(await account().fetch()).toMatchObject({ postWebhookUrl: CONVERSATION, filters });
  expect((await setup(['--dry-run', ...flags])).stdout).not.toContain('Filtered without a URL');
});

test('removes what was registered and nothing else with --remove; changes nothing the second time', async () => {
  await account().update({ preWebhookUrl: THEIRS, filters: ['onMessageAdd'] });
  const foreign = await emulator.events.sinks.create({
    description: 'theirs',
    sinkType: 'webhook',
    sinkConfiguration: { destination: THEIRS, method: 'POST' },
  });
  await emulator.events.subscriptions.create({
    description: 'theirs',
    sinkSid: foreign.sid,
    types: [{ type: ENDED }],
  });
  const before = [(await account().fetch()).toJSON(), await sinks(), await subscriptions()];

  expect(await setup(['--yes'])).toMatchObject({ code: 0 });
  expect(await subscriptions()).toHaveLength(2);
  expect(await changes(() => setup(['--remove', '--yes']))).toEqual([
    'POST /v1/Configuration/Webhooks 200',
    'DELETE /v1/Subscriptions/SID 204',
    'DELETE /v1/Sinks/SID 204',
  ]);
  expect([(await account().fetch()).toJSON(), await sinks(), await subscriptions()]).toEqual(before);

  const again = async () =>
    expect(await setup(['--remove', '--yes'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Nothing to do: nothing is registered for ${URL}.`),
    });
  expect(await changes(again)).toEqual([]);
});

test('leaves no event behind with --remove if there was none', async () => {
  await setup(['--yes']);
  await setup(['--remove', '--yes']);
  expect(await account().fetch()).toMatchObject({ postWebhookUrl: null, filters: [] });
});

test('registers a webhook and a sink for a service, and leaves the account alone', async () => {
  const service = emulator.api.services(DEFAULT_SERVICE_SID).configuration.webhooks();
  const args = ['--service', DEFAULT_SERVICE_SID, '--yes'];
  expect(await changes(() => setup(args))).toEqual([
    'POST /v1/Services/SID/Configuration/Webhooks 200',
    'POST /v1/Sinks 201',
    'POST /v1/Subscriptions 201',
  ]);
  expect(await service.fetch()).toMatchObject({
    postWebhookUrl: CONVERSATION,
    filters: [ADDED],
    method: 'POST',
  });
  expect(await sinks()).toEqual([
    { ...sink, destination: `${sink.destination}?ServiceSid=${DEFAULT_SERVICE_SID}` },
  ]);
  expect(await account().fetch()).toMatchObject({ postWebhookUrl: null });
  expect(await changes(() => setup(args))).toEqual([]);
  expect(await changes(() => setup(['--remove', '--yes']))).toEqual([]);
  expect(await changes(() => setup([...args, '--remove']))).toHaveLength(3);
  expect(await service.fetch()).toMatchObject({ postWebhookUrl: null, filters: [] });
  expect(await sinks()).toEqual([]);
});

test('reports which steps are done after a failure, and continues with the next run', async () => {
  const fault = (path: string) => ({
    match: { method: 'POST', path },
    when: { count: 1 },
    do: { status: 503 },
  });
  await emulator.control('POST', '/faults', [fault('/v1/Sinks'), fault('/v1/Subscriptions')]);
  const failed = (step: number, done: string) => ({
    code: 1,
    stderr: `step ${step} failed: Twilio (${emulator.origin}) rejected the request: Service Unavailable (status 503, error 20503)\n${done}; run the command again to continue\n`,
  });
  expect(await setup(['--yes'])).toMatchObject(failed(2, 'step 1 is done'));
  expect(await setup(['--yes'])).toMatchObject(failed(2, 'step 1 is done'));
  expect(await changes(() => setup(['--yes']))).toEqual(['POST /v1/Subscriptions 201']);
  expect([await sinks(), await subscriptions()]).toEqual([[sink], [[ENDED]]]);

  // The same for a removal.
  await emulator.control('POST', '/faults', [
    { match: { method: 'DELETE', path: '/v1/Sinks/*' }, when: { count: 1 }, do: { status: 503 } },
  ]);
  expect(await setup(['--remove', '--yes'])).toMatchObject(failed(3, 'steps 1 to 2 are done'));
  expect(await changes(() => setup(['--remove', '--yes']))).toEqual(['DELETE /v1/Sinks/SID 204']);
});

test('finds the change of a first step whose response was lost', async () => {
  const fault = { match: { method: 'POST' }, when: { count: 1 }, do: { drop: 'after' } };
  await emulator.control('POST', '/faults', [fault]);
  expect(await setup(['--yes', '--no-studio'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^step 1 failed: .* \(ECONNRESET\)\nno step is known to be done; run the command again/,
    ),
  });
  expect(await changes(() => setup(['--yes', '--no-studio']))).toEqual([]);
});

test('replaces a sink by GET, and creates the new one first', async () => {
  const { context } = emulator;
  // Possible on Twilio, but not through the emulator's API.
  const useless = {
    ...newRecord(context, 'DG'),
    description: 'by hand',
    destination: sink.destination,
    method: 'GET',
    batchEvents: true,
    status: 'active' as const,
  };
  context.streams.sinks.set(useless.sid, useless);
  await emulator.events.subscriptions.create({
    description: 'by hand',
    sinkSid: useless.sid,
    types: [{ type: ENDED }],
  });
  expect(await changes(() => setup(['--yes']))).toEqual([
    'POST /v1/Configuration/Webhooks 200',
    'POST /v1/Sinks 201',
    'POST /v1/Subscriptions 201',
    'DELETE /v1/Subscriptions/SID 204',
    'DELETE /v1/Sinks/SID 204',
  ]);
  expect([await sinks(), await subscriptions()]).toEqual([[sink], [[ENDED]]]);
});

test('adds the event to an existing subscription, which keeps its own', async () => {
  const { sid } = await emulator.events.sinks.create({
    description: 'by hand',
    sinkType: 'webhook',
    sinkConfiguration: sink,
  });
  const started = ENDED.replace('ended', 'started');
  await emulator.events.subscriptions.create({
    description: 'by hand',
    sinkSid: sid,
    types: [{ type: started }],
  });
  await setup(['--yes']);
  expect(await subscriptions()).toEqual([expect.arrayContaining([started, ENDED])]);
  await setup(['--remove', '--yes']);
  expect([await sinks(), await subscriptions()]).toEqual([[sink], [[started]]]);
});

test('--no-studio leaves Event Streams alone', async () => {
  expect(await changes(() => setup(['--yes', '--no-studio']))).toEqual([
    'POST /v1/Configuration/Webhooks 200',
  ]);
});

describe('policy', () => {
  const { folder, write, remove } = policyFolder();
  const policy = (parts: object) => write(JSON.stringify({ profiles: {}, rules: [], ...parts }));
  afterAll(remove);
  const run = (args: string[], env = environment()) => setup(args, env, { folder });
  const crm = { target: 'webhook', url: 'https://crm.example', filters: ['onMessageAdded'] };

  test('registers a sink only if a webhook is a Studio flow, or with --studio; removes it in any case', async () => {
    policy({ webhooks: { crm } });
    const first = async () =>
      expect((await run(['--yes'])).stdout).toContain('The policy has no Studio flow');
    expect(await changes(first)).toEqual(['POST /v1/Configuration/Webhooks 200']);
    expect(await changes(() => run(['--yes', '--studio']))).toEqual([
      'POST /v1/Sinks 201',
      'POST /v1/Subscriptions 201',
    ]);
    expect(await changes(() => run(['--yes', '--remove']))).toHaveLength(3);
  });

  test('replaces the URL of a former domain without --replace', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so a policy names a variable
    policy({ webhooks: { crm }, formerDomains: ['${OLD}', 'Older.twil.io.:443'] });
    const env = { ...environment(), OLD: 'old.twil.io' };
    for (const host of ['older.twil.io', 'old.twil.io']) {
      await account().update({ postWebhookUrl: `https://${host}/events/conversation` });
      expect(await run(['--yes'], env)).toMatchObject({ code: 0, stderr: '' });
      expect(await account().fetch()).toMatchObject({ postWebhookUrl: CONVERSATION });
    }
    await account().update({ postWebhookUrl: 'https://other.twil.io/events/conversation' });
    expect(await run(['--yes'], env)).toMatchObject({ code: 1 });
  });

  test('replaces the URL of a former domain on this machine, which has http', async () => {
    policy({ webhooks: { crm }, formerDomains: ['localhost:3001'] });
    await account().update({ postWebhookUrl: 'http://localhost:3001/events/conversation' });
    expect(await run(['--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(await account().fetch()).toMatchObject({ postWebhookUrl: CONVERSATION });
  });

  test.each(['', '{}', '[]', '{"webhooks":{"x":null}}'])(
    'reports that %j cannot be read as a policy',
    async (text) => {
      write(text);
      expect(await run(['--yes'])).toEqual({
        code: 1,
        stdout: '',
        stderr:
          'src/assets/policy.private.json cannot be read as a policy; npm run build prints what is wrong with it\n',
      });
      expect(await run(['--yes', '--remove'])).toMatchObject({ code: 0 });
    },
  );
});

test('prints its options and examples with --help', async () => {
  const { code, stdout, stderr } = await setup(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: npm run setup -- --url https:\/\/DOMAIN \[options\]\n/);
  for (const flag of [
    'url',
    'service',
    'studio',
    'no-studio',
    'replace',
    'remove',
    'dry-run',
    'yes',
    'check',
    'json',
    'env',
  ])
    expect(stdout).toMatch(new RegExp(`^ {2}--${flag}\\b`, 'm'));
  expect(stdout).toMatch(/^ {2}npm run setup -- --url https:\/\/my-service-1234-dev\.twil\.io$/m);
});

type Case = [args: string[], env: Record<string, string>, message: RegExp];

async function expectMessage([args, env, message]: Case, exitCode: number) {
  const { code, stdout, stderr } = await setup(['--yes', ...args], { ...environment(), ...env });
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(new RegExp(`pass-42|wrong-token|${AUTH_TOKEN}|Authorization|Basic`));
}

test.each<Case>([
  [
    [],
    { AUTH_TOKEN: 'wrong-token-of-somebody' },
    /^ACCOUNT_SID and AUTH_TOKEN are not accepted by Twilio \(http:\S+\); check both in the Twilio Console\n$/,
  ],
  [
    [],
    { TWILIO_API_BASE_URL: 'http://127.0.0.1:9' },
    /^Twilio \(http:\/\/127\.0\.0\.1:9\) is unreachable.*\(ECONNREFUSED\)\n$/,
  ],
  [[], { TWILIO_API_BASE_URL: 'http://api.example' }, /^TWILIO_API_BASE_URL must be .*\n$/],
  [[], { ACCOUNT_SID: '' }, /^ACCOUNT_SID must be AC and .*\n$/],
  [
    [],
    { ACCOUNT_SID: '', AUTH_TOKEN: '' },
    /^ACCOUNT_SID and AUTH_TOKEN are not set; set them in the environment or in \.env\n$/,
  ],
  [
    ['--service', `IS${'f'.repeat(32)}`],
    {},
    /^Twilio \(http:\S+\) rejected the request: .* \(status 404, error 20404\)\n$/,
  ],
])('fails in one sentence with exit code 1: %j with %j', (...given) => expectMessage(given, 1));

test.each<Case>([
  [['--url', 'https://YOUR-DOMAIN'], {}, /^--url must contain a domain; use a URL such as https:/],
  [['--service', 'IS1'], {}, /^--service must be the SID of a service/],
  [['--url', ''], {}, /^--url is missing; use --url https:\/\/DOMAIN, or set CONVERSATION_WEBHOOKS_URL\n$/],
  [['--url', 'bots-1234.twil.io'], {}, /^--url must begin with https:\/\//],
  [['--url', `${URL}/events/conversation`], {}, /^--url must not have a path/],
  [['--url', 'https://me:pass-42@bots.twil.io'], {}, /^--url must not contain a user name/],
  [['--url', 'http://bots-1234.twil.io'], {}, /^--url must be https;/],
  [
    ['--url', 'http://localhost:3000'],
    { TWILIO_API_BASE_URL: '' },
    /^--url is http:\/\/localhost:3000, on this machine, where Twilio cannot reach it;/,
  ],
  [['--studio', '--no-studio'], {}, /^--studio cannot be combined with --no-studio; use one of them\n$/],
  [['--remove', '--replace'], {}, /^--remove cannot be combined with --replace; use one of them\n$/],
  [['--dryrun'], {}, /^unknown option --dryrun; did you mean --dry-run\?\n$/],
  [['--forever'], {}, /^unknown option --forever; see npm run setup -- --help\n$/],
  [['AUTH_TOKEN=pass-42'], {}, /^secrets are not accepted as arguments/],
  [['--auth-token', 'pass-42'], {}, /^secrets are not accepted as arguments/],
  [[AUTH_TOKEN], {}, /^unexpected argument; see npm run setup -- --help\n$/],
  [[`--token=${AUTH_TOKEN}`], {}, /^unknown option --token; see/],
  [[`--url=https://${AUTH_TOKEN}.twil.io`], {}, /^an argument contains the auth token/],
  [['--env', 'nowhere.env'], {}, /^--env nowhere\.env: cannot read the file; copy \.env\.example/],
])('rejects its arguments in one sentence with exit code 2: %j with %j', (...given) =>
  expectMessage(given, 2),
);

test.each([
  [{ AUTH_TOKEN: 'wrong-token-of-somebody' }, 'ACCOUNT_SID and AUTH_TOKEN are not accepted by Twilio'],
  [{ TWILIO_API_BASE_URL: 'http://127.0.0.1:9' }, 'is unreachable'],
])('prints nothing of the credentials when they fail: %j', async (env, sentence) => {
  const { code, stdout, stderr } = await typed(['--yes'], { ...environment(), ...env });
  expect(code).toBe(1);
  expect(stderr).toContain(sentence);
  expect(stdout + stderr).not.toMatch(new RegExp(`wrong-token|${AUTH_TOKEN}|Authorization|Basic`));
});

test.each([
  ['{}', /^http:\S+ does not respond like Twilio's API; check TWILIO_API_BASE_URL\n$/],
  ['<h1>Welcome</h1>', /^Twilio \(http:\S+\) could not be called, or its response could not be read\n$/],
])('stops if the API responds with %s', async (body, sentence) => {
  const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stderr } = await setup(['--yes'], { ...environment(), TWILIO_API_BASE_URL: origin });
  server.closeAllConnections();
  server.close();
  expect(code).toBe(1);
  expect(stderr).toMatch(sentence);
});

test('sends nothing to another origin that a response names as its next page', async () => {
  const heard: string[] = [];
  const other = createServer((request, response) => {
    heard.push(`${request.url}`);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const api = createServer(({ url }, response) => {
    response.setHeader('content-type', 'application/json');
    const body = url?.startsWith('/v1/Sinks')
      ? { sinks: [], meta: { key: 'sinks', next_page_url: `${elsewhere}/v1/Sinks?Page=1` } }
      : { account_sid: ACCOUNT_SID };
    response.end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const TWILIO_API_BASE_URL = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const { code, stderr } = await setup(['--yes', '--studio'], { ...environment(), TWILIO_API_BASE_URL });
  for (const server of [api, other]) {
    server.closeAllConnections();
    server.close();
  }
  expect({ code, stderr, heard }).toEqual({
    code: 1,
    stderr: `Twilio's response has a next page at ${elsewhere}; check TWILIO_API_BASE_URL\n`,
    heard: [],
  });
});

describe('variables', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
  const file = join(folder, '.env');
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (variables: Record<string, string>) =>
    writeFileSync(
      file,
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );

  test('come only from the file of --env, if it is there', async () => {
    // The library would add an edge to a name, but not to an address.
    const TWILIO_API_BASE_URL = emulator.origin.replace('127.0.0.1', 'localhost');
    write({ ...environment(), TWILIO_API_BASE_URL, CONVERSATION_WEBHOOKS_URL: 'https://other.twil.io' });
    const others = {
      ACCOUNT_SID: `AC${'f'.repeat(32)}`,
      AUTH_TOKEN: 'f',
      TWILIO_EDGE: 'dublin',
      TWILIO_API_BASE_URL: 'http://127.0.0.1:9',
      CONVERSATION_WEBHOOKS_URL: 'https://bots-of-another-account.twil.io',
    };
    const { code } = await runToEnd(
      'build/cli.js',
      ['setup', '--env', file, '--yes', '--no-studio'],
      others,
      project.folder,
    );
    expect(code).toBe(0);
    expect(await account().fetch()).toMatchObject({
      postWebhookUrl: 'https://other.twil.io/events/conversation',
    });
  });

  test("may have the Twilio CLI's names, but not mixed with ours", async () => {
    const { TWILIO_API_BASE_URL } = environment();
    write({ TWILIO_API_BASE_URL, TWILIO_ACCOUNT_SID: ACCOUNT_SID, TWILIO_AUTH_TOKEN: AUTH_TOKEN });
    expect(await setup(['--env', file, '--dry-run'], {})).toMatchObject({ code: 0 });
    write({
      TWILIO_API_BASE_URL,
      ACCOUNT_SID: `AC${'f'.repeat(32)}`,
      TWILIO_ACCOUNT_SID: ACCOUNT_SID,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    });
    expect(await setup(['--env', file, '--dry-run'], {})).toMatchObject({ code: 0 });
    write({ TWILIO_API_BASE_URL, TWILIO_ACCOUNT_SID: ACCOUNT_SID, AUTH_TOKEN });
    expect(await setup(['--env', file, '--dry-run'], {})).toMatchObject({ code: 1 });
  });

  test('come from .env only if the environment has no token', async () => {
    write(environment());
    const read = (env: NodeJS.ProcessEnv) => readVariables(undefined, env, folder);
    expect(read({ ACCOUNT_SID: 'AC1', TWILIO_EDGE: 'dublin' })).toEqual(environment());
    expect(read({ AUTH_TOKEN: 'f' })).toEqual({ AUTH_TOKEN: 'f' });
    const both = { ACCOUNT_SID: 'AC1', AUTH_TOKEN: 'f', TWILIO_ACCOUNT_SID: 'AC2', TWILIO_AUTH_TOKEN: 'g' };
    expect(read(both)).toEqual(both);
    expect(read({ TWILIO_AUTH_TOKEN: 'f' })).toMatchObject({ AUTH_TOKEN: 'f', ACCOUNT_SID: '' });
    expect(readVariables(undefined, { A: '1' }, join(folder, 'nowhere'))).toEqual({ A: '1' });
  });

  test('take the URL of a deployment from the file of --env, else the environment, else .env', () => {
    const [here, there] = ['here', 'there'].map((CONVERSATION_WEBHOOKS_URL) => ({
      CONVERSATION_WEBHOOKS_URL,
    }));
    expect(deploymentUrl('.env.prod', here!, there!)).toBe('there');
    expect(deploymentUrl('.env.prod', here!, { CONVERSATION_WEBHOOKS_URL: '' })).toBe('here');
    expect(deploymentUrl(undefined, here!, there!)).toBe('here');
    expect(deploymentUrl(undefined, { CONVERSATION_WEBHOOKS_URL: '' }, there!)).toBe('there');
    expect(deploymentUrl(undefined, {}, {})).toBeUndefined();
  });
});
