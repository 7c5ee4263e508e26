import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { clone } from '../support/clone';
import { answers, freePorts, npmStart as npmStartIn, type Ports, stopRunning } from '../support/npm-start';
import { emulatorEnvironment, freePort, root } from '../support/programs';
import { until } from '../support/until';

// `npm start` in a clone, as a newcomer types it.

let project: ReturnType<typeof clone>;
beforeAll(() => {
  project = clone();
});
afterAll(() => project.remove());

afterEach(stopRunning);

const npmStart = (env: Record<string, string>) => npmStartIn(project.folder, env);

test('starts both programs, prints commands that work when pasted, and stops on SIGINT', async () => {
  const chosen = await freePorts();
  const started = npmStart(chosen);
  await started.printed('Ctrl-C ends both.');
  const { EMULATOR_PORT, PORT } = chosen;
  expect(started.output()).toContain(
    `live page http://127.0.0.1:${EMULATOR_PORT}/\nemulator ready http://127.0.0.1:${EMULATOR_PORT}\n`,
  );
  expect(started.output()).toContain(`functions ready http://localhost:${PORT}\n`);
  expect(started.output()).toContain('CH00000000000000000000000000000001');

  const lines = started.output().match(/^ {2}curl .*$/gm) ?? [];
  expect(lines).toHaveLength(8);
  const shown = lines.map((line) =>
    line.trim().replaceAll(EMULATOR_PORT, '4010').replaceAll(`localhost:${PORT}`, 'localhost:3000'),
  );
  expect(readFileSync(join(root, 'docs', 'getting-started.md'), 'utf8').match(/^curl .*$/gm)).toEqual(shown);
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

  await until(
    () => ['attach', 'sync', 'event'].every((operation) => logged(paste, chosen).includes(operation)),
    () => 'the emulator does not list what the functions logged',
  );

  // Ctrl-C goes to the whole group. The pipes close when the last of it has ended.
  await stop(started, 'SIGINT', chosen);
});

/** Which operations the emulator has log lines of. */
// biome-ignore lint/suspicious/noExplicitAny: the emulator's responses
function logged(paste: (line: string) => any, { EMULATOR_PORT, PORT }: Ports): string[] {
  const { ACCOUNT_SID, AUTH_TOKEN } = emulatorEnvironment();
  const services = `http://127.0.0.1:${EMULATOR_PORT}/serverless/v1/Services`;
  const get = (path: string) =>
    paste(`curl -u ${ACCOUNT_SID}:${AUTH_TOKEN} ${services}/conversation-webhooks/Environments${path}`);
  const [environment] = get('').environments;
  expect(environment).toMatchObject({ domain_name: `localhost:${PORT}` });
  const { logs } = get(`/${environment.sid}/Logs`);
  return logs.map(({ message }: { message: string }) => JSON.parse(message).operation);
}

async function stop({ child, closed }: ReturnType<typeof npmStart>, signal: NodeJS.Signals, chosen: Ports) {
  process.kill(signal === 'SIGINT' ? -child.pid! : child.pid!, signal);
  await closed;
  expect(await answers(`http://127.0.0.1:${chosen.EMULATOR_PORT}`)).toBe(false);
  expect(await answers(`http://127.0.0.1:${chosen.PORT}`)).toBe(false);
}

test('is ready once what a deployment registers is registered, and stops on a SIGTERM to npm alone', async () => {
  const chosen = await freePorts();
  const started = npmStart(chosen);
  await started.printed('functions ready');
  const { ACCOUNT_SID, AUTH_TOKEN } = emulatorEnvironment();
  const authorization = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;
  const api = `http://127.0.0.1:${chosen.EMULATOR_PORT}/v1/Configuration`;
  const read = async (path: string) => (await fetch(api + path, { headers: { authorization } })).json();
  const registered = async () => {
    const [addresses, webhooks] = await Promise.all([read('/Addresses'), read('/Webhooks')]);
    expect(addresses).toMatchObject({
      address_configurations: [{ address: '+15005550001' }, { address: 'whatsapp:+15005550001' }],
    });
    expect(webhooks).toMatchObject({ post_webhook_url: expect.stringContaining('/events/conversation') });
  };
  await registered();
  await fetch(`http://127.0.0.1:${chosen.EMULATOR_PORT}/_emulator/reset`, { method: 'POST' });
  await registered();
  await stop(started, 'SIGTERM', chosen);
});

test('serves a build of its own beside another start and a build in the same clone', async () => {
  const runs = join(project.folder, 'build', 'runs');
  const dist = join(project.folder, 'dist');
  const [first, second] = [await freePorts(), await freePorts()];
  const serve = ({ PORT }: Ports) => fetch(`http://localhost:${PORT}/status`).then(({ status }) => status);
  // What a run that was killed has left. No process has such a number.
  mkdirSync(join(runs, '999999999'), { recursive: true });

  const started = npmStart(first);
  await started.printed('functions ready');
  expect(existsSync(dist)).toBe(false);
  const other = npmStart(second);
  await other.printed('functions ready');
  expect(readdirSync(runs)).toHaveLength(2);
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: project.folder });
  rmSync(dist, { recursive: true });
  expect(await Promise.all([first, second].map(serve))).toEqual([200, 200]);
  process.kill(other.child.pid!, 'SIGTERM');
  await other.closed;
  expect(await serve(first)).toBe(200);
  process.kill(started.child.pid!, 'SIGTERM');
  await started.closed;
  expect(readdirSync(runs)).toEqual([]);
});

test('reports an unexpected error in one sentence', async () => {
  const file = join(project.folder, '.env.emulator');
  const text = readFileSync(file);
  rmSync(file);
  const started = npmStart(await freePorts());
  expect(await started.closed).toBe(1);
  writeFileSync(file, text);
  expect(started.output()).toMatch(
    /^ENOENT: no such file or directory, open '.*\.env\.emulator'\nnot started: correct this, and run npm start again\n$/,
  );
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
