import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { clone } from '../support/clone';
import { type Running, running } from '../support/processes';
import { freePort, root } from '../support/programs';

// Whoever of the processes behind a command is ended, and however: none of them is left, and the ports are free.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
const LIMIT_MS = 60_000;

/** How `ps` shows them. */
const PROCESSES = {
  npm: /^npm /,
  script: /^\S*node scripts\//,
  emulator: /build\/emulator\.js/,
  'twilio-run': /^twilio-run/,
  chaos: /build\/chaos\/chaos\.js/,
} as const;
type Name = keyof typeof PROCESSES;

/** The processes of each command, and what it prints when all of them are there. */
const COMMANDS = {
  start: { names: ['npm', 'script', 'emulator', 'twilio-run'], ready: 'Ctrl-C ends both.' },
  // It ends by itself, seconds after it has started.
  demo: { names: ['npm', 'script', 'emulator', 'twilio-run'], ready: '' },
  emulator: { names: ['npm', 'script', 'emulator'], ready: 'emulator ready' },
  chaos: { names: ['npm', 'script', 'chaos', 'emulator', 'twilio-run'], ready: '' },
} as const;
type Command = keyof typeof COMMANDS;

let project: ReturnType<typeof clone>;
beforeAll(() => {
  project = clone();
});
afterAll(() => project.remove());

let group = 0;
afterEach(() => {
  for (const { pid } of ofGroup()) process.kill(pid, 'SIGKILL');
});
const ofGroup = () => running().filter((each) => each.group === group);

const signalCases = (command: Command, signals: readonly NodeJS.Signals[] = SIGNALS) =>
  COMMANDS[command].names.flatMap((name) => signals.map((signal) => [command, name, signal] as const));

test.each([
  ...signalCases('start'),
  // What ends its programs is what ends those of start.
  ...signalCases('demo', ['SIGHUP', 'SIGKILL']),
  ...signalCases('emulator'),
  ...signalCases('chaos', ['SIGKILL']),
])('npm run %s leaves nothing behind when its %s gets a %s', async (command, name, signal) => {
  const ports = [await freePort(), await freePort()];
  const [EMULATOR_PORT, PORT] = ports.map(String);
  const child = spawn('npm', ['run', command, '--silent'], {
    cwd: project.folder,
    env: { ...process.env, EMULATOR_PORT, PORT },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of their own, by which they are found again, also those that have no parent any more.
    detached: true,
  });
  group = child.pid!;
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  const { names, ready } = COMMANDS[command];
  let processes: Running[] = [];
  const find = (wanted: Name) => processes.find((each) => PROCESSES[wanted].test(each.command));
  await until(() => {
    // Last, as each look costs a process.
    if (!output.includes(ready)) return false;
    processes = ofGroup();
    return names.every(find);
  }, `not all of ${names} has started`);

  // The pipes close when the last of them has ended.
  let closed = false;
  child.once('close', () => {
    closed = true;
  });
  // npm leaves a SIGINT to what it runs, since Ctrl-C goes to the whole group.
  process.kill(name === 'npm' && signal === 'SIGINT' ? -group : find(name)!.pid, signal);
  await until(() => closed && ofGroup().length === 0, 'still there');
  expect(await Promise.all(ports.map(isFree))).toEqual([true, true]);

  async function until(condition: () => boolean, otherwise: string) {
    const limit = Date.now() + LIMIT_MS;
    while (!condition()) {
      if (Date.now() > limit) {
        const commands = ofGroup().map(({ command }) => command);
        throw new Error(`${otherwise}:\n${[...commands, output].join('\n')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});

test.each([
  ['is idle', 'setInterval(() => {}, 1000)'],
  ['waits for messages', "process.on('message', () => {})"],
  // As twilio-run's forks do, which otherwise try for ever.
  [
    'reports each error to its parent',
    "const { ppid } = process; process.on('uncaughtException', () => process.send('error'));" +
      "while (process.ppid === ppid); process.send('done')",
  ],
])('a program that %s ends when its parent is killed', async (_, code) => {
  const preload = join(root, 'scripts', 'end-with-parent.cjs');
  const args = ['--require', preload, '-e', `process.send('started'); ${code}`];
  const parent = `require('node:child_process')
    .spawn(process.execPath, ${JSON.stringify(args)}, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    .once('message', () => process.kill(process.pid, 'SIGKILL'))`;
  const child = spawn(process.execPath, ['-e', parent], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  group = child.pid!;
  // The pipe closes when both have ended.
  child.stdout.resume();
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
});

test('a program ends by itself when it has nothing to do, and is sent messages that it listens for', async () => {
  const preload = join(root, 'scripts', 'end-with-parent.cjs');
  const run = (code: string) =>
    spawn(process.execPath, ['--require', preload, '-e', code], { stdio: ['ignore', 2, 2, 'ipc'] });
  expect(await once(run('0'), 'exit')).toEqual([0, null]);
  const listener = run("process.on('message', (code) => process.exit(code)); process.send('ready')");
  await once(listener, 'message');
  listener.send(3);
  expect(await once(listener, 'exit')).toEqual([3, null]);
});

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const [error] = await Promise.race([
    once(server.listen(port), 'listening'),
    new Promise<unknown[]>((resolve) => server.once('error', (error) => resolve([error]))),
  ]);
  server.close();
  return error === undefined;
}
