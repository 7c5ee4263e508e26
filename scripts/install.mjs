// Runs before anything is installed: Node's own modules only.
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { end, exitOf, SIGNALS, start } from './lifetime.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs what running needs, without the tools of the tests: docs/decisions/0009-what-is-installed.md. */
export const installToRun = (folder = root) => install(folder, { tests: false });

/**
 * Installs what a folder's package.json names, unless it is there. Exits if npm fails.
 * @param options tests: devDependencies too; those that are there stay in any case. args: more arguments for npm
 */
export async function install(folder = root, { tests = true, args = [] } = {}) {
  const modules = join(folder, 'node_modules');
  // A linked node_modules belongs to another checkout, and npm ci would empty it.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const outdated =
    modified(join(modules, '.package-lock.json')) < modified(join(folder, 'package-lock.json'));
  const withTests = tests || Object.values(installed(modules)).some(({ dev }) => dev);
  if (!outdated && missing(folder, withTests).length === 0) return;
  // npm ci empties node_modules first, which a program may be using; npm install adds what is missing.
  const command = [
    ...(outdated ? ['ci'] : ['install', '--no-save']),
    withTests ? '--include=dev' : '--omit=dev',
    '--include=optional',
  ];
  await npm([...command, '--no-audit', '--no-fund', '--loglevel=error', ...args], folder);
  const [name] = missing(folder, withTests);
  // npm reports success without an optional package, whatever went wrong.
  if (name) await end(1, `npm left out ${name}; see why with npm ci --loglevel=verbose`);
}

async function npm([command, ...args], cwd) {
  // Not on stdout, which may be JSON: `npm run call -- … --json`.
  console.error(`installing dependencies (npm ${command}) …`);
  // npm takes a moment to end.
  const sayStopping = () => console.error('stopping the installation …');
  for (const signal of SIGNALS) process.once(signal, sayStopping);
  const options = { cwd, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' };
  const child = start('npm', [command, ...args], options);
  const code = await exitOf(child).catch(({ code }) => end(1, `npm cannot be started (${code})`));
  for (const signal of SIGNALS) process.off(signal, sayStopping);
  if (code !== 0) await end(1, `npm ${command} failed; see its output above`);
}

/** What package.json names and is not installed. */
function missing(folder, withTests) {
  const { dependencies, optionalDependencies, devDependencies } = read(join(folder, 'package.json'));
  const packages = installed(join(folder, 'node_modules'));
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...(withTests && devDependencies) });
  return names.filter((name) => !packages[`node_modules/${name}`]);
}

/** The packages that npm has installed, as it keeps them on record. */
function installed(modules) {
  const record = join(modules, '.package-lock.json');
  return modified(record) === 0 ? {} : (read(record).packages ?? {});
}

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
