// Runs before anything is installed: Node's own modules only.
import { spawnSync } from 'node:child_process';
import { lstatSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs what package-lock.json asks for, unless node_modules is at least as new. Exits when npm fails. */
export function install() {
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return;
  // A linked node_modules belongs to another checkout, and npm ci would empty it.
  const folder = lstatSync(new URL('../node_modules', import.meta.url), { throwIfNoEntry: false });
  if (folder?.isSymbolicLink()) return;
  console.log('installing dependencies (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed; what it says stands above.');
    process.exit(1);
  }
}

function modified(path) {
  return statSync(new URL(`../${path}`, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
