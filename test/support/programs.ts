import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { temporaryFolder } from './temporary-folder';
import { until } from './until';

export const root = join(__dirname, '..', '..');
/** The functions as they are deployed, with the policy of the demo. */
export const DEMO_BUNDLE = join('build', 'demo');
/** That policy, which is also the default one. */
export const DEMO_POLICY = readFileSync(join(root, 'scripts', 'demo', 'policy.json'), 'utf8');

/** A program that a test started, and what it printed. */
export interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves when it has printed this. */
  printed(text: string): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const preload = join(root, 'scripts', 'end-with-parent.cjs');

/**
 * Starts a program of Node's, which ends with this process at the latest. Resolves when `ready` says so, rejects when it ends
 * before.
 */
export async function start(
  file: string,
  args: readonly string[],
  ready: (output: string) => boolean | Promise<boolean>,
  env?: NodeJS.ProcessEnv,
): Promise<Program> {
  const child = spawn(process.execPath, ['--require', preload, join(root, file), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(env && { env }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      output += text;
    });
  const exited = once(child, 'exit');
  const program: Program = {
    child,
    output: () => output,
    async printed(text) {
      await until(
        () => output.includes(text),
        () => `${file} did not print ${JSON.stringify(text)}, but:\n${output}`,
      );
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
  const isReady = async () => {
    const end = child.exitCode ?? child.signalCode;
    if (end !== null) throw new Error(`${file} ended with ${end}:\n${output}`);
    return ready(output);
  };
  await until(isReady, () => `${file} was not ready:\n${output}`).catch(async (error) => {
    await program.stop('SIGKILL');
    throw error;
  });
  return program;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of Node's to its end, with this environment and nothing on its standard input. */
export async function runToEnd(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = root,
): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  const ended = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text) => {
      ended[name] += text;
    });
  const [code] = await once(child, 'close');
  return { code, ...ended };
}

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** The built emulator, in a process of its own. */
export async function startEmulator(port = 0): Promise<Program & { origin: string }> {
  const line = /emulator ready (http:\S+)/;
  const program = await start('build/emulator.js', ['--port', String(port)], (output) => line.test(output));
  return { ...program, origin: line.exec(program.output())?.[1] ?? '' };
}

/** The emulator's credentials, and the variables of the demo's policy. */
export function emulatorEnvironment(): Record<string, string> {
  return parseEnv(readFileSync(join(root, 'scripts', 'demo', 'demo.env'), 'utf8')) as Record<string, string>;
}

export interface FunctionsOptions {
  readonly port?: number;
  /** Other assets, from the root of the project. */
  readonly assets?: string;
  /** A project of its own, with its functions and assets. */
  readonly cwd?: string;
  /** Whether each call gets a process of its own, as under `twilio serverless:start`. */
  readonly fork?: boolean;
}

/** The built functions under the real twilio-run, with the demo's environment, some of whose variables may be others. */
export async function startFunctions(
  env: Record<string, string>,
  { port, assets = join(DEMO_BUNDLE, 'assets'), cwd, fork = false }: FunctionsOptions = {},
): Promise<Program & { origin: string }> {
  const { folder, remove } = temporaryFolder();
  const file = join(folder, 'env');
  const variables = Object.entries({ ...emulatorEnvironment(), ...env });
  writeFileSync(file, variables.map(([name, value]) => `${name}=${value}\n`).join(''));
  const origin = `http://localhost:${port ?? (await freePort())}`;
  const program = await start(
    'node_modules/twilio-run/bin/twilio-run.js',
    [
      ...['start', '--port', new URL(origin).port, '--env', file],
      ...(cwd
        ? ['--cwd', cwd]
        : ['--functions-folder', join(DEMO_BUNDLE, 'functions'), '--assets-folder', assets]),
      ...(fork ? [] : ['--no-fork-process', '--no-live']),
    ],
    async () => (await fetch(`${origin}/index.html`).catch(() => undefined))?.ok === true,
  ).finally(remove);
  return { ...program, origin };
}
