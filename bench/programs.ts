import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEMO_BUNDLE, type Program, root } from '../test/support/programs';

/** Works with a program, and ends it, whatever happens. */
export async function during<P extends Program, R>(
  started: Promise<P>,
  work: (program: P) => Promise<R>,
): Promise<R> {
  const program = await started;
  return endingWith(program, async () => {
    try {
      return await work(program);
    } finally {
      await program.stop();
    }
  });
}

/** What a process of Node's prints, whose end is waited for. @throws Error with what it says of its failure */
export async function outputOf(args: readonly string[], env = process.env): Promise<string> {
  const running = promisify(execFile)(process.execPath, [...args], { cwd: root, env });
  return endingWith(running, async () => {
    try {
      return (await running).stdout;
    } catch (error) {
      const { stderr, message } = error as Error & { stderr: string };
      throw new Error(stderr.trim() || message);
    }
  });
}

/** The JSON of the last line, after what functions log. */
export async function resultOf<T>(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<T> {
  return JSON.parse((await outputOf(args, env)).trim().split('\n').at(-1) ?? '');
}

/** A program that was built for the benchmark. */
export function built(name: string): string {
  return join(root, 'build', 'bench', `${name}.js`);
}

/** A function as it is deployed, such as `webhooks/attach`. */
export function deployed(name: string): string {
  return join(root, DEMO_BUNDLE, 'functions', `${name}.protected.js`);
}

/** A package of bench/package.json, which is installed for the parts that need it. */
export function fromBench<T>(name: string): T {
  return createRequire(join(root, 'bench', 'package.json'))(name);
}

// Whoever ends the benchmark ends what it has started.
async function endingWith<R>({ child }: Pick<Program, 'child'>, work: () => Promise<R>): Promise<R> {
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  try {
    return await work();
  } finally {
    process.off('exit', end);
  }
}
