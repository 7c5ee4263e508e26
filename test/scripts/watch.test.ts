import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clone } from '../support/clone';
import { answers, freePorts, npmStart, type Ports, stopRunning } from '../support/npm-start';
import { until } from '../support/until';

// `npm start` while somebody edits. One start serves the tests in turn: each leaves what it changed to the next.

let project: ReturnType<typeof clone>;
let ports: Ports;
let started: ReturnType<typeof npmStart>;

beforeAll(async () => {
  project = clone();
  write('.env.local', `CRM_URL=${receiver('local')}`);
  ports = await freePorts();
  started = npmStart(project.folder, ports);
  await started.printed('Ctrl-C ends both.');
});
afterAll(async () => {
  await stopRunning();
  project.remove();
});

const SERVED = 'changes served';
const NOT_SERVED = 'changes not served: the functions stay as they were';
const STATUS = 'src/functions/status.ts';
const conversation = 'CH00000000000000000000000000000001';

const receiver = (name: string) => `http://127.0.0.1:4010/_emulator/receiver/${name}`;
const path = (file: string) => join(project.folder, file);
const read = (file: string) => readFileSync(path(file), 'utf8');
const write = (file: string, text: string) => writeFileSync(path(file), text);
const policy = () => JSON.parse(read('src/assets/policy.private.json'));
/** As an editor that writes beside the file, and puts the new one in its place. */
function writePolicy(json: unknown) {
  write('policy.new', JSON.stringify(json));
  renameSync(path('policy.new'), path('src/assets/policy.private.json'));
}

/** Makes a change. @returns what is printed because of it, up to this */
async function change(make: () => void, expected: string): Promise<string> {
  const from = started.output().length;
  make();
  await started.printed(expected, from);
  return started.output().slice(from);
}

async function call(path: string, parameters: Record<string, string> = {}) {
  const query = new URLSearchParams({ ConversationSid: conversation, ...parameters });
  const response = await fetch(`http://localhost:${ports.PORT}${path}?${query}`);
  return (await response.json()) as Record<string, unknown>;
}

async function urls() {
  const { webhooks } = (await call('/webhooks/list')) as { webhooks: { configuration: { url?: string } }[] };
  return webhooks.map(({ configuration }) => configuration.url);
}

test('reads .env.local over .env.emulator', async () => {
  expect(await call('/webhooks/sync', { Profile: 'agent' })).toMatchObject({ result: 'changed' });
  expect(await urls()).toContain(`http://127.0.0.1:${ports.EMULATOR_PORT}/_emulator/receiver/local`);
});

test('prints what docs/policy.md says of a change', () => {
  const page = read('docs/policy.md').replaceAll('\n', ' ');
  for (const printed of [SERVED, NOT_SERVED]) expect(page).toContain(`\`${printed}\``);
});

test('serves a changed policy to the conversations that the emulator has', async () => {
  const { profiles, ...rest } = policy();
  await change(() => writePolicy({ ...rest, profiles: { ...profiles, vip: ['sos'] } }), SERVED);
  expect(await call('/webhooks/sync', { Profile: 'vip' })).toMatchObject({
    previous_profile: 'agent',
    profile: 'vip',
    result: 'changed',
  });
});

test('reports an invalid policy, and keeps the one before', async () => {
  const valid = policy();
  const printed = await change(
    () => writePolicy({ ...valid, rules: [{ on: 'onMessageAdded', profile: 'nobody' }] }),
    NOT_SERVED,
  );
  expect(printed).toContain('policy.private.json: rules[0].profile: ');
  expect(await call('/webhooks/sync', { Profile: 'vip' })).toMatchObject({ result: 'unchanged' });
  expect(await change(() => writePolicy(valid), 'up to date')).not.toContain(NOT_SERVED);
});

test('prints commands that fit a changed policy, and work when pasted', async () => {
  const { rules, ...rest } = policy();
  const rule = {
    name: 'urgent',
    on: 'onMessageAdded',
    when: { Body: { words: ["it's urgent"] } },
    profile: 'vip',
  };
  // The customer who writes has no tier.
  const forVips = [
    { on: 'onConversationAdded', when: { 'Attributes.tier': 'gold' }, profile: 'vip' },
    { ...rule, name: 'urgent-vip', when: { ...rule.when, 'Conversation.Attributes.tier': 'gold' } },
  ];
  const printed = await change(
    () => writePolicy({ ...rest, rules: [...forVips, rules[0], rule] }),
    'opens in the profile bot\n  curl http',
  );
  expect(printed).toContain('move the conversation to the profile bot\n');
  expect(printed).toContain('write as the customer what urgent looks for\n');
  const [sync, write, list] = printed.match(/^ {2}curl .*$/gm)!.map((line) => `${line} --silent`);
  for (const command of [sync!, write!]) execFileSync('sh', ['-c', command]);
  execFileSync('sh', ['-c', `curl --silent http://127.0.0.1:${ports.EMULATOR_PORT}/_emulator/idle`]);
  const { webhooks } = JSON.parse(execFileSync('sh', ['-c', list!], { encoding: 'utf8' }));
  expect(webhooks).toMatchObject([{ configuration: { url: expect.stringContaining('Profile=vip&') } }, {}]);
});

test('names a variable that a changed policy needs, and serves the policy once it is set', async () => {
  const { webhooks, ...rest } = policy();
  const sos = { ...webhooks.sos, url: `\${SOS_URL}` };
  const printed = await change(() => writePolicy({ ...rest, webhooks: { ...webhooks, sos } }), NOT_SERVED);
  expect(printed).toContain('SOS_URL is not set; the policy needs it\nset variables in .env.local');
  expect(await call('/status')).toMatchObject({ status: 'ready' });

  const local = `${read('.env.local')}\nSOS_URL=${receiver('sos')}\n`;
  expect(await change(() => write('.env.local', local), SERVED)).toContain('variables');
  await call('/webhooks/sync');
  expect(await urls()).toContain(`http://127.0.0.1:${ports.EMULATOR_PORT}/_emulator/receiver/sos`);
});

test('reports a function that cannot be built, and serves it once it can', async () => {
  const working = read(STATUS);
  const printed = await change(() => write(STATUS, `${working}\nconst x = ;`), NOT_SERVED);
  expect(printed).toMatch(/src\/functions\/status\.ts:\d+:10/);
  expect(await call('/status')).toMatchObject({ status: 'ready' });
  const changed = change(
    () => write(STATUS, working.replace("status: 'ready'", "status: 'changed'")),
    SERVED,
  );
  // Each call meets one of the two versions.
  const met = new Set<unknown>();
  await until(
    async () => met.add((await call('/status')).status).has('changed'),
    () => 'the change is not served',
  );
  await changed;
  expect(['ready', 'changed']).toEqual(expect.arrayContaining([...met]));
});

test('serves a new function in a new folder, and no function that is deleted', async () => {
  const folder = 'src/functions/a/b';
  await change(() => {
    mkdirSync(path(folder), { recursive: true });
    write(`${folder}/mine.ts`, 'export const handler = (_c, _e, callback) => callback(null, { mine: 1 });');
  }, SERVED);
  const served = async () => (await fetch(`http://localhost:${ports.PORT}/a/b/mine`)).status;
  await until(
    async () => (await served()) === 200,
    () => 'the function is not served',
  );
  // In a folder that was not there when it started.
  await change(
    () =>
      write(`${folder}/mine.ts`, 'export const handler = (_c, _e, callback) => callback(null, { mine: 2 });'),
    SERVED,
  );
  expect(await call('/a/b/mine')).toEqual({ mine: 2 });
  await change(() => rmSync(path('src/functions/a'), { recursive: true }), SERVED);
  await until(
    async () => (await served()) === 404,
    () => 'the function is still served',
  );
});

test('leaves nothing behind when it is ended while it builds', async () => {
  write(STATUS, read(STATUS).replace("status: 'changed'", "status: 'again'"));
  const [run] = readdirSync(path('build/runs'));
  await until(
    () => !existsSync(path(`build/runs/${run}/next/assets`)),
    () => 'no build has begun',
  );
  process.kill(-started.child.pid!, 'SIGINT');
  await started.closed;
  expect(readdirSync(path('build/runs'))).toEqual([]);
  expect(await answers(`http://127.0.0.1:${ports.EMULATOR_PORT}`)).toBe(false);
  expect(await answers(`http://127.0.0.1:${ports.PORT}`)).toBe(false);
});

test.each([
  ['a variable that is not set', 'CRM_URL=', 'CRM_URL is not set; the policy needs it\n'],
  ['a malformed variable', 'TWILIO_EDGE=a b', 'TWILIO_EDGE is malformed; .env.example says what it is\n'],
  ['another account', 'AUTH_TOKEN=mine', '.env.local: npm start calls the emulator alone; remove AUTH_TOKEN'],
])('does not start with %s', async (_, local, sentence) => {
  write('.env.local', local);
  project.restoreSource();
  const failed = npmStart(project.folder, await freePorts());
  expect(await failed.closed).toBe(1);
  expect(failed.output().startsWith(sentence)).toBe(true);
});
