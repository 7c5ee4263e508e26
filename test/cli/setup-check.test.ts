import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Account } from '../../cli/setup/account';
import { setUp } from '../../cli/setup/setup';
import { ACCOUNT_SID, AUTH_TOKEN, DEFAULT_SERVICE_SID, READING_API_KEY } from '../../emulator/twilio/account';
import { handler } from '../../src/functions/status';
import { type Subject, startEmulator } from '../support/emulator';
import { call, installRuntime } from '../support/fault-injection/platform';
import { buildPolicy } from '../support/policy';
import { policyFolder } from '../support/policy-folder';
import { DEMO_POLICY, emulatorEnvironment, freePort } from '../support/programs';

// With the helper library over HTTP to the emulator, and the real /status behind a small server.

const ENDED = 'com.twilio.studio.flow.execution.ended';
const THEIRS = 'https://them.example/hook?key=42';
const KEY = `SK${'7f3a91c2'.repeat(4)}`;

let emulator: Subject;
let origin: string;
let respond: RequestListener;
const project = policyFolder();
const server = createServer((request, response) => respond(request, response));

const status: RequestListener = async (request, response) => {
  const context = { ...environment(), DOMAIN_NAME: new URL(origin).host };
  const { body } = request.url === '/status' ? await call(handler, context, {}) : { body: {} };
  response.end(JSON.stringify(body));
};
const respondWith =
  (body: string, code = 200): RequestListener =>
  (_, response) =>
    response.writeHead(code).end(body);

beforeAll(async () => {
  installRuntime(buildPolicy(DEMO_POLICY));
  emulator = await startEmulator();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  project.remove();
  server.closeAllConnections();
  server.close();
  await emulator.stop();
});
beforeEach(async () => {
  respond = status;
  project.write(DEMO_POLICY);
  await emulator.control('POST', '/reset');
  expect(await setup('--yes')).toMatchObject({ code: 0 });
});

const environment = (): Record<string, string> => ({
  ...emulatorEnvironment(),
  TWILIO_API_BASE_URL: emulator.origin,
});

/** Runs it, with other variables where they are given. */
async function run(args: readonly string[], env: Record<string, string> = {}) {
  const text = { stdout: '', stderr: '' };
  const code = await setUp(
    ['--url', origin, ...args],
    { ...environment(), ...env },
    {
      folder: project.folder,
      out(line) {
        text.stdout += `${line}\n`;
      },
      err(line) {
        text.stderr += `${line}\n`;
      },
    },
  );
  return { code, ...text };
}
const setup = (...args: string[]) => run(args);

/** What --check finds. */
async function check(args: readonly string[] = [], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await run(['--check', '--json', ...args], env);
  expect(stderr).toBe('');
  const { checks } = JSON.parse(stdout);
  const of = (status: string) => checks.filter((each: { status: string }) => each.status === status);
  const codes = (status: string) => of(status).map((each: { code: string }) => each.code);
  return { code, found: of('found'), notChecked: codes('not_checked'), ok: codes('ok'), checks };
}

const ALL = [
  'api-key',
  'region',
  'credentials',
  'deployment',
  'policy',
  'account-webhook',
  'target-flex',
  'service-webhook',
  'address',
  'event-streams',
];
const OF_THE_ACCOUNT = ALL.slice(5);

/** That it finds this and nothing else, and everything could be checked. */
async function expectOnly(found: object, args: readonly string[] = [], env: Record<string, string> = {}) {
  const result = await check(args, env);
  expect(result).toMatchObject({ code: 2, found: [found], notChecked: [] });
  return result.found[0] as { detail: string; remedy: string };
}

const account = () => emulator.api.configuration.webhooks();
const ofService = (sid: string) => emulator.api.services(sid).configuration.webhooks();
const newService = async () => (await emulator.api.services.create({ friendlyName: 'Another' })).sid;
const newAddress = (more: object = {}) =>
  emulator.api.addressConfigurations.create({
    type: 'sms',
    address: '+15005550001',
    'autoCreation.enabled': true,
    'autoCreation.type': 'default',
    ...more,
  });

test('finds nothing on a healthy account, with GET requests alone', async () => {
  const service = await newService();
  await ofService(await newService()).update({
    postWebhookUrl: `${origin}/events/conversation`,
    filters: ['onConversationAdded'],
  });
  await newAddress();
  await newAddress({ address: '+15005550002', 'autoCreation.conversationServiceSid': service });
  await emulator.control('DELETE', '/requests');
  expect(await check()).toMatchObject({ code: 0, found: [], notChecked: [], ok: ALL });
  const { requests } = (await emulator.control('GET', '/requests')).body;
  expect(new Set(requests.map(({ method }: { method: string }) => method))).toEqual(new Set(['GET']));
});

test('sends nothing but GET, whatever it is asked to do', async () => {
  const reader = new Account(environment(), undefined, { readOnly: true });
  await emulator.control('DELETE', '/requests');
  for (const step of [
    { kind: 'create sink', destination: THEIRS },
    { kind: 'delete sink', sid: `DG${'0'.repeat(32)}` },
    { kind: 'subscribe', sink: `DG${'0'.repeat(32)}` },
  ] as const)
    await expect(reader.apply(step)).rejects.toThrow('on an account that is only read');
  expect((await emulator.control('GET', '/requests')).body.total).toBe(0);
});

test('finds an address that creates conversations in a service whose own webhook shadows the account', async () => {
  const service = await newService();
  await ofService(service).update({ postWebhookUrl: THEIRS, filters: ['onMessageAdded'] });
  const { sid } = await newAddress({ 'autoCreation.conversationServiceSid': service });
  const { detail, remedy } = await expectOnly({ code: 'address', service, address: sid });
  expect(detail).toBe(
    `sms address +15005550001 creates conversations in service ${service}, whose own post-event webhook, https://them.example/hook, shadows the account's`,
  );
  expect(remedy).toMatch(`npm run setup -- --url ${origin} --service ${service} --replace`);
  // The remedy works.
  expect(await setup('--service', service, '--replace', '--no-studio', '--yes')).toMatchObject({ code: 0 });
  expect(await check()).toMatchObject({ code: 0 });
});

test('finds it where the address names no service, which means the default one', async () => {
  await ofService(DEFAULT_SERVICE_SID).update({ postWebhookUrl: THEIRS });
  const { sid } = await newAddress();
  await expectOnly({ code: 'address', service: DEFAULT_SERVICE_SID, address: sid });
});

test('leaves addresses aside that create no conversations', async () => {
  const service = await newService();
  await ofService(service).update({ postWebhookUrl: THEIRS });
  await newAddress({ 'autoCreation.conversationServiceSid': service, 'autoCreation.enabled': false });
  await expectOnly({ code: 'service-webhook', service });
});

test('finds a service whose own webhook is not the one of this deployment', async () => {
  const service = await newService();
  await ofService(service).update({ postWebhookUrl: THEIRS });
  const { detail, remedy } = await expectOnly({ code: 'service-webhook', service });
  expect(detail).toContain('it is https://them.example/hook, which is not this deployment');
  expect(remedy).toBe(`npm run setup -- --url ${origin} --service ${service} --replace`);
});

test('finds a service whose own webhook does not have the event', async () => {
  const service = await newService();
  await ofService(service).update({
    postWebhookUrl: `${origin}/events/conversation`,
    filters: ['onMessageAdded'],
  });
  const { remedy } = await expectOnly({ code: 'service-webhook', service });
  expect(remedy).toBe(`npm run setup -- --url ${origin} --service ${service}`);
});

test.each([
  ['is not set', { postWebhookUrl: '', filters: [''] }, ''],
  ['is https://them.example/hook, which is not this deployment', { postWebhookUrl: THEIRS }, ' --replace'],
  ['is not called for onConversationAdded', { filters: ['onMessageAdded'] }, ''],
])("finds that the account's webhook %s", async (what, settings, flag) => {
  await account().update(settings);
  const { detail, remedy } = await expectOnly({ code: 'account-webhook' });
  expect(detail).toContain(`the account's post-event webhook ${what}`);
  expect(remedy).toBe(`npm run setup -- --url ${origin}${flag}`);
});

test("finds that the account's webhook is on a former domain, which setup moves", async () => {
  project.write(JSON.stringify({ ...JSON.parse(DEMO_POLICY), formerDomains: ['old.twil.io'] }));
  await account().update({ postWebhookUrl: 'https://old.twil.io/events/conversation' });
  expect(await expectOnly({ code: 'account-webhook' })).toMatchObject({
    detail: "the account's post-event webhook is https://old.twil.io/events/conversation, on a former domain",
    remedy: `npm run setup -- --url ${origin}`,
  });
});

describe('with --service', () => {
  test('checks the webhook that Twilio calls for this service', async () => {
    const service = await newService();
    const other = await newService();
    await ofService(other).update({ postWebhookUrl: THEIRS });
    const args = ['--service', service, '--no-studio'];
    // The account's, as the service has none of its own.
    expect(await check(args)).toMatchObject({ code: 0, found: [], notChecked: [] });
    await account().update({ postWebhookUrl: THEIRS });
    const { detail, remedy } = await expectOnly({ code: 'service-webhook', service }, args);
    expect(detail).toContain("the account's, which Twilio calls then, is https://them.example/hook");
    expect(remedy).toBe(`npm run setup -- --url ${origin} --service ${service} --no-studio`);
    expect(await setup('--yes', ...args)).toMatchObject({ code: 0 });
    expect(await check(args)).toMatchObject({ code: 0 });
  });

  test('says that a service does not exist, and fails', async () => {
    const { code, found, notChecked } = await check(['--service', `IS${'f'.repeat(32)}`, '--no-studio']);
    expect({ code, found, notChecked }).toEqual({
      code: 1,
      found: [],
      notChecked: ['service-webhook', 'address'],
    });
  });
});

describe('Event Streams', () => {
  const sink = async () => (await emulator.events.sinks.list())[0]!.sid;
  const subscription = async () => (await emulator.events.subscriptions.list())[0]!.sid;

  test.each(['initialized', 'validating', 'failed'])('finds a sink that is %s', async (Status) => {
    const sid = await sink();
    await emulator.control('POST', `/sinks/${sid}/status`, { Status });
    const { detail } = await expectOnly({ code: 'event-streams', sink: sid });
    expect(detail).toContain('so Twilio sends it nothing');
  });

  test('finds that there is no sink, no subscription, or one to other events', async () => {
    const sid = await sink();
    const { subscribedEvents } = emulator.events.subscriptions(await subscription());
    await subscribedEvents.create({ type: ENDED.replace('ended', 'started') });
    await subscribedEvents(ENDED).remove();
    expect(await expectOnly({ code: 'event-streams', sink: sid })).toMatchObject({
      detail: `sink ${sid} is not subscribed to ${ENDED}`,
      remedy: `npm run setup -- --url ${origin}`,
    });
    await emulator.events.subscriptions(await subscription()).remove();
    expect(await expectOnly({ code: 'event-streams', sink: sid })).toMatchObject({
      detail: `sink ${sid} has no subscription`,
    });
    await emulator.events.sinks(sid).remove();
    expect(await expectOnly({ code: 'event-streams' })).toMatchObject({
      detail: `no Event Streams sink calls ${origin}/events/studio`,
    });
    expect(await check(['--no-studio'])).toMatchObject({ code: 0 });
  });
});

test.each([
  ['ie1', 'set TWILIO_EDGE=dublin, '],
  ['xx1', 'set TWILIO_EDGE to the edge of the region, '],
])('finds region %s without an edge', async (TWILIO_REGION, remedy) => {
  const finding = await expectOnly({ code: 'region' }, [], { TWILIO_REGION });
  expect(finding.detail).toContain(`conversations.${TWILIO_REGION}.twilio.com may not respond`);
  expect(finding.remedy).toMatch(remedy);
  expect(await check([], { TWILIO_REGION, TWILIO_EDGE: 'dublin' })).toMatchObject({ code: 0 });
});

test('finds no fault with region us1, whose host needs no edge', async () => {
  expect(await check([], { TWILIO_REGION: 'us1' })).toMatchObject({ code: 0 });
});

test('finds an API key, sends nothing to Twilio, and reports it as the cause of the rest', async () => {
  await emulator.control('DELETE', '/requests');
  const result = await check([], { ACCOUNT_SID: KEY, AUTH_TOKEN: 'secret-of-an-api-key' });
  expect(result).toMatchObject({
    code: 2,
    found: [{ code: 'api-key' }],
    notChecked: ['credentials', ...OF_THE_ACCOUNT],
  });
  expect(result.checks).toContainEqual({
    code: 'address',
    status: 'not_checked',
    detail: 'because of api-key',
    cause: 'api-key',
  });
  expect((await emulator.control('GET', '/requests')).body.total).toBe(0);
});

test('finds Target=flex', async () => {
  await account().update({ target: 'flex' });
  expect((await expectOnly({ code: 'target-flex' })).remedy).toContain('--target webhook');
});

test.each<[what: string, respond: RequestListener]>([
  ['a page', respondWith('<h1>Welcome</h1>')],
  ['a 404', respondWith('{}', 404)],
  ['other JSON', respondWith('{"status":"ready"}')],
  ['a redirect', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
])('finds a domain that responds to /status with %s', async (_, other) => {
  respond = other;
  const { code, found, notChecked } = await check();
  expect({ code, notChecked }).toEqual({ code: 2, notChecked: ['policy'] });
  expect(found).toMatchObject([
    { code: 'deployment', detail: expect.stringContaining('and not as this bundle does') },
  ]);
});

test('finds a domain that is unreachable', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  expect(await run(['--url', url, '--replace', '--yes'])).toMatchObject({ code: 0 });
  const { code, found, notChecked } = await check(['--url', url]);
  expect({ code, notChecked }).toEqual({ code: 2, notChecked: ['policy'] });
  expect(found).toMatchObject([
    { code: 'deployment', detail: `${url}/status is unreachable (ECONNREFUSED)` },
  ]);
});

test('finds a deployment that is incomplete, with the names that it reports', async () => {
  respond = async (_, response) => {
    const context = { ...environment(), CRM_URL: '', DOMAIN_NAME: new URL(origin).host };
    response.end(JSON.stringify((await call(handler, context, {})).body));
  };
  const { code, found, notChecked } = await check();
  expect({ code, notChecked }).toEqual({ code: 2, notChecked: ['policy'] });
  expect(found).toMatchObject([
    { code: 'deployment', detail: `${origin}/status: incomplete (missing or malformed: CRM_URL)` },
  ]);
});

test('finds a policy that is not the one of this checkout', async () => {
  const policy = JSON.parse(DEMO_POLICY);
  project.write(JSON.stringify({ ...policy, profiles: { ...policy.profiles, bot: [] } }));
  const { detail } = await expectOnly({ code: 'policy' });
  expect(detail).toMatch(/ has policy [\w-]{6}, and this checkout, with these variables, [\w-]{6}$/);
});

test('finds a version that is not the one of this checkout', async () => {
  respond = respondWith('{"status":"ready","version":"0.0.1","policy_hash":"abcdef"}');
  const { detail } = await expectOnly({ code: 'policy' });
  expect(detail).toMatch(/ has version 0\.0\.1, and this checkout /);
});

test('finds a wrong token, and reports it as the cause of the rest', async () => {
  const result = await check([], { AUTH_TOKEN: 'wrong-token-of-somebody' });
  expect(result).toMatchObject({
    code: 2,
    found: [{ code: 'credentials', detail: expect.stringContaining('are not accepted by Twilio') }],
    notChecked: OF_THE_ACCOUNT,
  });
  expect(JSON.stringify(result)).not.toContain('wrong-token');
});

describe('with an API key that may only read', () => {
  const { sid, secret } = READING_API_KEY;
  const key = { AUTH_TOKEN: 'not-the-auth-token', TWILIO_API_KEY: sid, TWILIO_API_SECRET: secret };

  test('checks everything', async () => {
    expect(await check([], key)).toMatchObject({ code: 0, found: [], notChecked: [] });
  });

  test('finds that its secret is wrong', async () => {
    expect(await check([], { ...key, TWILIO_API_SECRET: 'wrong-secret-of-a-key' })).toMatchObject({
      code: 2,
      found: [{ code: 'credentials', detail: expect.stringContaining('TWILIO_API_KEY') }],
      notChecked: OF_THE_ACCOUNT,
    });
  });

  test('reports a missing permission where it is missed, and checks the rest', async () => {
    await emulator.control('POST', '/faults', [
      { match: { path: '/v1/Configuration' }, do: { status: 403, code: 20403 } },
    ]);
    const { code, found, notChecked, checks } = await check([], key);
    expect({ code, found, notChecked }).toEqual({ code: 1, found: [], notChecked: ['address'] });
    expect(checks).toContainEqual(
      expect.objectContaining({
        code: 'address',
        detail: expect.stringContaining('TWILIO_API_KEY lacks a permission'),
      }),
    );
  });
});

test('fails if Twilio is unreachable, and says so once', async () => {
  const { code, stdout } = await run(['--check'], { TWILIO_API_BASE_URL: 'http://127.0.0.1:9' });
  expect(code).toBe(1);
  expect(stdout.match(/is unreachable/g)).toHaveLength(1);
  expect(stdout).toMatch(/– address +not checked: because of credentials\n/);
  expect(stdout).toMatch(/\nNothing found, 6 not checked\.\n$/);
});

test('names the region as the cause if Twilio is unreachable and it has no edge', async () => {
  const { checks } = await check([], { TWILIO_API_BASE_URL: 'http://127.0.0.1:9', TWILIO_REGION: 'ie1' });
  expect(checks).toContainEqual({
    code: 'credentials',
    status: 'not_checked',
    detail: 'Twilio (http://127.0.0.1:9) is unreachable, or did not respond in time (ECONNREFUSED)',
    cause: 'region',
  });
});

test('fails if one part cannot be read, and checks the others', async () => {
  await emulator.control('POST', '/faults', [
    { match: { path: '/v1/Configuration/Addresses' }, do: { status: 503 } },
  ]);
  const { code, found, notChecked } = await check();
  expect({ code, found }).toEqual({ code: 1, found: [] });
  expect(notChecked).toEqual(['address']);
});

test('fails if the policy of this checkout is invalid', async () => {
  project.write('{}');
  const { code, found, notChecked } = await check();
  expect({ code, found, notChecked }).toEqual({
    code: 1,
    found: [],
    notChecked: ['policy', 'event-streams'],
  });
});

test('reports all problems in one run, each with its remedy', async () => {
  const service = await newService();
  await ofService(service).update({ postWebhookUrl: THEIRS });
  await newAddress({ 'autoCreation.conversationServiceSid': service });
  const other = await newService();
  await ofService(other).update({ postWebhookUrl: THEIRS });
  await account().update({ postWebhookUrl: '', target: 'flex' });
  const [sink] = await emulator.events.sinks.list();
  await emulator.control('POST', `/sinks/${sink!.sid}/status`, { Status: 'failed' });
  respond = respondWith('{"status":"ready","version":"0.0.1","policy_hash":"abcdef"}');
  const { code, stdout, stderr } = await run(['--check'], { TWILIO_REGION: 'ie1' });
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(stdout.match(/(?<=^ {2}✗ )[a-z-]+/gm)).toEqual([
    'region',
    'policy',
    'account-webhook',
    'target-flex',
    'service-webhook',
    'address',
    'event-streams',
  ]);
  expect(stdout.match(/^ +→ .+$/gm)).toHaveLength(7);
  const cut = stdout
    .split('\n')
    .slice(1)
    .filter((line) => !line.trim().startsWith('http'));
  expect(cut.filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).toContain(`Account ${ACCOUNT_SID} and ${origin}\n`);
  expect(stdout).toMatch(/\n7 found\.\n$/);
  expect(stdout).not.toMatch(new RegExp(`key=42|${AUTH_TOKEN}`));
});

test('names the file of variables in its remedies', async () => {
  await account().update({ postWebhookUrl: '' });
  const lines = Object.entries(environment()).map(([name, value]) => `${name}=${value}`);
  writeFileSync(join(project.folder, '.env.prod'), lines.join('\n'));
  expect(await expectOnly({ code: 'account-webhook' }, ['--env', '.env.prod'])).toMatchObject({
    remedy: `npm run setup -- --url ${origin} --env .env.prod`,
  });
});

test.each([
  [['--check', '--replace'], '--check cannot be combined with --replace; use one of them\n'],
  [['--check', '--remove'], '--check cannot be combined with --remove; use one of them\n'],
  [['--check', '--yes'], '--check cannot be combined with --yes; use one of them\n'],
  [['--check', '--dry-run'], '--check cannot be combined with --dry-run; use one of them\n'],
])('rejects %j', async (args, stderr) => {
  expect(await run(args)).toEqual({ code: 2, stdout: '', stderr });
});
