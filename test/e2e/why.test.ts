import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { why } from '../../cli/why/why';
import { apiClient } from '../support/api';
import { get, post, postJson } from '../support/call';
import { keepLog } from '../support/function-log';
import { emulatorEnvironment, root, runToEnd } from '../support/programs';
import { useStack } from '../support/stack';

// `npm run why` beside the emulator and the functions: it reads what it would read of an account.

const DEMO = 'CH00000000000000000000000000000001';
const SECRET = 'my number is 4929 1234';
let respond: (response: ServerResponse) => void;
const ok = (response: ServerResponse) => void response.writeHead(200).end();
const crm = createServer((request, response) => {
  request.resume();
  if (request.url === '/crm') respond(response);
  else ok(response);
});
let crmUrl: string;
beforeAll(async () => {
  crm.listen(0, '127.0.0.1');
  await once(crm, 'listening');
  crmUrl = `http://127.0.0.1:${(crm.address() as AddressInfo).port}/crm`;
});
afterAll(() => {
  crm.closeAllConnections();
  crm.close();
});
const { emulator, functions } = useStack(() => ({ CRM_URL: crmUrl }));

let log: ReturnType<typeof keepLog>;
let logged: number;
beforeAll(() => {
  log = keepLog(functions, { emulator: emulator.origin, functions: functions.origin });
});
beforeEach(async () => {
  respond = ok;
  await control('reset');
  await log.begin();
  logged = log.printed();
});

const control = async (path: string, body: object = {}) => {
  const response = await postJson(`${emulator.origin}/_emulator/${path}`, body);
  expect(response.status).toBeLessThan(300);
  return response;
};
const advance = (seconds: number) => control('clock', { advance: seconds });
/** Resolves once what was done is logged. */
const settled = async (lines: number) => {
  await get(`${emulator.origin}/_emulator/idle`);
  await log.has(lines, logged);
  logged = log.printed();
};
const call = async (name: string, form: Record<string, string> = {}) => {
  await post(`${functions.origin}/webhooks/${name}`, { ConversationSid: DEMO, ...form });
  await settled(1);
  await advance(5);
};
const enter = (Profile: string) => call('sync', { Profile });
const attach = (form: Record<string, string>) =>
  call('attach', { Target: 'webhook', Url: `${crmUrl}/else`, ...form });
/** By SMS. @param lines of the functions */
const say = async (Body: string, lines = 1): Promise<string> => {
  const { body } = await control(`conversations/${DEMO}/messages`, { Body });
  await settled(lines);
  await advance(5);
  return body.sid;
};

const environment = (): Record<string, string> => ({
  ...emulatorEnvironment(),
  TWILIO_API_BASE_URL: emulator.origin,
  CRM_URL: crmUrl,
});

async function run(...args: string[]) {
  const text = { out: '', err: '' };
  const code = await why([DEMO, '--url', functions.origin, ...args], environment(), {
    folder: root,
    out: (line) => {
      text.out += `${line}\n`;
    },
    err: (line) => {
      text.err += `${line}\n`;
    },
  });
  return { code, ...text };
}

/** The verdict, and the page, which both tell nothing of what was said. */
async function verdictOn(message: string) {
  const printed = await run('--message', message, '--json');
  const page = await run('--message', message);
  expect([printed.code, printed.err, page.code]).toEqual([0, '', 0]);
  expect(printed.out + page.out).not.toContain(SECRET);
  for (const line of page.out.split('\n'))
    if (!line.trimStart().startsWith('npm run ')) expect(line.length).toBeLessThanOrEqual(80);
  const { verdict } = JSON.parse(printed.out);
  if (verdict.causes.length > 0) expect(page.out).toContain('  1. ');
  return { ...verdict, kinds: verdict.causes.map(({ kind }: { kind: string }) => kind), page: page.out };
}

/** Runs the command of a cause. */
const carryOut = async (command: string) => {
  const [program, words] = [command.slice(0, 15), command.slice(16).split(' ')];
  expect(program).toBe('npm run call --');
  expect(await runToEnd('build/cli.js', ['call', ...words], environment())).toMatchObject({ code: 0 });
  await settled(1);
  await advance(5);
};

describe('names the cause of a message without effect:', () => {
  test('it was written over REST without the header', async () => {
    await enter('bot');
    const client = apiClient(emulator.origin);
    const { sid } = await client.conversations(DEMO).messages.create({ author: 'agent', body: SECRET });
    const { kinds, outcomes } = await verdictOn(sid);
    expect(kinds[0]).toBe('rest');
    expect(outcomes[0]).toEqual({ listener: 'router', got: 'no', cause: 'rest' });
    const system = await client.conversations(DEMO).messages.create({ body: SECRET });
    expect((await verdictOn(system.sid)).kinds[0]).toBe('rest');
  });

  test('the webhook was attached after it, without a replay', async () => {
    await enter('bot');
    const message = await say(SECRET);
    await attach({ Filters: 'onMessageAdded' });
    const { kinds, causes } = await verdictOn(message);
    expect([kinds[0], causes[0].listener]).toEqual(['attached-late', `${crmUrl}/else`]);
    await carryOut(causes[0].command);
    expect((await verdictOn(message)).kinds).not.toContain('attached-late');
  });

  test('everything was attached after it', async () => {
    const message = await say(SECRET, 0);
    await enter('bot');
    expect((await verdictOn(message)).kinds[0]).toBe('attached-late');
  });

  test('it has no router', async () => {
    const message = await say(SECRET, 0);
    expect((await verdictOn(message)).kinds).toEqual(['no-webhook']);
    await apiClient(emulator.origin)
      .configuration.webhooks()
      .update({
        postWebhookUrl: `${functions.origin}/events/conversation`,
        filters: ['onConversationAdded'],
      });
    const { kinds, causes } = await verdictOn(message);
    expect(kinds[0]).toBe('not-managed');
    await carryOut(causes[0].command);
    const { kinds: then, page } = await verdictOn(message);
    expect(then).not.toContain('not-managed');
    expect(page).toContain('In profile bot ');
  });

  test('Twilio refused a webhook of the profile', async () => {
    await control('faults', [
      {
        match: { method: 'POST', path: '*/Webhooks', body: `Target=webhook&Configuration.Url=${crmUrl}` },
        do: { status: 400, code: 50365, message: 'Invalid URL' },
      },
    ]);
    await enter('bot');
    const message = await say(`a human please, ${SECRET}`);
    const { kinds, causes, outcomes, decision } = await verdictOn(message);
    expect(decision.rule).toBe('asks-for-human');
    expect([kinds, causes[0].what]).toEqual([
      ['not-attached'],
      'crm is in profile agent, and is not attached: Twilio refused it (50365 Invalid URL).',
    ]);
    expect(outcomes).toContainEqual({ listener: 'crm', got: 'absent', cause: 'not-attached' });
    await fetch(`${emulator.origin}/_emulator/faults`, { method: 'DELETE' });
    await carryOut(causes[0].command);
    const repaired = await verdictOn(message);
    expect(repaired.kinds).toEqual([]);
    expect(repaired.outcomes).toContainEqual({ listener: 'crm', got: 'presumably' });
  });

  test('the webhook has other filters', async () => {
    await enter('bot');
    await attach({ Filters: 'onParticipantAdded' });
    const { kinds, causes } = await verdictOn(await say(SECRET));
    expect(kinds).toEqual(['no-rule', 'filters', 'keyword']);
    expect(causes[1].listener).toBe(`${crmUrl}/else`);
  });

  test('the trigger has other keywords', async () => {
    await enter('bot');
    const { kinds, causes } = await verdictOn(await say(`emergancy! ${SECRET}`));
    expect(kinds).toEqual(['no-rule', 'keyword']);
    expect(causes[1].listener).toBe('sos');
  });

  test('the receiver responded 500', async () => {
    await enter('agent');
    respond = (response) => void response.writeHead(500).end();
    const { kinds, causes, outcomes } = await verdictOn(await say(SECRET));
    expect([kinds[0], causes[0].listener]).toEqual(['responded', 'crm']);
    expect(causes[0].what).toContain('500');
    expect(outcomes).toContainEqual({ listener: 'crm', got: 'failed', cause: 'responded' });
  });

  test('the receiver took over five seconds', async () => {
    await enter('agent');
    respond = () => {};
    const { kinds, causes } = await verdictOn(await say(SECRET));
    expect([kinds[0], causes[0].listener]).toEqual(['timeout', 'crm']);
  });

  test('the router was never called', async () => {
    await enter('bot');
    await control('faults', { deliveries: { delay: 60_000 } });
    const { body } = await control(`conversations/${DEMO}/messages`, { Body: SECRET });
    const { kinds, outcomes } = await verdictOn(body.sid);
    expect(kinds[0]).toBe('not-called');
    expect(outcomes[0]).toEqual({ listener: 'router', got: 'no', cause: 'not-called' });
  });

  test('a rule matched, but its profile was already in force', async () => {
    await enter('agent');
    const { kinds, decision } = await verdictOn(await say(`a human please, ${SECRET}`));
    expect(kinds[0]).toBe('already-in-profile');
    expect(decision).toMatchObject({ rule: null, to: 'agent' });
  });
});

test('says to whom a message was delivered, and which rule decided', async () => {
  await enter('bot');
  const { kinds, outcomes, decision, page } = await verdictOn(await say(`a human please, ${SECRET}`));
  expect(kinds).toEqual([]);
  expect(decision).toMatchObject({ rule: 'asks-for-human', from: 'bot', to: 'agent' });
  expect(outcomes).toEqual([
    { listener: 'router', got: 'yes' },
    { listener: 'sos', got: 'no', cause: 'keyword' },
    { listener: 'crm', got: 'presumably' },
    { listener: 'bot', got: 'unknown', detached: expect.any(String) },
  ]);
  expect(page).toContain('Decided by rule "asks-for-human": bot → agent.');
});

test('is what docs/observing.md shows', async () => {
  await enter('bot');
  await say('hello');
  await enter('agent');
  // After the functions, whose line comes first.
  respond = (response) => void setTimeout(() => response.writeHead(500).end(), 1_200);
  await say('Where is my order?');
  const [, shown] =
    /```text\n(CH0.*?)\n```/s.exec(readFileSync(join(root, 'docs', 'observing.md'), 'utf8')) ?? [];
  const comparable = (text = '') =>
    text
      .replaceAll(functions.origin, 'http://localhost:3000')
      .replaceAll(crmUrl, 'https://crm.example.com/in')
      .replace(/\d\d:\d\d:\d\d/g, '12:00:00')
      .replace(/policy [\w-]{6}/g, 'policy KTgg8p')
      .replace(/IM[\da-f]{32}/g, 'IM')
      .replace(/\b\d+ seconds/g, 'some seconds')
      .replace(/just now/g, 'some seconds ago')
      .replace(/\s+/g, ' ')
      .trim();
  expect(comparable((await run()).out)).toBe(comparable(shown));
});

test('prints what was said with --bodies alone, and changes nothing', async () => {
  await enter('bot');
  const message = await say(`hello, ${SECRET}`);
  await fetch(`${emulator.origin}/_emulator/requests`, { method: 'DELETE' });
  const { out } = await run('--bodies');
  expect(out).toContain(SECRET);
  expect((await run('--bodies', '--json')).out).toContain(SECRET);
  expect(out).toContain(message);
  const { body } = await get(`${emulator.origin}/_emulator/requests`);
  expect(body.requests.filter(({ method }: { method: string }) => method !== 'GET')).toEqual([]);
  for (const secret of [`${environment().AUTH_TOKEN}`, 'Profile=']) expect(out).not.toContain(secret);
});

test('says what it could not read, and blames nobody for it', async () => {
  await enter('bot');
  const message = await say(SECRET);
  await control('faults', [
    { match: { path: '*/Environments' }, do: { status: 403, code: 70004, message: 'Forbidden' } },
    { match: { path: '/v1/Alerts' }, do: { status: 403, code: 70004, message: 'Forbidden' } },
  ]);
  const { kinds, page } = await verdictOn(message);
  expect(page).toContain('could not be read: 70004 Forbidden.');
  expect(page).toContain('Alerts could not be read: 70004 Forbidden.');
  expect(kinds).not.toContain('not-called');
});

test('says what is wrong with the policy, without which webhooks have no names', async () => {
  const message = await say(SECRET, 0);
  await call('sync', { Profile: 'agent', ReplayAfter: 'start' });
  const variables = { ...environment(), CRM_URL: '' };
  const { code, stdout } = await runToEnd(
    'build/cli.js',
    ['why', DEMO, '--url', functions.origin, '--message', message],
    variables,
  );
  const page = stdout.replace(/\s+/g, ' ');
  expect([code, page]).toEqual([0, expect.stringContaining('CRM_URL is not set')]);
  expect(page).toContain(`? ${crmUrl} may have got it`);
  expect(page).not.toContain('attached later');
});

test('is one program: rejects wrong usage, and what is not there, in one sentence', async () => {
  const started = (...args: string[]) => runToEnd('build/cli.js', ['why', ...args], environment());
  const url = ['--url', functions.origin];
  const none = `CH${'9'.repeat(32)}`;
  expect(await started('a/b', ...url)).toEqual({
    code: 2,
    stdout: '',
    stderr: 'ConversationSid "a/b" is not a valid conversation SID or unique name\n',
  });
  expect(await started(DEMO, '--since', 'yesterday', ...url)).toMatchObject({
    code: 2,
    stderr: '--since must be a time such as 90m, 2h or 7d, up to 30d\n',
  });
  expect(await started(none, ...url)).toEqual({
    code: 1,
    stdout: '',
    stderr: `${none} was not found; check its SID or unique name, and use --service if it is in another service\n`,
  });
  for (const name of [DEMO, 'demo']) {
    const { code, stdout } = await started(name, ...url);
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(`^${DEMO}, active, created `)]);
  }
});
