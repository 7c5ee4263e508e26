import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { clone } from '../support/clone';
import { freePort, root } from '../support/programs';

// `npm start` in a clone, as a newcomer types it.

let project: ReturnType<typeof clone>;
beforeAll(() => {
  project = clone();
});
afterAll(() => project.remove());

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
  return {
    child,
    closed,
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

test.each(['SIGINT', 'SIGTERM'] as const)(
  'starts both, prints what to try, which works when pasted, and ends both on %s',
  async (signal) => {
    const [EMULATOR_PORT, PORT] = [String(await freePort()), String(await freePort())];
    const started = npmStart({ EMULATOR_PORT, PORT });
    await started.printed('Ctrl-C ends both.');
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
    const settled = () => fetch(`http://127.0.0.1:${EMULATOR_PORT}/_emulator/idle`);
    const attach = paste(lines[0]);
    const write = paste(lines[1]);
    await settled();
    const look = paste(lines[2]);
    expect(attach).toMatchObject({ result: 'created', target: 'webhook' });
    expect(write).toMatchObject({ body: 'Hello, is anybody there?' });
    expect(look.requests).toMatchObject([
      { valid: true, params: { Body: 'Hello, is anybody there?', WebhookSid: attach.sid } },
    ]);

    const sync = paste(lines[3]);
    const ask = paste(lines[4]);
    await settled();
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
    await settled();
    const { executions } = paste(lines[7]);
    expect(stranger.conversation_sid).not.toBe(attach.conversation_sid);
    expect(executions.at(-1)).toMatchObject({
      conversation_sid: stranger.conversation_sid,
      messages: [{ Body: 'Where is my order?' }],
    });

    // Ctrl-C goes to the whole group, a SIGTERM to npm alone. The pipes close when the last of them has ended.
    process.kill(signal === 'SIGINT' ? -started.child.pid! : started.child.pid!, signal);
    await started.closed;
    expect(await answers(`http://127.0.0.1:${EMULATOR_PORT}`)).toBe(false);
    expect(await answers(`http://127.0.0.1:${PORT}`)).toBe(false);
  },
);

test.each(['EMULATOR_PORT', 'PORT'])('a taken %s is one sentence', async (variable) => {
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
    `port ${taken} is taken; end what runs there, or choose another with ${variable}=\n`,
  );
  server.close();
});

test('the same port twice is one sentence', async () => {
  const started = npmStart({ EMULATOR_PORT: '14011', PORT: '14011' });
  expect(await started.closed).toBe(1);
  expect(started.output()).toBe('EMULATOR_PORT and PORT are both 14011; choose two\n');
});

test.each(['abc', '0', '65536', '-1'])('PORT=%s is one sentence', async (PORT) => {
  const started = npmStart({ PORT });
  expect(await started.closed).toBe(1);
  expect(started.output()).toBe(`PORT=${PORT} is no port; choose one from 1 to 65535\n`);
});
