// Bundles the emulator's live page for the browser, into build/console/.
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

const SOURCE = join(root, 'emulator', 'console', 'page');
const TARGET = join(root, 'build', 'console');

/** Each file is put in its place whole, as an emulator may be serving it. */
export async function buildConsole() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { console: join(SOURCE, 'main.tsx') },
    outdir: TARGET,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
    write: false,
  });
  mkdirSync(TARGET, { recursive: true });
  for (const { path, contents } of outputFiles) put(path, (temporary) => writeFileSync(temporary, contents));
  put(join(TARGET, 'index.html'), (temporary) => copyFileSync(join(SOURCE, 'index.html'), temporary));
}

function put(path, write) {
  const temporary = `${path}.${process.pid}`;
  write(temporary);
  renameSync(temporary, path);
}
