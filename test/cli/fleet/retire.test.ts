import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Subject, startEmulator } from '../../support/emulator';
import { useFleet } from '../../support/fleet';
import { until } from '../../support/until';

let emulator: Subject;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

const { folder, environment, run, add, enter, changePolicy, requestsOf, lines } = useFleet(() => emulator);
const JOURNAL = 'fleet.journal.jsonl';

// Without the conversation that a new emulator has.
beforeEach(async () => {
  await emulator.control('POST', '/reset');
  await emulator.api.conversations('demo').remove();
  rmSync(join(folder, JOURNAL), { force: true });
});

const retire = (...args: string[]) => run(['retire', '--yes', ...args]);
const webhooksOf = (conversation: string) => emulator.api.conversations(conversation).webhooks;
const urls = async (conversation: string) =>
  (await webhooksOf(conversation).list())
    .map(({ configuration }) => configuration.url ?? configuration.flow_sid)
    .sort();
const attach = (conversation: string, url: string) =>
  webhooksOf(conversation).create({
    target: 'webhook',
    'configuration.url': url,
    'configuration.filters': ['onMessageAdded'],
  });
const on = (host: string) => ({ ...environment(), CONVERSATION_WEBHOOKS_URL: `https://${host}` });
const OLD = 'old-1.twil.io';

test('prints its totals and results with --json, and nothing else', async () => {
  await add(2, 'bot');
  const json = async () => {
    const { code, stdout, stderr } = await retire('--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  const results = { changed: 2, unchanged: 0, skipped: 0, refused: 0, failed: 0 };
  expect(await json()).toMatchObject({ command: 'retire', found: 2, chosen: 2, results, failures: [] });
  expect(await json()).toMatchObject({ found: 0, chosen: 0, results: { ...results, changed: 0 } });
});

test('removes the router and the managed webhooks, also of closed conversations, and nothing of others', async () => {
  const [bot = '', closed = ''] = await add(2, 'bot');
  const [foreign = ''] = await add(1);
  await emulator.api.conversations(closed).update({ state: 'closed' });
  for (const sid of [bot, foreign]) await attach(sid, 'https://them.example/hook');
  await attach(foreign, environment().CRM_URL!);
  const { code, stdout, stderr } = await retire();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('2 conversations changed\n');
  expect(await urls(bot)).toEqual(['https://them.example/hook']);
  expect(await urls(closed)).toEqual([]);
  expect(await urls(foreign)).toEqual([environment().CRM_URL, 'https://them.example/hook'].sort());
  expect(await retire()).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
});

test('removes what only a former policy named, and what is on a former domain', async () => {
  const [former = ''] = await add(1, 'bot');
  const [moved = ''] = await add(1);
  await enter(moved, 'agent', on(OLD));
  changePolicy((policy) => {
    delete policy.webhooks.sos;
    policy.profiles = { bot: ['bot'], agent: ['crm'], closed: [] };
    policy.formerDomains = [OLD];
  });
  expect((await retire()).code).toBe(0);
  expect([await urls(former), await urls(moved)]).toEqual([[], []]);
});

test('removes what an event attached again while it was at work', async () => {
  const [conversation = ''] = await add(1, 'bot');
  const webhooks = await webhooksOf(conversation).list();
  const sos = webhooks.find(({ target }) => target === 'trigger')!;
  const router = webhooks.find(({ target }) => target === 'webhook')!;
  // Before the router goes, somebody's run puts back what is gone already.
  await emulator.control('POST', '/faults', {
    match: { method: 'DELETE', path: `*/Webhooks/${router.sid}` },
    when: { count: 1 },
    do: { delay: 300 },
  });
  const retiring = retire();
  while ((await webhooksOf(conversation).list()).some(({ sid }) => sid === sos.sid))
    await new Promise((resolve) => setTimeout(resolve, 10));
  await webhooksOf(conversation).create({
    target: 'trigger',
    'configuration.url': sos.configuration.url,
    'configuration.triggers': ['emergency'],
  });
  expect((await retiring).code).toBe(0);
  expect(await urls(conversation)).toEqual([]);
});

const routerOf = async (conversation: string) =>
  (await webhooksOf(conversation).list()).find(({ configuration }) =>
    configuration.url?.includes('/events/conversation?'),
  );
/** Another version of the policy has the router name a webhook that today's does not have; attaches it, now or later. */
async function formerWebhook(conversation: string) {
  const sos = (await webhooksOf(conversation).list()).find(({ target }) => target === 'trigger')!;
  changePolicy((policy) => {
    delete policy.webhooks.sos;
    policy.profiles = { bot: ['bot'], agent: ['crm'], closed: [] };
  });
  return () =>
    webhooksOf(conversation).create({
      target: 'trigger',
      'configuration.url': sos.configuration.url,
      'configuration.triggers': ['emergency'],
    });
}

test('removes what a former version attached again, also if nobody knows whether the router is gone', async () => {
  const [conversation = ''] = await add(1, 'bot');
  const attachAgain = await formerWebhook(conversation);
  await emulator.control('POST', '/faults', {
    match: { method: 'DELETE', path: `*/Webhooks/${(await routerOf(conversation))?.sid}` },
    when: { count: 2 },
    do: { status: 503, processed: true },
  });
  const env = { ...environment(), TWILIO_SERVICE_RETRY_LIMIT: '1' };
  const retiring = run(['retire', '--yes'], env);
  await until(
    async () => (await routerOf(conversation)) === undefined,
    () => 'the router is still there',
  );
  await attachAgain();
  expect(await retiring).toMatchObject({ code: 0, stderr: '' });
  expect(await urls(conversation)).toEqual([]);
});

test('removes what was attached again when it is resumed, also from a conversation without its router', async () => {
  const [conversation = ''] = await add(1, 'bot');
  const [foreign = ''] = await add(1);
  const [bot] = (await webhooksOf(conversation).list()).filter(({ target }) => target === 'studio');
  const attachBot = (sid: string) =>
    webhooksOf(sid).create({ target: 'studio', 'configuration.flowSid': bot!.configuration.flow_sid });
  await attachBot(foreign);
  await emulator.control('POST', '/faults', {
    match: { method: 'GET', path: `*/Conversations/${conversation}/Webhooks` },
    when: { after: 2 },
    do: { status: 401, code: 20003, message: 'Authenticate' },
  });
  expect((await retire()).code).toBe(1);
  await emulator.control('DELETE', '/faults');
  expect(await urls(conversation)).toEqual([]);
  await attachBot(conversation);
  expect((await retire('--resume')).code).toBe(0);
  expect(await urls(conversation)).toEqual([]);
  expect(await urls(foreign)).toEqual([bot!.configuration.flow_sid]);
});

test('removes those of a former domain, and leaves what today’s deployment needs', async () => {
  const [moved = '', both = '', today = ''] = await add(3);
  await enter(moved, 'bot', on(OLD));
  await enter(both, 'agent', on(OLD));
  await enter(both, 'agent');
  await enter(today, 'bot');
  const before = await urls(today);
  expect(await urls(both)).toHaveLength(4);
  expect((await retire('--domain', OLD)).stdout).toContain('2 conversations changed\n');
  expect(await urls(moved)).toEqual([]);
  expect(await urls(both)).toEqual([
    environment().CRM_URL,
    `${environment().CRM_URL}/urgent`,
    expect.stringMatching(/^https:\/\/bots-1234\.twil\.io\/events\/conversation\?/),
  ]);
  expect(await urls(today)).toEqual(before);
});

test('asks first, changes so many at most, and goes on after it was stopped', async () => {
  const all = await add(4, 'bot');
  const { requests } = await requestsOf(() => run(['retire']));
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect((await retire('--limit', '1')).stdout).toContain('1 conversation changed\n');
  await emulator.control('POST', '/faults', {
    match: { method: 'DELETE' },
    when: { after: 4 },
    do: { status: 401, code: 20003, message: 'Authenticate' },
  });
  expect((await retire()).code).toBe(1);
  await emulator.control('DELETE', '/faults');
  expect((await retire()).stderr).toContain('use --resume');
  expect((await retire('--resume')).code).toBe(0);
  expect(await Promise.all(all.map(urls))).toEqual([[], [], [], []]);
  expect(lines(JOURNAL).at(-1)).toEqual({ end: true });
});

test.each([
  [['--domain', 'https://x'], '--domain must be a host such as my-service-1234-dev.twil.io'],
  [
    ['--domain', 'BOTS-1234.twil.io'],
    '--domain is where it is deployed; leave it out to retire the deployment',
  ],
])('rejects %j', async (args, message) => {
  expect(await retire(...args)).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
});
