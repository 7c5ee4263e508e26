import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { clone } from '../support/clone';
import { emulatorEnvironment, freePort, root } from '../support/programs';

// `npm start` in a clone, as a newcomer types it.

let project: ReturnType<typeof clone>;
beforeAll(() => {
  project = clone();
});
afterAll(() => project.remove());

const running = new Set<{ child: ChildProcess; closed: Promise<unknown> }>();
// What a test that failed did not stop.
afterEach(async () => {
  for (const { child, closed } of running) {
    process.kill(-child.pid!, 'SIGTERM');
    await closed;
  }
});

function npmStart(env: Record<string, string>) {
  const child = spawn('npm', ['start', '--silent'], {
    cwd: project.folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
      for (const wake of heard) wake();
    });
  const closed = once(child, 'close').then(([code]) => code as number | null);
  const program = { child, closed };
  running.add(program);
  closed.then(() => running.delete(program));
  return {
    ...program,
    output: () => output,
    /** Resolves when it has printed this. */
    printed: (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => output.includes(text) && resolve();
        heard.add(look);
        look();
        closed.then(() => reject(new Error(output)));
      }),
  };
}

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

test('starts both programs, prints commands that work when pasted, and stops on SIGINT', async () => {
  const chosen = await ports();
  const started = npmStart(chosen);
  await started.printed('Ctrl-C ends both.');
  const { EMULATOR_PORT, PORT } = chosen;
  expect(started.output()).toContain(`emulator ready http://127.0.0.1:${EMULATOR_PORT}\n`);
  expect(started.output()).toContain(`functions ready http://localhost:${PORT}\n`);
  expect(started.output()).toContain('CH00000000000000000000000000000001');

  const lines = started.output().match(/^ {2}curl .*$/gm) ?? [];
  expect(lines).toHaveLength(8);
  const shown = lines.map((line) =>
    line.trim().replaceAll(EMULATOR_PORT, '4010').replaceAll(`localhost:${PORT}`, 'localhost:3000'),
  );
  expect(readFileSync(join(root, 'README.md'), 'utf8').match(/^curl .*$/gm)).toEqual(shown);
  const paste = (line = '') =>
    JSON.parse(execFileSync('sh', ['-c', `${line} --silent`], { encoding: 'utf8' }));
  // By curl as well: while it blocks this process, a connection that fetch keeps would be closed unnoticed.
  const settled = () => paste(`curl http://127.0.0.1:${EMULATOR_PORT}/_emulator/idle`);
  const attach = paste(lines[0]);
  const write = paste(lines[1]);
  settled();
  const look = paste(lines[2]);
  expect(attach).toMatchObject({ result: 'created', target: 'webhook' });
  expect(write).toMatchObject({ body: 'Hello, is anybody there?' });
  expect(look.requests).toMatchObject([
    { valid: true, params: { Body: 'Hello, is anybody there?', WebhookSid: attach.sid } },
  ]);

  const sync = paste(lines[3]);
  const ask = paste(lines[4]);
  settled();
  const list = paste(lines[5]);
  expect(sync).toMatchObject({ result: 'changed', profile: 'bot' });
  expect(ask).toMatchObject({ conversation_sid: attach.conversation_sid, body: 'I need a human' });
  expect(list.webhooks).toMatchObject([
    { sid: attach.sid },
    { configuration: { url: expect.stringContaining('/events/conversation?Profile=agent&') } },
    { target: 'trigger' },
    { configuration: { url: `http://127.0.0.1:${EMULATOR_PORT}/_emulator/receiver` } },
  ]);

  const stranger = paste(lines[6]);
  settled();
  const { executions } = paste(lines[7]);
  expect(stranger.conversation_sid).not.toBe(attach.conversation_sid);
  expect(executions.at(-1)).toMatchObject({
    conversation_sid: stranger.conversation_sid,
    messages: [{ Body: 'Where is my order?' }],
  });

  // Ctrl-C goes to the whole group. The pipes close when the last of it has ended.
  await stop(started, 'SIGINT', chosen);
});

async function stop({ child, closed }: ReturnType<typeof npmStart>, signal: NodeJS.Signals, chosen: Ports) {
  process.kill(signal === 'SIGINT' ? -child.pid! : child.pid!, signal);
  await closed;
  expect(await answers(`http://127.0.0.1:${chosen.EMULATOR_PORT}`)).toBe(false);
  expect(await answers(`http://127.0.0.1:${chosen.PORT}`)).toBe(false);
}

type Ports = Awaited<ReturnType<typeof ports>>;
async function ports() {
  return { EMULATOR_PORT: String(await freePort()), PORT: String(await freePort()) };
}

test('is ready once what a deployment registers is registered, and stops on a SIGTERM to npm alone', async () => {
  const chosen = await ports();
  const started = npmStart(chosen);
  await started.printed('functions ready');
  const { ACCOUNT_SID, AUTH_TOKEN } = emulatorEnvironment();
  const authorization = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;
  const api = `http://127.0.0.1:${chosen.EMULATOR_PORT}/v1/Configuration`;
  const read = async (path: string) => (await fetch(api + path, { headers: { authorization } })).json();
  const [addresses, webhooks] = await Promise.all([read('/Addresses'), read('/Webhooks')]);
  expect(addresses).toMatchObject({ address_configurations: [{ address: '+15005550001' }] });
  expect(webhooks).toMatchObject({ post_webhook_url: expect.stringContaining('/events/conversation') });
  await stop(started, 'SIGTERM', chosen);
});

test('serves what it has built, whatever another start or a build in the same clone builds', async () => {
  const page = join(project.folder, 'src', 'assets', 'index.html');
  const runs = join(project.folder, 'build', 'runs');
  const before = readFileSync(page, 'utf8');
  const [first, second] = [await ports(), await ports()];
  const served = async ({ PORT }: { PORT: string }) =>
    (await fetch(`http://localhost:${PORT}/index.html`)).text();
  // What a run that was killed has left. No process has such a number.
  mkdirSync(join(runs, '999999999'), { recursive: true });

  const started = [npmStart(first)];
  try {
    await started[0]!.printed('functions ready');
    expect(existsSync(join(project.folder, 'dist'))).toBe(false);
    writeFileSync(page, 'another page');
    started.push(npmStart(second));
    await started[1]!.printed('functions ready');
    execFileSync('npm', ['run', 'build', '--silent'], { cwd: project.folder });
    expect(await Promise.all([first, second].map(served))).toEqual([before, 'another page']);
  } finally {
    writeFileSync(page, before);
    rmSync(join(project.folder, 'dist'), { recursive: true, force: true });
    for (const { child } of started) process.kill(child.pid!, 'SIGTERM');
    await Promise.all(started.map(({ closed }) => closed));
  }
  expect(readdirSync(runs)).toEqual([]);
});

test('reports an unexpected error in one sentence', async () => {
  const file = join(project.folder, '.env.emulator');
  const text = readFileSync(file);
  rmSync(file);
  const started = npmStart(await ports());
  expect(await started.closed).toBe(1);
  writeFileSync(file, text);
  expect(started.output()).toMatch(/^ENOENT: no such file or directory, open '.*\.env\.emulator'\n$/);
});

test.each(['EMULATOR_PORT', 'PORT'])('reports a %s in use in one sentence', async (variable) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const taken = String((server.address() as { port: number }).port);
  const ports = {
    EMULATOR_PORT: String(await freePort()),
    PORT: String(await freePort()),
    [variable]: taken,
  };
  const started = npmStart(ports);
  expect(await started.closed).toBe(1);
  expect(started.output()).toBe(
    `port ${taken} is in use; stop the program that uses it, or set ${variable} to another port\n`,
  );
  server.close();
});

test('rejects the same port for both programs', async () => {
  const started = npmStart({ EMULATOR_PORT: '14011', PORT: '14011' });
  expect(await started.closed).toBe(1);
  expect(started.output()).toBe('EMULATOR_PORT and PORT are both 14011; use two different ports\n');
});

test.each(['abc', '0', '65536', '-1'])('rejects PORT=%s', async (PORT) => {
  const started = npmStart({ PORT });
  expect(await started.closed).toBe(1);
  expect(started.output()).toBe(`PORT=${PORT} is not a valid port; use 1 to 65535\n`);
});
