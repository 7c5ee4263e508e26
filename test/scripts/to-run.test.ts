import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clone } from '../support/clone';
import { answers, freePorts, npmStart, stopRunning } from '../support/npm-start';

// A clone in which nothing but what `npm start` installs is installed: none of the tests' tools.

let project: ReturnType<typeof clone>;
beforeAll(() => {
  project = clone({ toRun: true });
});
afterAll(() => project.remove());
afterEach(stopRunning);

const CONVERSATION = 'CH00000000000000000000000000000001';
const isInstalled = (name: string) => existsSync(join(project.folder, 'node_modules', name));

test('starts, answers curl, and ends, without jest, TypeScript or a browser', async () => {
  expect(['jest', 'typescript', '@sparticuz/chromium', 'twilio-3'].filter(isInstalled)).toEqual([]);
  const ports = await freePorts();
  const started = npmStart(project.folder, ports);
  await started.printed('Ctrl-C ends both.');
  expect(started.output()).not.toContain('installing');

  const url = `http://localhost:${ports.PORT}/webhooks/attach`;
  const webhook = ['Target=webhook', 'Url=https://crm.example.com/in', 'Filters=onMessageAdded'];
  const form = [`ConversationSid=${CONVERSATION}`, ...webhook].flatMap((pair) => ['-d', pair]);
  const answer = execFileSync('curl', ['--silent', url, ...form], { encoding: 'utf8' });
  expect(JSON.parse(answer)).toMatchObject({ result: 'created', conversation_sid: CONVERSATION });

  started.child.kill('SIGTERM');
  await started.closed;
  const origins = Object.values(ports).map((port) => `http://localhost:${port}`);
  expect(await Promise.all(origins.map(answers))).toEqual([false, false]);
});

test('builds, and checks the patterns of the policy', () => {
  const file = join(project.folder, 'src', 'assets', 'policy.private.json');
  const policy = JSON.parse(readFileSync(file, 'utf8'));
  policy.rules[1].when.Body = { matches: '(a|a)+b' };
  writeFileSync(file, JSON.stringify(policy));
  expect(
    spawnSync('npm', ['run', '--silent', 'build'], { cwd: project.folder, encoding: 'utf8' }),
  ).toMatchObject({ status: 1, stderr: expect.stringContaining('can take too long') });
});
