import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiClient } from '../support/api';
import { get, post, postJson } from '../support/call';
import { type LogLine, linesOf } from '../support/log-lines';
import { emulatorEnvironment, root } from '../support/programs';
import { useReceiver, useStack } from '../support/stack';
import { until } from '../support/until';

// What an operator sees of each call: one line of JSON with what happened and why, and nothing that anybody wrote.

const { ACCOUNT_SID, AUTH_TOKEN = '' } = emulatorEnvironment();
const KEY = 'key-in-a-query';
const NAME = 'name-of-a-person';
const crm = useReceiver();
const { emulator, functions } = useStack(() => ({ CRM_URL: `${crm.origin}/${KEY}` }));
let api: ReturnType<typeof apiClient>;
let conversation: string;
/** What the functions printed on stderr: warnings and errors. */
let stderr = '';

beforeAll(() => {
  functions.child.stderr?.on('data', (text) => {
    stderr += text;
  });
});
beforeEach(async () => {
  await post(`${emulator.origin}/_emulator/reset`, {});
  api = apiClient(emulator.origin);
  conversation = (await api.conversations.create({})).sid;
  await api.conversations(conversation).participants.create({ identity: NAME });
});

const call = (name: string, form: Record<string, string> = {}) =>
  post(`${functions.origin}/webhooks/${name}`, { ConversationSid: conversation, ...form });
const say = async (Body: string) => {
  const form = { Source: 'SDK', Author: NAME, Body };
  await post(`${emulator.origin}/_emulator/conversations/${conversation}/messages`, form);
  await get(`${emulator.origin}/_emulator/idle`);
};
const fault = (match: object, act: object, when: object = {}) =>
  postJson(`${emulator.origin}/_emulator/faults`, { match, when, do: act });
const lines = () => linesOf(functions, conversation);
/** The line of the next call. */
const lineOf = async (work: () => Promise<unknown>): Promise<LogLine> => {
  const before = lines().length;
  await work();
  await until(
    () => lines().length > before,
    () => 'nothing was logged',
  );
  const [line, ...more] = lines().slice(before);
  expect(more).toEqual([]);
  return line!;
};
const counts = { calls: expect.any(Number), ms: expect.any(Number) };
const policy = expect.stringMatching(/^[\w-]{6}$/);
const isOnStderr = (line: LogLine) => stderr.includes(`${JSON.stringify(line)}\n`);

test('has the facts of a sync, a hand-off, and an event that starts nothing', async () => {
  expect(await lineOf(() => call('sync', { Profile: 'bot' }))).toEqual({
    operation: 'sync',
    conversation,
    status: 200,
    result: 'changed',
    from: null,
    to: 'bot',
    steps: ['create router', 'create bot', 'create sos'],
    replay: 0,
    policy,
    ...counts,
  });
  const ignored = {
    operation: 'event',
    conversation,
    event: 'onMessageAdded',
    status: 200,
    policy,
    ...counts,
  };
  expect(await lineOf(() => say('hello'))).toEqual({
    ...ignored,
    index: 0,
    result: 'ignored',
    why: 'no rule matches',
    nearest: { rule: 'asks-for-human', needs: ['Body words'] },
  });
  expect(await lineOf(() => say('a human please'))).toEqual({
    ...ignored,
    index: 1,
    result: 'changed',
    rule: 'asks-for-human',
    from: 'bot',
    to: 'agent',
    steps: ['update router', 'create crm', 'delete bot', 'endExecution bot'],
    replay: 1,
  });
  expect(await lineOf(() => say('human? human!'))).toEqual({
    ...ignored,
    index: 2,
    result: 'unchanged',
    from: 'agent',
    to: 'agent',
    why: 'no rule matches in profile agent',
  });
});

test('has the code and message of an error, and what was done before it', async () => {
  expect(await lineOf(() => call('sync', { Profile: 'agnt' }))).toEqual({
    operation: 'sync',
    conversation,
    status: 400,
    code: 20001,
    message: expect.stringContaining('did you mean "agent"'),
    ...counts,
  });
  await call('sync', { Profile: 'bot' });
  for (let n = 0; n < 2; n++)
    await call('attach', { Target: 'webhook', Url: `https://else.example/${n}`, Filters: 'onMessageAdded' });
  await call('detach', { Target: 'studio' });
  await call('attach', { Target: 'webhook', Url: 'https://else.example/2', Filters: 'onMessageAdded' });
  const full = await lineOf(() => call('sync'));
  expect(full).toMatchObject({ status: 403, code: 50361, warnings: ['all slots are taken'] });
  expect(isOnStderr(full)).toBe(true);
});

test('is on stderr if somebody should look at it, and only then', async () => {
  await fault({ method: 'POST', path: '*/Webhooks', body: '/urgent' }, { status: 400, code: 50366 });
  const refused = await lineOf(() => call('sync', { Profile: 'bot' }));
  expect(refused.warnings).toEqual([expect.stringContaining('refused to create sos: 50366')]);
  expect(isOnStderr(refused)).toBe(true);
  await fetch(`${emulator.origin}/_emulator/faults`, { method: 'DELETE' });
  const repaired = await lineOf(() => call('sync'));
  expect(repaired).toMatchObject({ result: 'changed', steps: ['create sos'] });
  expect(isOnStderr(repaired)).toBe(false);
  await fault({ path: '*/Webhooks' }, { status: 503 });
  const failed = await lineOf(() => call('sync'));
  expect(failed).toMatchObject({ status: 503, code: 20503, retries: expect.any(Number) });
  expect(isOnStderr(failed)).toBe(true);
});

test('names other deployments that manage the same conversation', async () => {
  await call('sync', { Profile: 'bot' });
  await api.conversations(conversation).webhooks.create({
    target: 'webhook',
    'configuration.url': 'https://other-1234.twil.io/events/conversation?Profile=bot',
    'configuration.filters': ['onMessageAdded'],
  });
  expect(await lineOf(() => call('sync'))).toMatchObject({
    result: 'unchanged',
    warnings: ['also managed by other-1234.twil.io'],
  });
});

test('warns of a call that took over five seconds', async () => {
  await fault({ path: '*/Webhooks' }, { delay: 1_800 });
  const slow = await lineOf(() =>
    call('attach', { Target: 'webhook', Url: crm.origin, Filters: 'onMessageAdded' }),
  );
  expect(slow.ms).toBeGreaterThan(5_000);
  expect(slow.warnings).toEqual(['took over 5 s']);
  expect(isOnStderr(slow)).toBe(true);
});

test('has no message, no name of a person, no secret, and no query of a URL', async () => {
  const secret = 'my number is 4929 1234';
  await call('sync', { Profile: 'bot' });
  await say(`a human please, ${secret}`);
  await call('attach', {
    Target: 'webhook',
    Url: `https://else.example/in?${KEY}=1#${KEY}`,
    Filters: 'onMessageAdded',
  });
  await call('attach', {
    Target: 'webhook',
    Url: `https://else.example:x/in?${KEY}=1`,
    Filters: 'onMessageAdded',
  });
  await fault(
    { method: 'POST', path: '*/Webhooks' },
    { status: 400, code: 50054, message: `Bad https://crm.example/in?${KEY}=1` },
  );
  await call('sync', { Profile: 'agent' });
  await call('sync', { Profile: 'bot' });
  const logged = lines();
  expect(logged.length).toBeGreaterThanOrEqual(6);
  expect(
    logged.some(({ warnings = [] }) =>
      warnings.some((text: string) => text.includes('Bad https://crm.example/in')),
    ),
  ).toBe(true);
  const text = JSON.stringify(logged);
  for (const hidden of [secret, NAME, KEY, AUTH_TOKEN, `${ACCOUNT_SID}`, 'Profile='])
    expect(text).not.toContain(hidden);
});

test('is what docs/observing.md shows', async () => {
  const page = readFileSync(join(root, 'docs', 'observing.md'), 'utf8');
  const shown = page.split('\n').filter((line) => line.startsWith('{"operation"'));
  const logged: LogLine[] = [];
  const log = async (work: () => Promise<unknown>) => logged.push(await lineOf(work));
  const open = async () => {
    conversation = (await api.conversations.create({})).sid;
    await api.conversations(conversation).participants.create({ identity: NAME });
  };
  await log(() => call('sync', { Profile: 'bot' }));
  for (const Body of ['hello', 'a human please', 'human? human!']) await log(() => say(Body));
  await fault({ path: '*/Webhooks' }, { status: 503 });
  await log(() => call('sync'));
  await fetch(`${emulator.origin}/_emulator/faults`, { method: 'DELETE' });

  await open();
  await fault(
    { method: 'POST', path: '*/Webhooks', body: '/urgent' },
    { status: 400, code: 50366, message: 'Invalid trigger' },
  );
  await log(() => call('sync', { Profile: 'bot' }));
  await fetch(`${emulator.origin}/_emulator/faults`, { method: 'DELETE' });
  await call('sync');
  await api.conversations(conversation).webhooks.create({
    target: 'webhook',
    'configuration.url': 'https://other-1234.twil.io/events/conversation?Profile=bot',
    'configuration.filters': ['onMessageAdded'],
  });
  await log(() => call('sync'));

  await open();
  for (let n = 0; n < 3; n++)
    await call('attach', { Target: 'webhook', Url: `https://else.example/${n}`, Filters: 'onMessageAdded' });
  await log(() => call('sync', { Profile: 'bot' }));

  const comparable = ({ calls, retries, ms, ...line }: LogLine) =>
    JSON.stringify({
      ...line,
      conversation: 'CH00000000000000000000000000000001',
      ...(line.policy && { policy: 'KTgg8p' }),
    });
  expect(shown.map((line) => comparable(JSON.parse(line)))).toEqual(logged.map(comparable));
});
