import { Client } from '../../../cli/client';
import { readDeployedPolicy } from '../../../cli/deployed-policy';
import { type StaleExecution, staleExecutions } from '../../../cli/fleet/stale-executions';
import { readOnly } from '../../../cli/transport';
import { send } from '../../../src/twilio/transport';
import { type Subject, startEmulator } from '../../support/emulator';
import { DEPLOYMENT, useFleet } from '../../support/fleet';

let emulator: Subject;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
// Without the conversation that a new emulator has.
beforeEach(async () => {
  await emulator.control('POST', '/reset');
  await emulator.api.conversations('demo').remove();
});

const { folder, environment, run, add, enter, changePolicy, requestsOf, lines } = useFleet(() => emulator);
const report = (...args: string[]) => run(['report', ...args]);
const attach = (conversation: string, url: string) =>
  emulator.api.conversations(conversation).webhooks.create({
    target: 'webhook',
    'configuration.url': url,
    'configuration.filters': ['onMessageAdded'],
  });

test('finds nothing in an account without conversations', async () => {
  expect(await report()).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('0 conversations'),
  });
});

test('reads conversations in order with 1.1 calls each at most, and changes nothing', async () => {
  await add(30, 'bot');
  await add(30, 'agent');
  const { result, total, requests } = await requestsOf(() => report());
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toMatch(/^60 conversations in 1 service:\n {2}60 {2}in order$/m);
  expect(total).toBeLessThanOrEqual(66);
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('prints totals first, then what was found, and exits with 2 where a sync would change something', async () => {
  const [drifted = '', closed = '', theirs = ''] = await add(3, 'bot');
  await add(4);
  await add(5, 'agent');
  const [sos] = (await emulator.api.conversations(drifted).webhooks.list()).filter(
    ({ target }) => target === 'trigger',
  );
  await emulator.api.conversations(drifted).webhooks(sos!.sid).remove();
  await emulator.api.conversations(closed).update({ state: 'closed' });
  await attach(theirs, 'https://nobody.example/hook?key=42');
  const { code, stdout, stderr } = await report();
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(stdout.split('\n').slice(1, 13)).toEqual([
    '12 conversations in 1 service:',
    '  5  in order',
    '  1  drifted from the policy',
    '  1  with webhooks to unknown hosts',
    '  1  closed with webhooks left',
    '  4  not managed',
    '',
    'What was found:',
    `  ${drifted}  bot: drifted from the policy; create sos`,
    `  ${theirs}  bot: with webhooks to unknown hosts; unknown: nobody.example`,
    `  ${closed}  bot: closed with webhooks left`,
    '',
  ]);
  expect(stdout).not.toContain('key=42');
  expect(stdout).toMatch(/^\d+ API calls, at most \d+ concurrent requests? at Twilio\.$/m);
});

test('exits with 2 for another version of the policy alone', async () => {
  await add(3, 'agent');
  changePolicy((policy) => {
    policy.rules.push({ on: 'onParticipantAdded', profile: 'agent' });
  });
  const { code, stdout } = await report();
  expect(code).toBe(2);
  expect(stdout).toMatch(/^ {2}3 {2}of another version of the policy$/m);
});

test('prints the worst twenty', async () => {
  await add(21, 'agent');
  const [worst = ''] = await add(1, 'bot');
  changePolicy((policy) => {
    policy.webhooks.crm.filters = ['onMessageAdded'];
    policy.profiles.bot = [];
  });
  const { stdout } = await report();
  expect(stdout).toContain('\nThe worst 20 of 22:\n');
  expect(stdout.match(/^ {2}CH.*/gm)).toHaveLength(20);
  expect(stdout).toMatch(
    new RegExp(`:\\n  ${worst}  bot: of another version of the policy; update router, delete`),
  );
});

test('writes one line of JSON for each conversation, without queries of URLs', async () => {
  const [managed = ''] = await add(1, 'agent');
  const [other = ''] = await add(1);
  await attach(managed, 'https://nobody.example/hook?key=42');
  expect(await report('--json', 'report.jsonl')).toMatchObject({ code: 0 });
  const service = expect.stringMatching(/^IS/);
  expect(lines('report.jsonl')).toEqual([
    {
      report: 1,
      account: environment().ACCOUNT_SID,
      deployment: DEPLOYMENT,
      policy: expect.stringMatching(/^[\w-]{6}$/),
      at: expect.stringMatching(/^\d{4}-/),
    },
    {
      conversation: managed,
      service,
      state: 'active',
      findings: ['orphaned'],
      profile: 'agent',
      plan: [],
      orphaned: [{ sid: expect.stringMatching(/^WH/), host: 'nobody.example' }],
      seen: expect.any(String),
    },
    {
      conversation: other,
      service,
      state: 'active',
      findings: ['unmanaged'],
      profile: null,
      plan: [],
      seen: expect.any(String),
    },
    {
      totals: {
        conversations: 2,
        services: 1,
        in_order: 0,
        managed: 1,
        out_of_order: 0,
        findings: { orphaned: 1, unmanaged: 1 },
        failed: 0,
        stale_executions: 0,
        calls: expect.any(Number),
        retries: 0,
        throttled: 0,
        most_concurrent: expect.any(Number),
      },
    },
  ]);
  expect(JSON.stringify(lines('report.jsonl'))).not.toContain('key=42');
});

test.each([[['--json']], [['--json', '-']], [['--json=-']]])(
  'prints the same lines with %j, and nothing else',
  async (args) => {
    await add(2, 'agent');
    await emulator.control('POST', '/faults', {
      match: { path: '*/Webhooks' },
      when: { count: 1 },
      do: { status: 403, code: 20003, message: 'Permission denied' },
    });
    const { code, stdout, stderr } = await report(...args);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const [header, ...printed] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({ report: 1, deployment: DEPLOYMENT });
    expect(printed).toEqual([
      {
        conversation: expect.stringMatching(/^CH/),
        service: expect.stringMatching(/^IS/),
        error: '20003 Permission denied',
      },
      expect.objectContaining({ findings: [] }),
      { totals: expect.objectContaining({ conversations: 2, in_order: 1, failed: 1 }) },
    ]);
  },
);

test('prints an error as JSON only if it prints JSON', async () => {
  const message = '--since must be a day such as 2026-11-28';
  const failed = (...args: string[]) => report(...args, '--since', 'today');
  expect(await failed('--json')).toEqual({
    code: 2,
    stdout: '',
    stderr: `{"error":{"message":"${message}"}}\n`,
  });
  expect(await failed('--json', 'report.jsonl')).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
  expect(await report('--json', '--markdown')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--markdown cannot be combined with --json on stdout; use --json FILE'),
  });
});

test('plans the entry of conversations that are not managed', async () => {
  const [conversation] = await add(1);
  expect(await report('--profile', 'bot', '--json', 'report.jsonl')).toMatchObject({ code: 2 });
  const [header, line] = lines('report.jsonl');
  expect(header).toMatchObject({ profile: 'bot' });
  expect(line).toMatchObject({
    conversation,
    plan: [
      { step: 'create', webhook: 'router' },
      { step: 'create', webhook: 'bot' },
      { step: 'create', webhook: 'sos' },
    ],
  });
});

test('prints Markdown', async () => {
  const [drifted = ''] = await add(1, 'bot');
  await attach(drifted, environment().CRM_URL!);
  const { stdout } = await report('--markdown');
  expect(stdout).toContain(`## Conversations of ${environment().ACCOUNT_SID}\n`);
  expect(stdout).toContain(
    '| Conversations | |\n|---:|---|\n| 0 | in order |\n| 1 | drifted from the policy |\n',
  );
  expect(stdout).toContain(`| \`${drifted}\` | bot: drifted from the policy; delete crm |\n`);
});

test('ignores hosts that belong to somebody', async () => {
  const [managed = ''] = await add(1, 'agent');
  await attach(managed, 'https://hooks.nobody.example/in');
  expect((await report()).stdout).toContain('unknown: hooks.nobody.example');
  expect((await report('--ignore', 'else.example', '--ignore', '*.nobody.example')).stdout).toMatch(
    /^ {2}1 {2}in order$/m,
  );
});

test('reads the conversations of all services, or of one', async () => {
  await add(2);
  const { sid } = await emulator.api.services.create({ friendlyName: 'Another' });
  await emulator.api.services(sid).conversations.create({});
  expect((await report()).stdout).toContain('3 conversations in 2 services');
  expect((await report('--service', sid)).stdout).toContain('1 conversation in 1 service');
});

test('reads conversations of one state, or of some days', async () => {
  const [closed = ''] = await add(3);
  await emulator.api.conversations(closed).update({ state: 'closed' });
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const found = async (...args: string[]) => /^(\d+) conversation/m.exec((await report(...args)).stdout)?.[1];
  expect(await found('--state', 'closed')).toBe('1');
  expect(await found('--state', 'active')).toBe('2');
  expect(await found('--since', day(0), '--until', day(1))).toBe('3');
  expect(await found('--since', day(1))).toBe('0');
  expect(await found('--until', day(-1))).toBe('0');
});

test('reads the conversations of an address', async () => {
  const [, second = ''] = await add(3);
  const participants = await emulator.api.conversations(second).participants.list();
  const address = participants.flatMap(({ messagingBinding }) => messagingBinding?.address ?? [])[0];
  await report('--address', address, '--json', 'report.jsonl');
  expect(lines('report.jsonl').slice(1, -1)).toMatchObject([
    { conversation: second, state: 'active', findings: ['unmanaged'] },
  ]);
  await report('--address', address, '--state', 'closed', '--json', 'report.jsonl');
  expect(lines('report.jsonl').slice(1, -1)).toEqual([]);
  await report('--address', address, '--until', '2026-01-01', '--json', 'report.jsonl');
  expect(lines('report.jsonl').slice(1, -1)).toEqual([]);
});

test('slows down after a 429, and reads everything', async () => {
  await add(50, 'agent');
  await emulator.control('POST', '/faults', {
    match: { path: '/v1/Services/*/Webhooks*' },
    when: { after: 20, count: 10 },
    do: { status: 429, code: 20429 },
  });
  const { code, stdout } = await report();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}50 {2}in order$/m);
  expect(stdout).toContain('63 API calls, 10 of them retries, 10 throttled (429), ');
});

test('exits with 1 where a conversation cannot be read, and reads the others', async () => {
  const [first = ''] = await add(5, 'agent');
  await emulator.control('POST', '/faults', {
    match: { path: `/v1/Services/*/Conversations/${first}/*` },
    do: { status: 403, code: 20403, message: 'Forbidden' },
  });
  const { code, stdout } = await report();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ {2}4 {2}in order\n {2}1 {2}could not be read$/m);
  expect(stdout).toContain(`${first}  could not be read: 20403 Forbidden`);
});

test('leaves out a conversation that is removed meanwhile', async () => {
  const [first = ''] = await add(2, 'agent');
  await emulator.control('POST', '/faults', {
    match: { path: `/v1/Services/*/Conversations/${first}/*` },
    do: { status: 404, code: 20404, message: 'Not found' },
  });
  expect(await report()).toMatchObject({ code: 0, stdout: expect.stringContaining('1 conversation in') });
});

test('stops at credentials that Twilio does not accept', async () => {
  const { code, stdout, stderr } = await run(['report'], { ...environment(), AUTH_TOKEN: 'wrong' });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(
    'ACCOUNT_SID and AUTH_TOKEN are not accepted by Twilio; check both in the Twilio Console\n',
  );
});

test('stops where all conversations fail', async () => {
  await add(60);
  await emulator.control('POST', '/faults', {
    match: { path: '/v1/Services/*/Webhooks*' },
    do: { status: 403, code: 20403, message: 'Forbidden' },
  });
  const { result, total } = await requestsOf(() => report());
  expect(result).toEqual({ code: 1, stdout: '', stderr: 'Forbidden\n' });
  expect(total).toBeLessThan(40);
});

test.each([
  [['reprot'], 'unknown command reprot; did you mean report?'],
  [['report', '--jsn', 'x'], 'unknown option --jsn; did you mean --json?'],
  [[], 'command is missing; see npm run fleet -- --help'],
  [['report', '--state', 'open'], '--state must be active, inactive or closed'],
  [['report', '--since', '2026-06-31'], '--since must be a day such as 2026-11-28'],
  [['report', '--service', 'IS1'], '--service must be the SID of a service: IS and 32 hexadecimal digits'],
  [['report', '--ignore', 'https://x'], '--ignore must be a host such as crm.example.com, or *.example.com'],
  [['report', '--url', 'http://bots.example'], expect.stringContaining('--url must be https')],
  [['report', '--auth-token', 'x'], expect.stringContaining('secrets are not accepted as arguments')],
])('rejects %j', async (args, message) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout, stderr: stderr.trimEnd() }).toEqual({ code: 2, stdout: '', stderr: message });
});

test.each([
  [() => changePolicy((policy) => delete policy.webhooks.sos), /^src\/assets\/policy\.private\.json: /],
  [() => {}, /^Profile "agnet" is not in the policy; it has bot, agent and closed$/],
])('rejects a policy that is not valid, and a profile that it does not have', async (change, message) => {
  change();
  const { code, stderr } = await report('--profile', 'agnet');
  expect({ code, stderr: stderr.trimEnd() }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
});

test('tells that the policy needs a variable', async () => {
  const { CRM_URL: _, ...env } = environment();
  const { code, stderr } = await run(['report'], env);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'CRM_URL is not set in --env or the environment; npm run policy -- check --env FILE',
  );
});

test('prints help with examples and exit codes', async () => {
  const { code, stdout } = await report('--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: npm run fleet -- report \[options\]$/m);
  expect(stdout).toContain('Exit codes:');
  expect(stdout).toContain('Examples:');
});

test('finds executions that have been active for more than a day', async () => {
  const [conversation = ''] = await add(1);
  await enter(conversation, 'bot');
  await emulator.control('POST', `/conversations/${conversation}/messages`, { Body: 'hello' });
  const [execution] = await emulator.executions();
  const client = new Client(environment(), readOnly(send));
  const { policy } = readDeployedPolicy(folder, environment(), 'bots-1234.twil.io');
  const stale = async (hours: number) => {
    const found: StaleExecution[] = [];
    for await (const each of staleExecutions(client, policy, Date.now() + hours * 3_600_000))
      found.push(each);
    return found;
  };
  expect(await stale(23)).toEqual([]);
  expect(await stale(25)).toEqual([
    { execution: execution!.sid, flow: execution!.flow_sid, active_since: expect.stringMatching(/Z$/) },
  ]);
  await emulator.studio.flows(execution!.flow_sid).executions(execution!.sid).update({ status: 'ended' });
  expect(await stale(25)).toEqual([]);
});

test('refuses every request but GET before it is sent', async () => {
  const [conversation = ''] = await add(1);
  const reading = new Client(environment(), readOnly(send)).conversation({ ConversationSid: conversation });
  const { total } = await requestsOf(async () => {
    const [webhook] = [`WH${'1'.repeat(32)}`];
    await expect(reading.remove(webhook!)).rejects.toThrow('DELETE on a transport that only reads');
    await expect(reading.update(webhook!, { method: 'get' })).rejects.toThrow(
      'POST on a transport that only reads',
    );
    await expect(reading.create({ target: 'studio', flowSid: `FW${'1'.repeat(32)}` })).rejects.toThrow(
      'POST on a transport that only reads',
    );
  });
  expect(total).toBe(0);
  expect((await reading.list()).webhooks).toEqual([]);
});
