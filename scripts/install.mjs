// Runs before anything is installed: Node's own modules only.
import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { end, exitOf, SIGNALS, start } from './lifetime.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Installs what a folder's package-lock.json names, unless its node_modules is at least as new. Exits if npm fails.
 * @param args more arguments for npm ci
 */
export async function install(folder = root, args = []) {
  const modules = join(folder, 'node_modules');
  if (modified(join(modules, '.package-lock.json')) >= modified(join(folder, 'package-lock.json'))) return;
  // A linked node_modules belongs to another checkout, and npm ci would empty it.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  // Not on stdout, which may be JSON: `npm run call -- … --json`.
  console.error('installing dependencies (npm ci) …');
  // npm takes a moment to end.
  const sayStopping = () => console.error('stopping the installation …');
  for (const signal of SIGNALS) process.once(signal, sayStopping);
  const child = start('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...args], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  const code = await exitOf(child).catch(({ code }) => end(1, `npm cannot be started (${code})`));
  for (const signal of SIGNALS) process.off(signal, sayStopping);
  if (code !== 0) await end(1, 'npm ci failed; see its output above');
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
