import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(__dirname, '../../build/emulator.js');
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, EMULATOR_PORT: '', ...env },
  });
  started.push(child);
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    out.stdout += text;
  });
  child.stderr.on('data', (text) => {
    out.stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...out }));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const origin = /^emulator ready (http:\S+)\n$/.exec(out.stdout)?.[1];
      if (origin !== undefined) resolve(origin);
    });
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  // Whoever does not wait for it does not care that it never came.
  ready.catch(() => {});
  return { child, ready, ended };
}

test('listens on a free port for --port 0, and prints its origin', async () => {
  const { ready } = run(['--port', '0']);
  const origin = await ready;
  expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  expect((await fetch(`${origin}/_emulator/idle`)).status).toBe(200);
  expect((await fetch(`${origin}/v1/Conversations`)).status).toBe(401);
});

test('keeps the options of the command line after a reset', async () => {
  const args = ['--port=0', '--option', 'defaultMethod=get', '--option=webhookTimeout=100', '--seed', 'one'];
  const origin = await run(args).ready;
  await fetch(`${origin}/_emulator/reset`, { method: 'POST' });
  const { options } = (await (await fetch(`${origin}/_emulator/options`)).json()) as { options: object };
  expect(options).toMatchObject({ defaultMethod: 'get', webhookTimeout: 100, triggerCase: 'sensitive' });
});

describe('--options', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emulator-options-'));
  const file = join(folder, 'options.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('sets the options of a file; the last flag wins', async () => {
    writeFileSync(
      file,
      '{"tooManyWebhooksStatus": 400, "defaultMethod": "get", "triggerCase": "insensitive"}',
    );
    const flags = ['--option', 'triggerCase=sensitive', '--options', file, '--option', 'defaultMethod=post'];
    const origin = await run(['--port', '0', ...flags]).ready;
    const { options } = (await (await fetch(`${origin}/_emulator/options`)).json()) as { options: object };
    expect(options).toMatchObject({
      tooManyWebhooksStatus: 400,
      defaultMethod: 'post',
      triggerCase: 'insensitive',
    });
  });

  test.each([
    ['{"defaultMethd": "get"}', 'Unknown option "defaultMethd"; did you mean "defaultMethod"?'],
    ['{"defaultMethod": "put"}', 'Option defaultMethod must be post or get, not "put".'],
    ['{"defaultMethod": ["get"]}', 'Option defaultMethod must be post or get, not "[\\"get\\"]".'],
    ['{"defaultMethod": null}', 'Option defaultMethod must be post or get, not "null".'],
    ['["get"]', 'must be a JSON object of options, such as {"defaultMethod": "get"}'],
    ['{"defaultMethod":', 'must be a JSON object of options, such as {"defaultMethod": "get"}'],
  ])('refuses the file %s, and names it', async (text, sentence) => {
    writeFileSync(file, text);
    expect(await run(['--port', '0', '--options', file]).ended).toEqual({
      code: 1,
      stdout: '',
      stderr: `--options ${file}: ${sentence}\n`,
    });
  });

  test('refuses a file that it cannot read', async () => {
    const missing = join(folder, 'missing.json');
    expect((await run(['--port', '0', '--options', missing]).ended).stderr).toBe(
      `--options ${missing}: cannot read the file (ENOENT)\n`,
    );
  });
});

test('prefers --port to EMULATOR_PORT', async () => {
  expect((await run([], { EMULATOR_PORT: 'x' }).ended).stderr).toBe(
    'EMULATOR_PORT must be a number from 0 to 65535, not "x".\n',
  );
  expect(await run(['--port', '0'], { EMULATOR_PORT: 'x' }).ready).toMatch(/^http/);
  expect(await run([], { EMULATOR_PORT: '0' }).ready).toMatch(/^http/);
});

test('exits with one line if the port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  expect(await run(['--port', String(port)]).ended).toEqual({
    code: 1,
    stdout: '',
    stderr: `Port ${port} is in use; choose another with --port or EMULATOR_PORT.\n`,
  });
  other.close();
});

test.each([
  [['--port', '70000'], '--port must be a number from 0 to 65535, not "70000".'],
  [['--port'], '--port needs a value. npm run emulator -- --help lists the options.'],
  [['--port', '--seed', 'x'], '--port needs a value.'],
  [['--option', 'defaultMethod'], '--option must be NAME=VALUE, not defaultMethod.'],
  [['--option', 'defaultMethod=put'], 'Option defaultMethod must be post or get, not "put".'],
  [['--option', 'defaultMethd=get'], 'Unknown option "defaultMethd"; did you mean "defaultMethod"?'],
  [
    ['--verbose'],
    'Unknown option "--verbose"; use one of --port, --option, --options, --seed, --allow-remote, --tls, --help',
  ],
  [['--prot', '4010'], 'Unknown option "--prot"; did you mean "--port"?'],
  [['--allow-remote=no'], '--allow-remote takes no value.'],
  [['4010'], 'Unexpected argument 4010. npm run emulator -- --help lists the options.'],
])('refuses %j with one line', async (args, sentence) => {
  const { code, stdout, stderr } = await run(args).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('prints its options and examples for --help', async () => {
  const { code, stdout, stderr } = await run(['--help'], { EMULATOR_PORT: 'x' }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect([...stdout.matchAll(/^ {2}(--[a-z-]+) .*\w.*$/gm)].map(([, flag]) => flag)).toEqual([
    '--port',
    '--option',
    '--options',
    '--seed',
    '--allow-remote',
    '--tls',
    '--help',
  ]);
  expect(stdout).toContain('npm run emulator -- --port 4011\n');
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('stops on %s with open connections', async (signal) => {
  const { child, ready, ended } = run(['--port', '0']);
  const socket = connect(Number(new URL(await ready).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write('GET /_emulator/idle HTTP/1.1\r\nHost: x\r\n');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  child.kill(signal);
  expect((await ended).code).toBe(0);
  await closed;
});

test('blocks remote deliveries without --allow-remote', async () => {
  const outcome = async (...flags: string[]) => {
    const origin = await run(['--port', '0', '--option', 'webhookTimeout=2000', ...flags]).ready;
    const basic = Buffer.from('AC00000000000000000000000000000001:OnlyForTheEmulatorNotARealSecret').toString(
      'base64',
    );
    const form = new URLSearchParams({
      Target: 'webhook',
      // Reserved for never being there: https://www.rfc-editor.org/rfc/rfc2606
      'Configuration.Url': 'http://nobody.invalid/',
      'Configuration.Filters': 'onMessageAdded',
    });
    const headers = { Authorization: `Basic ${basic}` };
    await fetch(`${origin}/v1/Conversations/demo/Webhooks`, { method: 'POST', body: form, headers });
    await fetch(`${origin}/_emulator/conversations/demo/messages`, {
      method: 'POST',
      body: new URLSearchParams({ Body: 'Hello' }),
    });
    await fetch(`${origin}/_emulator/idle`);
    const response = await fetch(`${origin}/_emulator/deliveries`);
    const { deliveries } = (await response.json()) as { deliveries: { outcome: string }[] };
    return deliveries.map((delivery) => delivery.outcome);
  };
  expect(await outcome()).toEqual(['blocked']);
  // Whether the name is refused or never answered depends on the network of the day.
  expect([['refused'], ['timeout']]).toContainEqual(await outcome('--allow-remote'));
});
