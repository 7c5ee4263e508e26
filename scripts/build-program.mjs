// Bundles the programs that run here and are not deployed, into build/.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './install.mjs';

const require = createRequire(import.meta.url);

/** The program of operators: cli/. */
export const buildCli = () => buildProgram('cli/main.ts', 'build/cli.js');

/**
 * One program of ours, for this machine only: dependencies stay in node_modules. It is put in its place whole, as another one
 * may be starting it.
 */
export async function buildProgram(source, target) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: target,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    logLevel: 'warning',
    write: false,
  });
  const file = join(root, target);
  mkdirSync(dirname(file), { recursive: true });
  for (const { path, contents } of outputFiles) {
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
  return file;
}

/** A module of ours, as it is now. */
export async function load(source, target) {
  const file = await buildProgram(source, target);
  delete require.cache[file];
  return require(file);
}
