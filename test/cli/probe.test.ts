import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateRequestWithBody } from 'twilio/lib/webhooks/webhooks';
import { probe } from '../../cli/probe/probe';
import type { Need } from '../../cli/probe/question';
import { questions, unasked } from '../../cli/probe/questions';
import type { Terminal } from '../../cli/terminal';
import { definitions, type OptionName, optionNames } from '../../emulator/state/options';
import { ACCOUNT_SID, AUTH_TOKEN, DEFAULT_SERVICE_SID } from '../../emulator/twilio/account';
import { FLOW, type Subject, startEmulator } from '../support/emulator';
import { page } from '../support/markdown';
import { freePort, runToEnd, start } from '../support/programs';

// Over HTTP to the emulator, which reaches the receiver without a tunnel.

let emulator: Subject;
let port: number;
const folder = mkdtempSync(join(tmpdir(), 'probe-'));
const OUT = join(folder, 'probe-options.json');
const FLAGS = ['--yes', '--wait', '2'];
/** What a question requests again and again while it waits, or last before it does. */
const WAITS: Readonly<Record<string, RegExp>> = {
  'studio-webhook': /\/Executions\/FN\w+$/,
  'account-webhook': /^\/v1\/Services\/IS\w+\/Conversations\/CH\w+$/,
};
const NEEDS: Readonly<Record<Need, string>> = {
  receiver: '`--receiver`',
  flow: '`--flow`',
  customer: '`--customer`, `--number`',
  url: '`--url`',
  authToken: '`AUTH_TOKEN`',
  accountWebhook: '`--account-webhook`',
};
const CUSTOMER = ['--customer', '+15005550009', '--number', '+15005550001'];

beforeAll(async () => {
  emulator = await startEmulator();
  port = await freePort();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await emulator.stop();
});
beforeEach(async () => {
  rmSync(OUT, { force: true });
  await emulator.control('POST', '/reset');
  // As an account shows them whose webhook was never set, and as they are once it was.
  await emulator.api.configuration.webhooks().update({ method: 'POST', filters: [''] });
});

const environment = () => ({ ACCOUNT_SID, AUTH_TOKEN, TWILIO_API_BASE_URL: emulator.origin });
const receiver = () => ['--receiver', `http://127.0.0.1:${port}/hook`, '--port', `${port}`];
const everything = () => [...receiver(), '--flow', FLOW, ...CUSTOMER, '--account-webhook'];
const only = (...names: string[]) => ['--only', ...names];

async function run(
  args: readonly string[],
  more: Partial<Terminal> = {},
  env: NodeJS.Dict<string> = environment(),
) {
  const text = { stdout: '', stderr: '' };
  const code = await probe([...args], env, {
    folder,
    columns: 300,
    out(line) {
      text.stdout += `${line}\n`;
    },
    err(line) {
      text.stderr += `${line}\n`;
    },
    ...more,
  });
  for (const secret of [AUTH_TOKEN, env.TWILIO_API_SECRET ?? AUTH_TOKEN])
    expect(text.stdout + text.stderr).not.toContain(secret);
  return { code, ...text };
}

const written = () => JSON.parse(readFileSync(OUT, 'utf8'));

/** The whole state, but for what counts and what was set on purpose. */
async function state() {
  await emulator.control('GET', '/idle');
  const {
    now: _,
    serial: __,
    sids: ___,
    faults: ____,
    studio,
    ...rest
  } = (await emulator.control('GET', '/snapshot')).body;
  return { ...rest, executions: studio.executions, finished: studio.finished, messages: studio.messages };
}

/** The requests of the API since, but for reading. */
async function writes(): Promise<string[]> {
  const { requests } = (await emulator.control('GET', '/requests')).body;
  return requests
    .filter(({ method }: { method: string }) => method !== 'GET')
    .map(({ method, path }: { method: string; path: string }) => `${method} ${path}`);
}

const choices = Object.entries(definitions).flatMap(([option, definition]) =>
  'values' in definition ? definition.values.map((value) => [option as OptionName, value] as const) : [],
);

test('asks about every option, or says why not', () => {
  const asked = questions.flatMap(({ option }) => option ?? []);
  expect([...asked, ...Object.keys(unasked)].sort()).toEqual([...optionNames].sort());
});

test('asks what docs/probing.md lists', () => {
  const [, section = ''] = page('docs/probing.md').split('## Questions');
  const documented = section.matchAll(/^\| `([\w-]+)` \| (.+?) \| (?:`(\w+)`)? *\| *(.*?) *\|$/gm);
  expect([...documented].map(([, ...cells]) => cells)).toEqual(
    questions.map(({ name, asks, option, needs = [] }) => [
      name,
      asks,
      option,
      needs.map((need) => NEEDS[need]).join(', '),
    ]),
  );
});

test.each(choices)('finds that %s is %s, and leaves nothing behind', async (option, value) => {
  const asked = questions.filter((question) => question.option === option).map(({ name }) => name);
  await emulator.control('POST', '/options', { [option]: value });
  const before = await state();
  expect(await run([...FLAGS, ...everything(), ...only(...asked)])).toMatchObject({ code: 0, stderr: '' });
  expect(written()).toEqual({ [option]: value });
  expect(await state()).toEqual(before);
});

test('finds every option at once, with no more requests than the plan says', async () => {
  const options = Object.fromEntries(choices);
  await emulator.control('POST', '/options', options);
  const before = await state();
  await emulator.control('DELETE', '/requests');
  const { code, stdout } = await run([...FLAGS, ...everything()], { columns: 80 });
  expect(stdout).toMatch(/^question +result +value +sure$/m);
  expect(code).toBe(0);
  expect(written()).toEqual(options);
  expect(await state()).toEqual(before);
  const [, most, conversations, messages] =
    /at most (\d+) API requests, (\d+) conversations and (\d+) messages/.exec(stdout) ?? [];
  expect((await emulator.control('GET', '/requests')).body.total).toBeLessThanOrEqual(Number(most));
  const posted = (await writes()).filter((request) => request.startsWith('POST '));
  // One more is refused, as its unique name is taken.
  expect(posted.filter((request) => /\/Conversations$/.test(request))).toHaveLength(
    Number(conversations) + 1,
  );
  expect(posted.filter((request) => /\/Messages$/.test(request))).toHaveLength(Number(messages));
});

test('sees duplicates and lists that are behind', async () => {
  await emulator.control('POST', '/faults', { lag: 400, deliveries: { duplicate: 1 } });
  const { code, stdout } = await run([...FLAGS, ...receiver(), ...only('list-lag', 'event-order')]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^list-lag +up to \d{3,4} ms +likely$/m);
  expect(stdout).toMatch(/^event-order +8 of 8 came, .*, 8 duplicates +likely$/m);
  expect(existsSync(OUT)).toBe(false);
});

test('does not ask what needs a flag, and says which', async () => {
  const { code, stdout } = await run(FLAGS);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^trigger-case +not asked: needs --receiver URL$/m);
  expect(stdout).toMatch(/^unbatched-events +not asked: needs --receiver URL and --flow FW…$/m);
  expect(stdout).toMatch(/^contact-address +not asked: needs --flow FW… and --customer \+… --number \+…$/m);
  expect(stdout).toMatch(/^signed-array +not asked: needs --url https:\/\/DOMAIN$/m);
  expect(stdout).toMatch(/^webhookTimeout +not asked: documented: five seconds$/m);
  expect(stdout).toContain(
    '14 options in probe-options.json: npm run emulator -- --options probe-options.json',
  );
  expect(await emulator.deliveries()).toEqual([]);
  expect((await emulator.control('GET', '/events')).body.events).toMatchObject(
    Array.from({ length: (await emulator.control('GET', '/events')).body.events.length }, () => ({
      webhooks: expect.not.arrayContaining([expect.objectContaining({ reason: null })]),
    })),
  );
});

describe('the plan', () => {
  test.each([
    ['--dry-run', {}, 0, ''],
    ['--wait=2', {}, 1, 'not a terminal, so nobody can confirm; nothing was changed; use --yes\n'],
    [
      '--json',
      { confirm: async () => true },
      1,
      '{"error":{"message":"nobody is asked with --json; nothing was changed; use --yes"}}\n',
    ],
    ['--wait=1', { confirm: async () => false }, 1, 'nothing was changed\n'],
  ])('changes nothing with %s', async (flag, terminal, code, last) => {
    await emulator.control('DELETE', '/requests');
    const { stdout, stderr, ...ended } = await run([flag, ...everything()], terminal);
    expect(ended.code).toBe(code);
    expect(stdout + stderr).toMatch(/^ {3}1\. {2}sixth-webhook {2,}the HTTP status of error 50361/m);
    expect(stderr.endsWith(last)).toBe(true);
    expect(await writes()).toEqual([]);
    expect(existsSync(OUT)).toBe(false);
  });

  test('begins once it is confirmed', async () => {
    const asked: string[] = [];
    const confirm = async (question: string) => {
      asked.push(question);
      return true;
    };
    expect(await run([...only('page-size')], { confirm })).toMatchObject({ code: 0 });
    expect(asked).toEqual(['Ask these questions? [y/N] ']);
    expect(written()).toEqual({ pageSizeTooLarge: 'clamp' });
  });

  test('names the webhook that new conversations reach, and does not call it', async () => {
    const url = `${emulator.origin}/_emulator/receiver/router`;
    await emulator.api.configuration
      .webhooks()
      .update({ postWebhookUrl: `${url}?secret=1`, filters: ['onConversationAdded'] });
    const { code, stdout } = await run([...FLAGS, ...receiver(), ...only('trigger-case', 'account-webhook')]);
    expect(code).toBe(0);
    expect(stdout).toContain(`The account's webhook (${url}) gets new conversations. `);
    expect((await emulator.deliveries()).filter(({ level }) => level === 'account')).toEqual([]);
  });

  test.each([
    ['onMessageAdded', 'postWebhookUrl'],
    ['onMessageAdd', 'preWebhookUrl'],
  ])('is refused if a webhook of the service gets %s', async (filter, name) => {
    const webhooks = emulator.api.services(DEFAULT_SERVICE_SID).configuration.webhooks();
    await webhooks.update({ [name]: `${emulator.origin}/_emulator/receiver/crm`, filters: [filter] });
    await emulator.control('DELETE', '/requests');
    const args = [...FLAGS, ...receiver(), ...only('message-service')];
    const refused = await run(args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      `the service's webhook (${emulator.origin}/_emulator/receiver/crm) gets ${filter}`,
    );
    expect(await writes()).toEqual([]);
    expect(await run([...args, '--allow-webhooks'])).toMatchObject({ code: 0 });
    expect(await run([...FLAGS, ...only('page-size')])).toMatchObject({ code: 0 });
  });

  test("leaves the account's webhook alone if there is one", async () => {
    const postWebhookUrl = `${emulator.origin}/_emulator/receiver/router`;
    await emulator.api.configuration.webhooks().update({ postWebhookUrl });
    const { code, stdout, stderr } = await run([...FLAGS, ...everything(), ...only('account-webhook')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/account-webhook +not asked: the account has a webhook of its own$/m);
    expect(stderr).toBe('no question can be asked\n');
  });
});

describe('cleans up', () => {
  test.each([
    ['sixth-webhook', '*/Webhooks', { drop: 'after' }],
    ['sixth-webhook', '*/Webhooks', { status: 500 }],
    ['closed-conversation', '/v1/Conversations', { drop: 'after' }],
    ['closed-conversation', '*/Conversations/CH*', { drop: 'after' }],
    ['sink-sharing', '/v1/Sinks', { drop: 'after' }],
    ['sink-sharing', '/v1/Subscriptions', { drop: 'after' }],
    ['account-webhook', '/v1/Services', { drop: 'after' }],
    ['account-webhook', '/v1/Configuration/Webhooks', { drop: 'after' }],
    ['studio-webhook', '*/Messages', { drop: 'after' }],
    ['studio-webhook', '/v2/*/Executions/FN*', { drop: 'after' }],
    ['contact-address', '*/Participants', { status: 503 }],
  ])('in %s if a POST to %s has %j', async (name, path, effect) => {
    const before = await state();
    await emulator.control('POST', '/faults', {
      match: { method: 'POST', path },
      when: { count: 1 },
      do: effect,
    });
    const { code, stderr } = await run([...FLAGS, ...everything(), ...only(name, 'page-size')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^ended before the last question: (Twilio|Service Unavailable|Internal Server Error)/,
    );
    expect(await state()).toEqual(before);
  });

  test('after a question that Twilio refuses, and asks the others', async () => {
    const fault = { match: { method: 'POST', path: '*/Participants' }, do: { status: 409, code: 50416 } };
    await emulator.control('POST', '/faults', fault);
    const before = await state();
    const { code, stdout } = await run([...FLAGS, ...everything(), ...only('page-size', 'contact-address')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^contact-address +failed: POST \/v1\/Conversations\/CH\w+\/Participants: 409\/50416/m,
    );
    expect(written()).toEqual({ pageSizeTooLarge: 'clamp' });
    expect(await state()).toEqual(before);
  });

  test('without a secret that Twilio repeats', async () => {
    const message = `Authorization is ${AUTH_TOKEN}`;
    const fault = {
      match: { path: '*/Conversations/*/Webhooks' },
      do: { status: 400, code: 50000, message },
    };
    await emulator.control('POST', '/faults', fault);
    for (const flag of ['--json', '--yes']) {
      const { stdout } = await run([...FLAGS, flag, ...only('list-lag', 'default-method')]);
      expect(stdout).toContain('the webhook was refused: 400/50000 Authorization is (redacted)');
    }
  });

  test('and says what it could not remove', async () => {
    const fault = { match: { method: 'DELETE', path: '*/Webhooks/*' }, do: { status: 403 } };
    await emulator.control('POST', '/faults', fault);
    const { code, stderr } = await run([...FLAGS, ...only('default-method')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^left behind: webhook WH\w{32} of CH\w{32} \(.+\); remove it with --clean\n$/);
  });

  test('to the end after SIGTERM, however long that takes', async () => {
    const before = await state();
    const fault = { match: { method: 'DELETE' }, when: { count: 1 }, do: { delay: 4000 } };
    await emulator.control('POST', '/faults', fault);
    const args = ['probe', '--yes', '--wait', '60', ...receiver(), ...only('event-order')];
    const isDelivered = async () => (await emulator.control('GET', '/deliveries')).body.deliveries.length > 0;
    const script = await start('scripts/cli.mjs', args, isDelivered, { ...process.env, ...environment() });
    await script.stop();
    expect(await state()).toEqual(before);
    expect(script.output()).toContain('ended before the last question: stopped\n');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('after %s in the middle of a question', async (signal) => {
    const before = await state();
    const args = ['probe', '--yes', '--wait', '60', ...receiver(), ...only('event-order')];
    const isDelivered = async () => (await emulator.control('GET', '/deliveries')).body.deliveries.length > 0;
    const program = await start('build/cli.js', args, isDelivered, environment());
    const exited = once(program.child, 'exit');
    program.child.kill(signal);
    expect(await exited).toEqual([1, null]);
    expect(program.output()).toContain('ended before the last question: stopped\n');
    expect(program.output()).not.toContain('left behind');
    expect(await state()).toEqual(before);
  });
});

describe('signed-array', () => {
  const read = async (request: IncomingMessage) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    return body;
  };

  test.each([
    [200, 'a deployment that takes it', 0, /^signed-array +yes: 200 +certain$/m],
    [403, 'one that refuses it', 0, /^signed-array +no: 403 +certain$/m],
    [
      undefined,
      'one that is not protected',
      1,
      /^signed-array +failed: .* is not protected: it responded 200$/m,
    ],
  ])('finds %s of %s', async (status, _, code, row) => {
    let url = '';
    const server = createServer(async (request, response) => {
      const body = await read(request);
      const signature = `${request.headers['x-twilio-signature']}`;
      const isSigned = validateRequestWithBody(AUTH_TOKEN, signature, url + request.url, body);
      response.writeHead(status === undefined ? 200 : isSigned ? status : 403).end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ended = await run([...FLAGS, '--url', url, ...only('signed-array')]);
    server.close();
    server.closeAllConnections();
    expect(ended.code).toBe(code);
    expect(ended.stdout).toMatch(row);
  });
});

test('prints JSON alone on stdout with --json', async () => {
  const { code, stdout, stderr } = await run([...FLAGS, '--json', ...only('page-size', 'trigger-case')]);
  expect(code).toBe(0);
  expect(stderr).toContain('Takes at most ');
  expect(JSON.parse(stdout)).toMatchObject({
    questions: [
      { question: 'page-size', option: 'pageSizeTooLarge', value: 'clamp', result: 'cut', sure: 'certain' },
      { question: 'trigger-case', option: 'triggerCase', not_asked: 'needs --receiver URL' },
    ],
    options: { pageSizeTooLarge: 'clamp' },
    left_behind: [],
  });
});

test('prints the plan as JSON with --dry-run, and what is left behind with --clean', async () => {
  const planned = await run(['--json', '--dry-run', ...only('page-size', 'trigger-case')]);
  expect(JSON.parse(planned.stdout)).toEqual({
    questions: [
      { question: 'page-size', option: 'pageSizeTooLarge', asks: expect.any(String) },
      { question: 'trigger-case', option: 'triggerCase', not_asked: 'needs --receiver URL' },
    ],
  });
  expect(JSON.parse((await run(['--json', '--clean'])).stdout)).toEqual({ left_behind: [] });
});

describe('after a run that was killed', () => {
  const OPTIONS: Readonly<Record<string, Partial<Record<OptionName, string>>>> = {
    'studio-webhook': { studioReattaches: 'off' },
    'account-webhook': { accountWebhook: 'shadowed' },
  };

  /** The state before a run that is killed while it waits for what does not come. */
  async function kill(name: string) {
    await emulator.control('POST', '/options', OPTIONS[name]!);
    const before = await state();
    const flags = ['--wait', '60', ...receiver(), '--flow', FLOW, '--account-webhook', ...only(name)];
    const polls = async () => {
      const { requests } = (await emulator.control('GET', '/requests')).body;
      return requests.some(({ path }: { path: string }) => WAITS[name]?.test(path));
    };
    const program = await start('build/cli.js', ['probe', '--yes', ...flags], polls, environment());
    await program.stop('SIGKILL');
    expect(await state()).not.toEqual(before);
    return before;
  }

  test.each(Object.keys(OPTIONS))('in %s, removes what it left with --clean', async (name) => {
    const before = await kill(name);
    const planned = await run(['--clean', '--dry-run']);
    expect(planned.code).toBe(0);
    expect(planned.stdout).toContain(
      'Left behind by an earlier run, to be removed first: conversation conversation-webhooks-probe\n',
    );
    expect(await run(['--clean'])).toMatchObject({
      code: 1,
      stderr: 'not a terminal, so nobody can confirm; nothing was changed; use --yes\n',
    });
    expect(await run(['--clean', '--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(await state()).toEqual(before);
    expect((await run(['--clean', '--yes'])).stdout).toMatch(/^Nothing is left behind\.$/m);
  });

  test('begins with removing what it left', async () => {
    const before = await kill('account-webhook');
    expect(await run([...FLAGS, ...everything(), ...only('account-webhook')])).toMatchObject({ code: 0 });
    expect(await state()).toEqual(before);
    expect(written()).toEqual({ accountWebhook: 'shadowed' });
  });

  test('asks nothing if it cannot remove what it left', async () => {
    await kill('account-webhook');
    const fault = { match: { method: 'DELETE', path: '/v1/Services/*' }, do: { status: 403 } };
    await emulator.control('POST', '/faults', fault);
    const { code, stdout, stderr } = await run([...FLAGS, ...only('page-size')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^left behind: service "conversation-webhooks probe probe-\w{12}" /);
    expect(stdout).not.toContain('pageSizeTooLarge');
  });
});

test('writes a file with which the emulator starts', async () => {
  const options = { tooManyWebhooksStatus: 400, keywordEcho: 'lower' };
  await emulator.control('POST', '/options', options);
  expect(await run([...FLAGS, ...only('sixth-webhook', 'keyword-echo')])).toMatchObject({ code: 0 });
  const isReady = (output: string) => output.includes('emulator ready');
  const other = await start('build/emulator.js', ['--port', '0', '--options', OUT], isReady);
  const [, origin] = /emulator ready (\S+)/.exec(other.output()) ?? [];
  const taken = (await (await fetch(`${origin}/_emulator/options`)).json()) as { options: object };
  await other.stop();
  expect(taken.options).toMatchObject(options);
});

describe('an API key', () => {
  const withKey = (number: number) => {
    const { AUTH_TOKEN: _, ...rest } = environment();
    return {
      ...rest,
      TWILIO_API_KEY: `SK${`${number}`.padStart(32, '0')}`,
      TWILIO_API_SECRET: `OnlyForTheEmulatorNotARealKey00${number}`,
    };
  };

  test('is refused as ACCOUNT_SID', async () => {
    const { code, stderr } = await run(FLAGS, {}, { ...environment(), ACCOUNT_SID: `SK${'1'.repeat(32)}` });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^ACCOUNT_SID is an API key \(SK…\)/);
  });

  test('is enough for what needs no signature', async () => {
    const args = [...FLAGS, '--url', 'https://bots.example', ...only('page-size', 'signed-array')];
    const { code, stdout } = await run(args, {}, withKey(1));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^signed-array +not asked: needs AUTH_TOKEN$/m);
    expect(written()).toEqual({ pageSizeTooLarge: 'clamp' });
  });

  test('without a permission is reported with the request', async () => {
    const { code, stderr } = await run([...FLAGS, ...only('page-size')], {}, withKey(2));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^ended before the last question: TWILIO_API_KEY may not POST http:.*\/v1\/Conversations: .+\n$/,
    );
  });

  test('without a permission for one question leaves the others', async () => {
    const fault = { match: { path: '/v1/Sinks*' }, do: { status: 403, code: 20403 } };
    await emulator.control('POST', '/faults', fault);
    const { code, stdout } = await run([...FLAGS, ...only('page-size', 'sink-sharing')], {}, withKey(1));
    expect(code).toBe(1);
    expect(stdout).toContain('Cannot list sinks, in which an earlier run may have left some.\n');
    expect(stdout).toMatch(/^sink-sharing +failed: TWILIO_API_KEY may not POST .*\/v1\/Sinks: /m);
    expect(written()).toEqual({ pageSizeTooLarge: 'clamp' });
  });
});

test('reports credentials that are not accepted', async () => {
  const env = { ...environment(), AUTH_TOKEN: 'wrong' };
  expect(await runToEnd('build/cli.js', ['probe', '--yes'], env, folder)).toMatchObject({
    code: 1,
    stderr: 'ACCOUNT_SID and AUTH_TOKEN are not accepted by Twilio; check both in the Twilio Console\n',
  });
});

test('reports a receiver that does not lead here, and a port that is taken, and creates nothing', async () => {
  await emulator.control('DELETE', '/requests');
  const elsewhere = ['--receiver', emulator.origin, '--port', `${port}`];
  expect(await run([...FLAGS, ...elsewhere, ...only('trigger-case')])).toMatchObject({
    code: 1,
    stderr: `--receiver: ${emulator.origin} does not lead to port ${port} of this machine; start the tunnel first\n`,
  });
  const taken = new URL(emulator.origin).port;
  expect(
    await run([...FLAGS, '--receiver', emulator.origin, '--port', taken, ...only('trigger-case')]),
  ).toMatchObject({
    code: 1,
    stderr: `cannot listen on port ${taken} (EADDRINUSE); use --port, and lead --receiver to it\n`,
  });
  expect(await writes()).toEqual([]);
});

test.each([
  [['--flow', 'FW1'], /^--flow must be the SID of a flow: FW and 32 hexadecimal digits$/m],
  [['--customer', '+15005550009'], /^--customer and --number need each other$/m],
  [['--only', 'six'], /^--only must be one or more of sixth-webhook, /m],
  [['--wait', '0'], /^--wait must be a number of seconds, up to 60$/m],
  [['--wait', '61'], /^--wait must be a number of seconds, up to 60$/m],
  [['--port', '0'], /^--port must be a number from 1 to 65535$/m],
  [['--receiver', 'here'], /^--receiver must be a URL such as /m],
  [['--url', 'http://bots.example'], /^--url must be https; /m],
  [['--service', 'IS1'], /^--service must be the SID of a service/m],
])('refuses %j, and sends nothing', async (args, sentence) => {
  await emulator.control('DELETE', '/requests');
  const { code, stderr } = await run(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(sentence);
  expect((await emulator.control('GET', '/requests')).body.total).toBe(0);
});

test('refuses a receiver on this machine for an account', async () => {
  const errors: string[] = [];
  const args = ['--receiver', 'http://localhost:4020'];
  const terminal = { folder, out: () => undefined, err: (line: string) => void errors.push(line) };
  expect(await probe(args, { ACCOUNT_SID, AUTH_TOKEN }, terminal)).toBe(2);
  expect(errors).toEqual([
    '--receiver is http://localhost:4020, on this machine, where Twilio cannot reach it',
  ]);
});
