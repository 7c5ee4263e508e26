import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Subject, startEmulator } from '../../support/emulator';
import { useFleet, useStatus } from '../../support/fleet';

let emulator: Subject;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

const deployment = useStatus();
const { folder, environment, run, add, enter, changePolicy, requestsOf, lines, status } = useFleet(
  () => emulator,
  () => deployment.origin,
);
const PLAN = 'report.jsonl';
const JOURNAL = 'fleet.journal.jsonl';

// Without the conversation that a new emulator has.
beforeEach(async () => {
  await emulator.control('POST', '/reset');
  await emulator.api.conversations('demo').remove();
  for (const file of [PLAN, JOURNAL]) rmSync(join(folder, file), { force: true });
  deployment.status = status();
});

const report = (...args: string[]) => run(['report', '--json', PLAN, ...args]);
const sync = (...args: string[]) => run(['sync', '--yes', ...args]);

/** The policy that is deployed from now on. */
function deploy(change: Parameters<typeof changePolicy>[0]) {
  changePolicy(change);
  deployment.status = status();
}

const withoutSos = (policy: Parameters<Parameters<typeof changePolicy>[0]>[0]) => {
  delete policy.webhooks.sos;
  policy.profiles = { bot: ['bot'], agent: ['crm'], closed: [] };
};

const webhooksOf = (conversation: string) => emulator.api.conversations(conversation).webhooks;
const targets = async (conversation: string) =>
  (await webhooksOf(conversation).list()).map(({ target }) => target).sort();
async function removeSos(conversation: string) {
  const sos = (await webhooksOf(conversation).list()).find(({ target }) => target === 'trigger');
  await webhooksOf(conversation)(sos!.sid).remove();
}
const results = () =>
  lines(JOURNAL).flatMap(({ conversation, result }) =>
    result && result !== 'begun' ? [[conversation, result]] : [],
  );

test('carries out a report, and finds nothing more to do', async () => {
  const [bot = '', agent = ''] = [...(await add(1, 'bot')), ...(await add(1, 'agent'))];
  deploy(withoutSos);
  expect((await report()).code).toBe(2);
  const { code, stdout, stderr } = await sync('--plan', PLAN);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^2 conversations:\n {2}2 {2}update router\n {2}2 {2}delete former:[\w-]{5}\n2 conversations changed\n/,
  );
  expect(await targets(bot)).toEqual(['studio', 'webhook']);
  expect(await targets(agent)).toEqual(['webhook', 'webhook']);
  expect(results().sort()).toEqual([bot, agent].sort().map((sid) => [sid, 'changed']));
  expect(lines(JOURNAL).at(-1)).toEqual({ end: true });
  expect((await report()).code).toBe(0);
  expect(await sync('--plan', PLAN)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Nothing to do'),
  });
});

test('skips a conversation that has changed since the report', async () => {
  const [changed = '', other = ''] = await add(2, 'bot');
  deploy(withoutSos);
  await report();
  await removeSos(changed);
  const { code, stdout } = await sync('--plan', PLAN);
  expect(code).toBe(0);
  expect(stdout).toContain('1 conversation changed\n1 conversation skipped: changed since the report');
  expect(new Map(results() as [string, string][])).toEqual(
    new Map([
      [changed, 'skipped'],
      [other, 'changed'],
    ]),
  );
  expect((await report()).code).toBe(2);
});

test('refuses to change more than 30 % of the managed conversations without a plan, unless it is forced', async () => {
  const all = await add(4, 'bot');
  await add(10);
  for (const sid of all.slice(0, 2)) await removeSos(sid);
  const { result, requests } = await requestsOf(() => sync());
  expect(result).toEqual({
    code: 1,
    stdout: '',
    stderr:
      '2 of 4 managed conversations would change, more than 30 %; review a report and carry it out with --plan, or use --force\n',
  });
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(await sync('--force')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 conversations changed'),
  });
});

test('changes so many conversations at most', async () => {
  const all = await add(5, 'bot');
  deploy(withoutSos);
  await report();
  expect((await sync('--plan', PLAN, '--limit', '2')).stdout).toMatch(
    /^2 conversations of 5 that are out of order:\n/,
  );
  expect(results()).toHaveLength(2);
  const left = await Promise.all(all.map(targets));
  expect(left.filter((found) => found.includes('trigger'))).toHaveLength(3);
});

test('takes conversations in that are not managed, without replaying history, with 7 calls each', async () => {
  const all = await add(6);
  await emulator.control('POST', `/conversations/${all[0]}/messages`, { Body: 'long ago' });
  await emulator.control('GET', '/idle');
  const { result, total } = await requestsOf(() => sync('--profile', 'bot'));
  expect(result).toMatchObject({ code: 0, stderr: '' });
  // The services, and one page of conversations.
  expect(total - 2).toBeLessThanOrEqual(7 * all.length);
  for (const sid of all) expect(await targets(sid)).toEqual(['studio', 'trigger', 'webhook']);
  expect(await emulator.executions()).toEqual([]);
  expect((await report()).code).toBe(0);
});

test('brings a conversation to another policy with 5 calls, the first list among them', async () => {
  await add(6, 'bot');
  deploy(withoutSos);
  await report();
  const { result, requests } = await requestsOf(() => sync('--plan', PLAN));
  expect(result.code).toBe(0);
  const calls = requests.map(({ method, path }) => `${method} ${/Webhooks|Messages/.exec(path)}`);
  const each = ['GET Messages', 'GET Webhooks', 'POST Webhooks', 'DELETE Webhooks', 'GET Webhooks'];
  expect(calls.sort()).toEqual(each.flatMap((call) => Array(6).fill(call)).sort());
});

test('leaves what the former deployment changes after a report to the next report', async () => {
  const [handedOff = '', taken = '', ...others] = await add(4);
  const former = { ...environment(), CONVERSATION_WEBHOOKS_URL: 'https://old-1.twil.io' };
  for (const sid of [handedOff, ...others]) await enter(sid, 'bot', former);
  const moved: typeof withoutSos = (policy) => {
    withoutSos(policy);
    policy.formerDomains = ['old-1.twil.io'];
  };
  deploy(moved);
  expect((await report()).code).toBe(2);
  changePolicy(() => {});
  await enter(handedOff, 'agent', former);
  await enter(taken, 'bot', former);
  deploy(moved);
  const { code, stdout } = await sync('--plan', PLAN);
  expect(code).toBe(0);
  expect(stdout).toContain('1 conversation skipped: changed since the report; run it again\n');
  expect((await report()).code).toBe(2);
  expect(lines(PLAN).filter(({ findings }) => findings?.length > 0)).toMatchObject([
    { conversation: handedOff, profile: 'agent', findings: ['formerDomain', 'otherPolicy'] },
    { conversation: taken, profile: 'bot', findings: ['formerDomain', 'otherPolicy'] },
  ]);
  expect(await sync('--plan', PLAN)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 conversations changed\n'),
  });
  expect((await report()).code).toBe(0);
  expect(await targets(handedOff)).toEqual(['webhook', 'webhook']);
});

test('replays history to conversations that it takes in where it is told to', async () => {
  const [conversation = ''] = await add(1);
  await emulator.control('POST', `/conversations/${conversation}/messages`, { Body: 'long ago' });
  expect((await sync('--profile', 'bot', '--replay-after', 'start')).code).toBe(0);
  expect(await emulator.executions()).toMatchObject([{ messages: [{ Body: 'long ago' }] }]);
});

test('leaves the profile of a conversation alone that somebody has taken in meanwhile', async () => {
  const [conversation = ''] = await add(1);
  const entered = { is: false };
  const { code } = await run(['sync', '--profile', 'bot'], environment(), {
    async confirm() {
      await enter(conversation, 'agent');
      entered.is = true;
      return true;
    },
  });
  expect({ code, ...entered }).toEqual({ code: 0, is: true });
  expect(results()).toEqual([[conversation, 'unchanged']]);
  expect(await targets(conversation)).toEqual(['trigger', 'webhook', 'webhook']);
});

test('sends closed conversations nothing but deletes', async () => {
  const [closed = ''] = await add(1, 'bot');
  await emulator.api.conversations(closed).update({ state: 'closed' });
  deploy(withoutSos);
  expect((await report()).code).toBe(2);
  const { result, requests } = await requestsOf(() => sync('--plan', PLAN));
  expect(result.code).toBe(0);
  expect(requests.flatMap(({ method }) => (method === 'GET' ? [] : [method]))).toEqual(['DELETE']);
  expect((await report()).code).toBe(0);
});

test('asks first, and changes nothing without a yes', async () => {
  await add(1, 'bot');
  deploy(withoutSos);
  const questions: string[] = [];
  const confirm = async (question: string) => {
    questions.push(question);
    return false;
  };
  await report();
  const { requests } = await requestsOf(async () => {
    expect(await run(['sync', '--plan', PLAN], environment(), { confirm })).toMatchObject({
      code: 1,
      stderr: 'nothing was changed\n',
    });
    expect(await run(['sync', '--plan', PLAN])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('use --yes'),
    });
  });
  expect(questions).toEqual([`Sync 1 conversation of account ${environment().ACCOUNT_SID}? [y/N] `]);
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(existsSync(join(folder, JOURNAL))).toBe(false);
});

test('goes on after it was stopped, and does nothing twice', async () => {
  const all = await add(8, 'bot');
  deploy(withoutSos);
  await report();
  await emulator.control('POST', '/faults', {
    match: { method: 'DELETE' },
    when: { after: 3 },
    do: { status: 401, code: 20003, message: 'Authenticate' },
  });
  expect((await sync('--plan', PLAN)).code).toBe(1);
  await emulator.control('DELETE', '/faults');
  const done = results().map(([sid]) => sid);
  expect(done).toHaveLength(3);
  expect((await sync('--plan', PLAN)).stderr).toContain('did not finish; use --resume');
  const { result, requests } = await requestsOf(() => sync('--plan', PLAN, '--resume'));
  expect(result.code).toBe(0);
  expect(requests.filter(({ path }) => done.some((sid) => path.includes(sid)))).toEqual([]);
  // What it had begun has changed since the report, by its own hand.
  for (const sid of all) expect(await targets(sid)).toEqual(['studio', 'webhook']);
  expect((await report()).code).toBe(0);
});

test('ends a run that was killed after its last conversation', async () => {
  await add(1, 'bot');
  deploy(withoutSos);
  await report();
  await sync('--plan', PLAN);
  const path = join(folder, JOURNAL);
  writeFileSync(path, readFileSync(path, 'utf8').replace('{"end":true}\n', ''));
  expect(await sync('--plan', PLAN, '--resume')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Nothing to do'),
  });
  expect(lines(JOURNAL).at(-1)).toEqual({ end: true });
});

test('tries a conversation again that Twilio was too busy for', async () => {
  await add(3, 'bot');
  deploy(withoutSos);
  await report();
  await emulator.control('POST', '/faults', {
    match: { method: 'POST' },
    when: { count: 4 },
    do: { status: 429, code: 20429, message: 'Too many requests' },
  });
  expect((await sync('--plan', PLAN)).code).toBe(0);
  expect((await report()).code).toBe(0);
});

test('exits with 1 where Twilio refuses a step, and reports it', async () => {
  const [conversation = ''] = await add(1, 'agent');
  deploy((policy) => {
    policy.webhooks.audit = { ...policy.webhooks.crm, url: `${policy.webhooks.crm.url}/audit` };
    policy.profiles.agent.push('audit');
  });
  await report();
  await emulator.control('POST', '/faults', {
    match: { method: 'POST', body: '/audit' },
    do: { status: 400, code: 50054, message: 'Invalid URL' },
  });
  const { code, stdout, stderr } = await sync('--plan', PLAN);
  expect(code).toBe(1);
  expect(stderr).toBe(`${conversation}: create audit: 50054 Invalid URL\n`);
  expect(stdout).toContain('1 conversation changed in part: Twilio refused a step');
});

test('prints its totals and results with --json, and nothing else', async () => {
  const [first = '', second = ''] = await add(2, 'agent');
  await add(1, 'bot');
  deploy((policy) => {
    policy.webhooks.audit = { ...policy.webhooks.crm, url: `${policy.webhooks.crm.url}/audit` };
    policy.profiles.agent.push('audit');
  });
  await report();
  await emulator.control('POST', '/faults', {
    match: { method: 'POST', path: `*${second}/Webhooks`, body: '/audit' },
    do: { status: 400, code: 50054, message: 'Invalid URL' },
  });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(['sync', '--plan', PLAN, '--json', ...args]);
    return { code, result: JSON.parse(stdout), stderr };
  };
  const planned = {
    command: 'sync',
    account: environment().ACCOUNT_SID,
    deployment: deployment.origin,
    policy: expect.stringMatching(/^[\w-]{6}$/),
    found: 3,
    chosen: 3,
    steps: { 'update router': 3, 'create audit': 2 },
    results: { changed: 0, unchanged: 0, skipped: 0, refused: 0, failed: 0 },
    failures: [] as object[],
    calls: expect.any(Number),
    retries: 0,
    throttled: 0,
    most_concurrent: expect.any(Number),
  };
  expect(await json()).toEqual({
    code: 1,
    result: planned,
    stderr: '{"error":{"message":"nobody is asked with --json; nothing was changed; use --yes"}}\n',
  });
  await webhooksOf(first).create({ target: 'studio', 'configuration.flowSid': `FW${'1'.repeat(32)}` });
  expect(await json('--yes')).toEqual({
    code: 1,
    result: {
      ...planned,
      results: { changed: 1, unchanged: 0, skipped: 1, refused: 1, failed: 0 },
      failures: [{ conversation: second, result: 'refused', why: 'create audit: 50054 Invalid URL' }],
    },
    stderr: '',
  });
});

describe('refuses to run where the deployment', () => {
  test.each([
    [
      'has another version',
      () => ({ ...status(), version: '0.0.1' }),
      'has version 0.0.1, and this checkout ',
    ],
    [
      'has another policy',
      () => ({ ...status(), policy_hash: 'other1' }),
      'has policy other1, and this checkout',
    ],
    ['is not ready', () => ({ ...status(), status: 'incomplete' }), 'is not ready; see its /status'],
    ['is something else', () => 'hello', '/status does not respond as this bundle does'],
  ])('%s', async (_, made, message) => {
    await add(1, 'bot');
    deployment.status = made() as object;
    const { result, total } = await requestsOf(async () => {
      const asked = await sync('--profile', 'bot');
      // Something to count.
      await emulator.api.services.list();
      return asked;
    });
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
    expect(total).toBe(1);
  });

  test('does not respond', async () => {
    const env = { ...environment(), CONVERSATION_WEBHOOKS_URL: 'http://127.0.0.1:9' };
    expect(await run(['sync'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/status does not respond'),
    });
  });
});

test('rejects the plan of another policy, and a file that is not a plan', async () => {
  await add(1, 'bot');
  deploy(withoutSos);
  await report();
  deploy((policy) => {
    policy.profiles.bot = [];
  });
  expect(await sync('--plan', PLAN)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('run the report again'),
  });
  appendFileSync(join(folder, PLAN), '{"conv');
  const message = `--plan ${PLAN} is not a file of npm run fleet -- report --json\n`;
  expect(await sync('--plan', PLAN)).toMatchObject({ code: 2, stderr: message });
  writeFileSync(join(folder, PLAN), '');
  expect(await sync('--plan', PLAN)).toMatchObject({ code: 2, stderr: message });
  expect(await sync('--plan', 'none')).toMatchObject({
    code: 2,
    stderr: '--plan none cannot be read; check the path\n',
  });
});

test.each([
  [['--plan', PLAN, '--state', 'active'], '--plan cannot be combined with --state; use it with the report'],
  [['--limit', '0'], '--limit must be a number from 1 on, not "0"'],
  [
    ['--replay-after', 'start'],
    '--replay-after needs --profile or --plan; conversations that are managed replay nothing',
  ],
])('rejects %j', async (args, message) => {
  expect(await sync(...args)).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
});
