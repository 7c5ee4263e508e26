import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { clone } from '../support/clone';
import { freePort } from '../support/programs';

// `npm run demo` in a clone, as a newcomer types it.

// Twilio's timeout of five seconds is real: on a busy machine it can pass. Twice in a row is a failure.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

let project: ReturnType<typeof clone>;
beforeAll(() => {
  project = clone();
});
afterAll(() => project.remove());

async function demo(chosen: Record<string, string> = {}) {
  const ports = { EMULATOR_PORT: String(await freePort()), PORT: String(await freePort()), ...chosen };
  const child = spawn('npm', ['run', 'demo', '--silent'], {
    cwd: project.folder,
    env: { ...process.env, ...ports },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (part) => {
      text[name] += part;
    });
  // The pipes close when the last program that has them has ended.
  const closed = once(child, 'close').then(([code]) => code as number | null);
  return { child, ports, text, closed };
}

const answers = (port: string) =>
  fetch(`http://localhost:${port}`).then(
    () => true,
    () => false,
  );

const told = (stdout: string) =>
  [...stripVTControlCharacters(stdout).matchAll(/^(ok|NOT) +(.*?) {2,}/gm)].map(
    ([, word, promise]) => `${word} ${promise}`,
  );

const promises = [
  "the bot received the customer's first message",
  'the CRM received the message that asks for a human',
  'every message reached the bot or the CRM',
  'there were never more than five webhooks',
  'the bot received nothing after the hand-off',
  'each webhook was attached exactly once',
  'closing left only the router',
  'every delivery to the CRM had a valid signature',
];

test('keeps every promise, fits on one screen, says what is next, and leaves nothing running', async () => {
  const { closed, text, ports } = await demo();
  expect({ code: await closed, ...text }).toMatchObject({ code: 0, stderr: '' });
  expect(told(text.stdout)).toEqual(promises.map((promise) => `ok ${promise}`));
  expect(text.stdout).not.toContain('\x1b');

  const lines = text.stdout.trimEnd().split('\n');
  // 24 rows, one of them for the prompt.
  expect(lines.length).toBeLessThanOrEqual(23);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^0:00 +customer +Hello, where is my order\? +bot\* +router bot sos · {3}·$/),
      expect.stringMatching(/^1:00 +customer +I need a human\. +bot crm\*$/),
      expect.stringMatching(/^2:00 +customer +A human! Thank you\. +crm +router sos crm · {3}·$/),
      expect.stringMatching(/^2:30 +Ann +closes the conversation +router · {3}· {3}· {3}·$/),
    ]),
  );
  // The bot and the CRM overlap, and Studio puts one back: the fourth was there, and was counted.
  expect(text.stdout).toMatch(/more than five webhooks +at most 4$/m);
  expect(lines.at(-1)).toBe(
    `All held. Next: npm start, press New at http://127.0.0.1:${ports.EMULATOR_PORT}/, write "human"`,
  );
  expect(await Promise.all(Object.values(ports).map(answers))).toEqual([false, false]);
});

test('exits with 1 and names the broken promises, with what the programs printed', async () => {
  const file = join(project.folder, 'scripts', 'demo', 'policy.json');
  const before = readFileSync(file, 'utf8');
  const policy = JSON.parse(before);
  policy.rules = policy.rules.filter(({ on }: { on: string }) => on !== 'onMessageAdded');
  writeFileSync(file, JSON.stringify(policy));

  const { closed, text } = await demo({ FORCE_COLOR: '1', NO_COLOR: '' });
  const code = await closed;
  writeFileSync(file, before);
  expect(code).toBe(1);
  const broken = [
    'the CRM received the message that asks for a human',
    'the bot received nothing after the hand-off',
    'each webhook was attached exactly once',
  ];
  expect(told(text.stdout)).toEqual(
    promises.map((promise) => `${broken.includes(promise) ? 'NOT' : 'ok'} ${promise}`),
  );
  expect(text.stdout).toContain('\x1b[');
  expect(text.stdout).not.toContain('Next:');
  expect(text.stderr).toContain('{"operation":"event",');
  expect(text.stderr).not.toContain('\x1b');
  expect(text.stderr.trimEnd().split('\n').slice(-3)).toEqual(broken.map((promise) => `  ${promise}`));
});

test.each(['SIGINT', 'SIGTERM'] as const)('stops with its programs on %s', async (signal) => {
  const { child, closed, text, ports } = await demo();
  const begun = new Promise<void>((resolve) => {
    child.stdout.on('data', () => text.stdout.includes('0:00') && resolve());
  });
  await Promise.race([begun, closed]);
  // Ctrl-C goes to the whole group, a SIGTERM to npm alone.
  process.kill(signal === 'SIGINT' ? -child.pid! : child.pid!, signal);
  expect(await closed).not.toBe(0);
  expect(text.stderr).toBe('');
  expect(told(text.stdout)).toEqual([]);
  expect(await Promise.all(Object.values(ports).map(answers))).toEqual([false, false]);
});

test.each(['EMULATOR_PORT', 'PORT'])('reports a %s in use in one sentence', async (variable) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const taken = String((server.address() as { port: number }).port);
  const { closed, text } = await demo({ [variable]: taken });
  expect(await closed).toBe(1);
  expect(text).toEqual({
    stdout: '',
    stderr: `port ${taken} is in use; stop the program that uses it, or set ${variable} to another port\n`,
  });
  server.close();
});
