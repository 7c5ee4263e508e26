import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../test/support/programs';
import { until } from '../../test/support/until';
import { memoryOf } from '../memory';

const PROGRAM = [join(root, 'build', 'cli.js'), 'fleet'];
const BETWEEN_SAMPLES_MS = 500;

/** A command of `npm run fleet` that has ended. */
export interface Ended {
  readonly args: readonly string[];
  /** `SIGKILL`: it was killed. */
  readonly exit: number | 'SIGKILL';
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Its highest resident memory in the first and in the second half of that time, in MB. */
  readonly mb: readonly [first: number, second: number];
}

interface CommandOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Kills it as soon as this is so. */
  readonly killWhen?: (() => boolean) | undefined;
}

/** Runs a command to its end. */
export async function runCommand(
  args: readonly string[],
  { folder, env, killWhen }: CommandOptions,
): Promise<Ended> {
  const began = performance.now();
  const child = spawn(process.execPath, [...PROGRAM, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'close');
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  const samples: number[] = [];
  const watching = setInterval(() => samples.push(memoryOf(child) ?? 0), BETWEEN_SAMPLES_MS);
  if (killWhen) {
    await until(
      () => killWhen() || child.exitCode !== null,
      () => `${args.join(' ')} did not come so far`,
      3_600_000,
    );
    kill();
  }
  const [code, signal] = await ended;
  clearInterval(watching);
  process.off('exit', kill);
  const half = Math.ceil(samples.length / 2);
  return {
    args,
    exit: code ?? signal,
    ...output,
    seconds: (performance.now() - began) / 1000,
    mb: [Math.max(0, ...samples.slice(0, half)), Math.max(0, ...samples.slice(half))],
  };
}
