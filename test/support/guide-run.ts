import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { clone } from './clone';
import type { Guide } from './guides';
import { freePorts, npmStart, stopRunning } from './npm-start';
import { freePort, type Program, root, startFunctions } from './programs';
import { until } from './until';

const POLICY = join('src', 'assets', 'policy.private.json');
/** Where `npm start` has the functions; and a second deployment, of the same build. */
const DOMAIN = 'conversation-webhooks-1234-dev.twil.io';
const OTHER_DOMAIN = 'conversation-webhooks-5678-dev.twil.io';
/** Files of variables that a deployment has; here, those of the emulator. */
const VARIABLES = ['.env', '.env.prod', '.env.emulator'];
/** What runs already, and what test/deploy runs. */
const ELSEWHERE = /^npm (?:start|run (?:events|deploy)\b)/;
/** They ask before they change anything, and nobody is at a terminal. */
const ASKS = /^npm run (?:setup|fleet -- (?:sync|retire))\b/;

/** A clone in which `npm start` and `npm run events` run, as in a reader's two terminals. */
export async function openTerminals() {
  const project = clone();
  const git = (...args: string[]) => execFileSync('git', args, { cwd: project.folder });
  const ports = await freePorts();
  const otherPort = await freePort();
  const here = (text: string) =>
    text
      .replaceAll('127.0.0.1:4010', `127.0.0.1:${ports.EMULATOR_PORT}`)
      .replaceAll('localhost:3000', `localhost:${ports.PORT}`)
      .replaceAll(
        new RegExp(`(https://)?${DOMAIN}`, 'g'),
        (_, scheme) => `${scheme ? 'http://' : ''}localhost:${ports.PORT}`,
      )
      .replaceAll(`https://${OTHER_DOMAIN}`, `http://localhost:${otherPort}`);
  const emulator = `http://127.0.0.1:${ports.EMULATOR_PORT}/_emulator`;
  const inFolder = (file: string) => join(project.folder, file);
  const variables = here(readFileSync(inFolder('.env.emulator'), 'utf8'));
  for (const file of VARIABLES) writeFileSync(inFolder(file), variables);
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'test');
  const started = npmStart(project.folder, ports);
  await started.printed('Ctrl-C ends both.');
  const events = await follow(project.folder, ports.EMULATOR_PORT);

  async function write(file: string, text: string): Promise<void> {
    const path = inFolder(file);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
    const from = started.output().length;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (!file.startsWith('src') && file !== '.env.local') return;
    await until(
      () => /changes served|not served|nothing left/.test(started.output().slice(from)),
      () => `${file} was not noticed:\n${started.output().slice(from)}`,
    );
  }

  let other: Program | undefined;
  async function startOther(): Promise<void> {
    const [run] = readdirSync(inFolder('build/runs'));
    const variables = parseEnv(readFileSync(inFolder('.env'), 'utf8')) as Record<string, string>;
    other ??= await startFunctions(variables, {
      port: otherPort,
      cwd: inFolder(`build/runs/${run}/dist`),
      fork: true,
    });
  }

  async function type(command: string): Promise<string> {
    const typed = ASKS.test(command) ? `${command} --yes` : command;
    const child = spawn('sh', ['-c', typed.replaceAll('curl ', 'curl --silent --show-error ')], {
      cwd: project.folder,
      env: { ...process.env, ...ports, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text;
      });
    await once(child, 'close');
    return `${output}\n`;
  }

  return {
    write: (file: string, text: string) => write(file, here(text)),
    type: (command: string) => type(here(command)),
    startOther,
    /** Does what a reader of the guide does, and expects what the guide shows. */
    async run({ blocks }: Guide) {
      let printed = '';
      let from = 0;
      for (const { language, text, file } of blocks) {
        if (file !== undefined) await write(file, here(text));
        else if (language === 'shell') {
          printed = '';
          from = events.output().length;
          for (const command of here(text).trim().split('\n'))
            if (!ELSEWHERE.test(command)) printed += await type(command);
        } else if (language === 'text') {
          const output = () => printed + events.output().slice(from);
          for (const line of here(text).trimEnd().split('\n'))
            await until(
              () => pattern(line).test(output()),
              () => `${JSON.stringify(line)} was not printed:\n${output()}`,
            );
        } else throw new Error(`${language} is neither for a file nor a command or its output`);
      }
    },
    /** The project and the emulator as they were. */
    async reset() {
      rmSync(inFolder('.env.local'), { force: true });
      git('checkout', '--quiet', '.');
      git('clean', '--quiet', '--force', 'src');
      await write(POLICY, readFileSync(join(root, 'scripts', 'demo', 'policy.json'), 'utf8'));
      await fetch(`${emulator}/reset`, { method: 'POST' });
      // On a busy machine a function may take longer than Twilio waits.
      await fetch(`${emulator}/options`, {
        method: 'POST',
        body: new URLSearchParams({ webhookTimeout: '60000' }),
      });
    },
    async close() {
      events.stop();
      await other?.stop();
      await stopRunning();
      project.remove();
    },
  };
}

export type Terminals = Awaited<ReturnType<typeof openTerminals>>;

/** A line as a guide shows it: times are others each time, and … is anything. */
function pattern(line: string): RegExp {
  const source = line
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('…', '.*')
    .replaceAll(/\d\d:\d\d:\d\d/g, '\\d\\d:\\d\\d:\\d\\d')
    .replaceAll(/\d+ ms/g, '\\d+ ms');
  return new RegExp(`^ *${source} *$`, 'm');
}

async function follow(folder: string, EMULATOR_PORT: string) {
  const child = spawn(process.execPath, ['scripts/cli.mjs', 'events'], {
    cwd: folder,
    env: { ...process.env, EMULATOR_PORT, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  await until(
    () => output.includes('following '),
    () => `npm run events did not start:\n${output}`,
  );
  return { output: () => output, stop: () => child.kill() };
}
