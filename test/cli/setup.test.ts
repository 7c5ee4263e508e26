import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp, type Terminal } from '../../cli/setup/setup';
import { deploymentUrl, readVariables } from '../../cli/variables';
import { newRecord } from '../../emulator/context';
import { ACCOUNT_SID, AUTH_TOKEN, DEFAULT_SERVICE_SID } from '../../emulator/twilio/account';
import { type Subject, startEmulator } from '../support/emulator';
import { root, runToEnd } from '../support/programs';

// With the real helper library, over HTTP to the emulator; what depends on the process, as the built program.

let emulator: Subject;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
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
  runToEnd('build/setup.js', ['--url', URL, ...args], env);

/** The same in this process, which is faster. */
async function setup(
  args: readonly string[],
  env: NodeJS.ProcessEnv = environment(),
  more: Partial<Terminal> = {},
) {
  const text = { stdout: '', stderr: '' };
  const code = await setUp(['--url', URL, ...args], env, {
    folder: root,
    say(line) {
      text.stdout += `${line}\n`;
    },
    complain(sentence) {
      text.stderr += `${sentence}\n`;
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

const sink = { destination: `${URL}/events/studio`, method: 'post', batch_events: true };

test('registers everything, and a second time nothing', async () => {
  const first = await typed(['--yes']);
  expect(first).toEqual({
    code: 0,
    stderr: '',
    stdout: `Account ${ACCOUNT_SID} at ${emulator.origin}
  1. point the account's post-event webhook to ${CONVERSATION} (POST; ${ADDED})
  2. create an Event Streams sink to ${URL}/events/studio
  3. subscribe it to ${ENDED}
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
      stdout: expect.stringContaining(`Nothing to do: all of ${URL} is registered.`),
    });
  expect(await changes(again)).toEqual([]);
});

test.each([
  ['--dry-run', 0, ''],
  [
    '--replace',
    1,
    'Nothing was changed: nobody is at a terminal to agree; --yes carries it out without asking.\n',
  ],
])('with %s and nobody at the terminal it shows the plan and changes nothing', async (flag, code, stderr) => {
  const run = async () =>
    expect(await typed([flag])).toEqual({
      code,
      stderr,
      stdout: expect.stringContaining(`  3. subscribe it to ${ENDED}\n`),
    });
  expect(await changes(run)).toEqual([]);
});

test.each([
  [true, 0, 'Done.'],
  [false, 1, 'Nothing was changed.'],
])('at a terminal it asks; the answer %s is heard', async (answer, code, last) => {
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer;
  };
  let told = '';
  const run = async () => {
    const ended = await setup([], environment(), { ask });
    expect(ended.code).toBe(code);
    told = ended.stdout + ended.stderr;
  };
  expect(await changes(run)).toHaveLength(answer ? 3 : 0);
  expect(questions).toEqual(['Carry this out? [y/N] ']);
  expect(told.trimEnd().split('\n').at(-1)).toBe(last);
});

describe("somebody else's post-event webhook", () => {
  const filters = ['onMessageAdd', 'onMessageAdded'];
  beforeEach(() =>
    account().update({ postWebhookUrl: THEIRS, preWebhookUrl: `${THEIRS}&pre`, filters, method: 'GET' }),
  );

  test('is refused, and nothing else is done', async () => {
    const run = async () =>
      expect(await setup(['--yes'])).toEqual({
        code: 1,
        stdout: '',
        stderr:
          "Nothing was changed: the account's post-event webhook is https://them.example/hook, which is not this deployment's; " +
          '--replace puts this one in its place.\n',
      });
    expect(await changes(run)).toEqual([]);
  });

  test('is replaced on demand, which shows it; the pre-event webhook keeps what it needs', async () => {
    const { code, stdout } = await setup(['--yes', '--replace']);
    expect(code).toBe(0);
    expect(stdout).toContain(`; it was ${THEIRS} (GET; onMessageAdd, onMessageAdded)\n`);
    expect(stdout).toContain('The method stays GET: the pre-event webhook has the same one.\n');
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

test('--remove takes away what was registered, and nothing else; twice, it finds nothing', async () => {
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
      stdout: expect.stringContaining(`Nothing to do: nothing of ${URL} is registered.`),
    });
  expect(await changes(again)).toEqual([]);
});

test('--remove leaves no event behind where there was none', async () => {
  await setup(['--yes']);
  await setup(['--remove', '--yes']);
  expect(await account().fetch()).toMatchObject({ postWebhookUrl: null, filters: [] });
});

test('a service has its own webhook and its own sink, and the account is left alone', async () => {
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

test('what an earlier run left undone is done, and where one fails it says what was', async () => {
  const fault = (path: string) => ({
    match: { method: 'POST', path },
    when: { count: 1 },
    do: { status: 503 },
  });
  await emulator.control('POST', '/faults', [fault('/v1/Sinks'), fault('/v1/Subscriptions')]);
  const failed = (step: number, done: string) => ({
    code: 1,
    stderr: `Step ${step}: Twilio (${emulator.origin}) refused: Service Unavailable (status 503, error 20503).\n${done}; run it again to go on.\n`,
  });
  expect(await setup(['--yes'])).toMatchObject(failed(2, 'Step 1 is done'));
  expect(await setup(['--yes'])).toMatchObject(failed(2, 'Step 1 is done'));
  expect(await changes(() => setup(['--yes']))).toEqual(['POST /v1/Subscriptions 201']);
  expect([await sinks(), await subscriptions()]).toEqual([[sink], [[ENDED]]]);

  // And so does a removal.
  await emulator.control('POST', '/faults', [
    { match: { method: 'DELETE', path: '/v1/Sinks/*' }, when: { count: 1 }, do: { status: 503 } },
  ]);
  expect(await setup(['--remove', '--yes'])).toMatchObject(failed(3, 'Steps 1 to 2 are done'));
  expect(await changes(() => setup(['--remove', '--yes']))).toEqual(['DELETE /v1/Sinks/SID 204']);
});

test('a first step whose answer was lost counts as not known, and is looked for', async () => {
  const fault = { match: { method: 'POST' }, when: { count: 1 }, do: { drop: 'after' } };
  await emulator.control('POST', '/faults', [fault]);
  expect(await setup(['--yes', '--no-studio'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Step 1: .* \(ECONNRESET\)\.\nNo step is known to be done; run it again/),
  });
  expect(await changes(() => setup(['--yes', '--no-studio']))).toEqual([]);
});

test('a sink by GET, which cannot be changed, is replaced; the new one is there first', async () => {
  const { world } = emulator;
  // One like this can be made on Twilio, and not on the emulator.
  const useless = {
    ...newRecord(world, 'DG'),
    description: 'by hand',
    destination: sink.destination,
    method: 'GET',
    batchEvents: true,
  };
  world.streams.sinks.set(useless.sid, useless);
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

test('a subscription that is there gets the event, as a sink may take no other, and keeps its own', async () => {
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

describe('of the policy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
  beforeAll(() => mkdirSync(join(folder, 'src', 'assets'), { recursive: true }));
  afterAll(() => rmSync(folder, { recursive: true }));
  const policy = (text: string) => writeFileSync(join(folder, 'src', 'assets', 'policy.private.json'), text);
  const run = (args: string[], env = environment()) => setup(args, env, { folder });
  const crm = { target: 'webhook', url: 'https://crm.example', filters: ['onMessageAdded'] };

  test('it depends whether there is a sink, unless --studio says so; --remove does not mind', async () => {
    policy(JSON.stringify({ webhooks: { crm } }));
    const first = async () =>
      expect((await run(['--yes'])).stdout).toContain('No Studio flow is among the webhooks of the policy');
    expect(await changes(first)).toEqual(['POST /v1/Configuration/Webhooks 200']);
    expect(await changes(() => run(['--yes', '--studio']))).toEqual([
      'POST /v1/Sinks 201',
      'POST /v1/Subscriptions 201',
    ]);
    expect(await changes(() => run(['--yes', '--remove']))).toHaveLength(3);
  });

  test('a former domain is taken over without --replace', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so a policy names a variable
    policy(JSON.stringify({ webhooks: { crm }, formerDomains: ['${OLD}', 'older.twil.io'] }));
    const env = { ...environment(), OLD: 'old.twil.io' };
    for (const host of ['older.twil.io', 'old.twil.io']) {
      await account().update({ postWebhookUrl: `https://${host}/events/conversation` });
      expect(await run(['--yes'], env)).toMatchObject({ code: 0, stderr: '' });
      expect(await account().fetch()).toMatchObject({ postWebhookUrl: CONVERSATION });
    }
    await account().update({ postWebhookUrl: 'https://other.twil.io/events/conversation' });
    expect(await run(['--yes'], env)).toMatchObject({ code: 1 });
  });

  test.each(['', '{}', '[]', '{"webhooks":{"x":null}}'])('%j is none', async (text) => {
    policy(text);
    expect(await run(['--yes'])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'src/assets/policy.private.json cannot be read as a policy; npm run build says what is wrong with it.\n',
    });
    expect(await run(['--yes', '--remove'])).toMatchObject({ code: 0 });
  });
});

test('--help tells the usage, which is no failure', async () => {
  const { code, stderr } = await setup(['--help'], environment());
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Usage: npm run setup -- /) });
});

test.each([
  [
    [],
    { AUTH_TOKEN: 'wrong-token-of-somebody' },
    /^Twilio \(http:\S+\) does not accept ACCOUNT_SID and AUTH_TOKEN\.\n$/,
  ],
  [
    [],
    { TWILIO_API_BASE_URL: 'http://127.0.0.1:9' },
    /^Twilio \(http:\/\/127\.0\.0\.1:9\) cannot be reached.*\(ECONNREFUSED\)\.\n$/,
  ],
  [[], { TWILIO_API_BASE_URL: 'http://api.example' }, /^TWILIO_API_BASE_URL must be .*\.\n$/],
  [[], { ACCOUNT_SID: '' }, /^ACCOUNT_SID in the environment cannot be used: .*\.\n$/],
  [
    [],
    { ACCOUNT_SID: '', AUTH_TOKEN: '' },
    /^ACCOUNT_SID and AUTH_TOKEN are not set in the environment, nor in \.env\.\n$/,
  ],
  [['--url', 'https://YOUR-DOMAIN'], {}, /^The URL of the deployment has no domain in it;/],
  [['--service', 'IS1'], {}, /^ServiceSid "IS1" is malformed/],
  [
    ['--service', `IS${'f'.repeat(32)}`],
    {},
    /^Twilio \(http:\S+\) refused: .* \(status 404, error 20404\)\.\n$/,
  ],
  [['--url', ''], {}, /^Where is it deployed\?/],
  [['--url', 'bots-1234.twil.io'], {}, /^The URL of the deployment must begin with https:\/\//],
  [['--url', `${URL}/events/conversation`], {}, /^The URL of the deployment takes no path/],
  [['--url', 'https://me:pass-42@bots.twil.io'], {}, /^The URL of the deployment takes no user name/],
  [['--url', 'http://bots-1234.twil.io'], {}, /^The URL of the deployment must be https;/],
  [
    ['--url', 'http://localhost:3000'],
    { TWILIO_API_BASE_URL: '' },
    /^http:\/\/localhost:3000 is this machine, where/,
  ],
  [['--studio', '--no-studio'], {}, /^--studio and --no-studio contradict each other\. Usage: /],
  [['--remove', '--replace'], {}, /^--remove and --replace contradict each other\. Usage: /],
  [['--forever'], {}, /^Unknown option '--forever'\. Usage: /],
  [['AUTH_TOKEN=pass-42'], {}, /^Secrets are not taken as arguments/],
  [['--auth-token', 'pass-42'], {}, /^Secrets are not taken as arguments/],
  [[AUTH_TOKEN], {}, /^Unexpected argument\. Usage: /],
  [[`--service=${AUTH_TOKEN}`], {}, /^An argument has the auth token in it/],
  [['--env', 'nowhere.env'], {}, /^nowhere\.env cannot be read\.\n$/],
] as [string[], Record<string, string>, RegExp][])(
  '%j with %j is one sentence',
  async (args, env, sentence) => {
    const { code, stdout, stderr } = await setup(['--yes', ...args], { ...environment(), ...env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(new RegExp(`pass-42|wrong-token|${AUTH_TOKEN}|Authorization|Basic`));
  },
);

test.each([
  [{ AUTH_TOKEN: 'wrong-token-of-somebody' }, 'does not accept ACCOUNT_SID and AUTH_TOKEN'],
  [{ TWILIO_API_BASE_URL: 'http://127.0.0.1:9' }, 'cannot be reached'],
])('nothing of the credentials is printed: %j', async (env, sentence) => {
  const { code, stdout, stderr } = await typed(['--yes'], { ...environment(), ...env });
  expect(code).toBe(1);
  expect(stderr).toContain(sentence);
  expect(stdout + stderr).not.toMatch(new RegExp(`wrong-token|${AUTH_TOKEN}|Authorization|Basic`));
});

test.each([
  ['{}', /^What http:\S+ answers is not Twilio's API\.\n$/],
  ['<h1>Welcome</h1>', /^Twilio \(http:\S+\) could not be asked, or its answer could not be read\.\n$/],
])('an API that answers %s is not believed', async (body, sentence) => {
  const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stderr } = await setup(['--yes'], { ...environment(), TWILIO_API_BASE_URL: origin });
  server.closeAllConnections();
  server.close();
  expect(code).toBe(1);
  expect(stderr).toMatch(sentence);
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

  test('a named file is heard alone, whatever the environment says', async () => {
    // The library would put an edge into this name, and leaves an address alone.
    const TWILIO_API_BASE_URL = emulator.origin.replace('127.0.0.1', 'localhost');
    write({ ...environment(), TWILIO_API_BASE_URL, CONVERSATION_WEBHOOKS_URL: 'https://other.twil.io' });
    const others = {
      ACCOUNT_SID: `AC${'f'.repeat(32)}`,
      AUTH_TOKEN: 'f',
      TWILIO_EDGE: 'dublin',
      TWILIO_API_BASE_URL: 'http://127.0.0.1:9',
      CONVERSATION_WEBHOOKS_URL: 'https://bots-of-another-account.twil.io',
    };
    const { code } = await runToEnd('build/setup.js', ['--env', file, '--yes', '--no-studio'], others);
    expect(code).toBe(0);
    expect(await account().fetch()).toMatchObject({
      postWebhookUrl: 'https://other.twil.io/events/conversation',
    });
  });

  test("the Twilio CLI's names are taken, and never half of them", async () => {
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

  test('.env is heard where the environment has no token, and not where it has one', async () => {
    write(environment());
    const read = (env: NodeJS.ProcessEnv) => readVariables(undefined, env, folder, 1);
    expect(read({ ACCOUNT_SID: 'AC1', TWILIO_EDGE: 'dublin' })).toEqual(environment());
    expect(read({ AUTH_TOKEN: 'f' })).toEqual({ AUTH_TOKEN: 'f' });
    const both = { ACCOUNT_SID: 'AC1', AUTH_TOKEN: 'f', TWILIO_ACCOUNT_SID: 'AC2', TWILIO_AUTH_TOKEN: 'g' };
    expect(read(both)).toEqual(both);
    expect(read({ TWILIO_AUTH_TOKEN: 'f' })).toMatchObject({ AUTH_TOKEN: 'f', ACCOUNT_SID: '' });
    expect(readVariables(undefined, { A: '1' }, join(folder, 'nowhere'), 1)).toEqual({ A: '1' });
  });

  test('the URL of a deployment is that of the named file, else of the environment, else of .env', () => {
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
