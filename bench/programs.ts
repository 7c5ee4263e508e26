import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Program, root } from '../test/support/programs';

/** Works with a program, and ends it, whatever happens. */
export async function during<P extends Program, R>(
  started: Promise<P>,
  work: (program: P) => Promise<R>,
): Promise<R> {
  const program = await started;
  const end = () => program.child.kill('SIGKILL');
  process.once('exit', end);
  try {
    return await work(program);
  } finally {
    process.off('exit', end);
    await program.stop();
  }
}

/** A program that was built for the benchmark. */
export function built(name: string): string {
  return join(root, 'build', 'bench', `${name}.js`);
}

/** A function as it is deployed, such as `webhooks/attach`. */
export function deployed(name: string): string {
  return join(root, 'dist', 'functions', `${name}.protected.js`);
}

/** A package of bench/package.json, which is installed for the parts that need it. */
export function fromBench<T>(name: string): T {
  return createRequire(join(root, 'bench', 'package.json'))(name);
}
