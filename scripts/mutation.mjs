// `npm run mutation`: mutation testing with Stryker. Changes the code of src/ in one place at a time, runs the unit tests,
// and reports the changes that no test fails for. Takes minutes to hours, so neither `npm test` nor CI runs it.
import { rmSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { install, root } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
import { integer, readOptions, UsageError } from './options.mjs';
import { runAlone } from './programs.mjs';

const { values, positionals } = readOptions({
  name: 'npm run mutation --',
  usage: '[folder or file of src/]...',
  description:
    'Change the code of src/ in one place at a time, run the unit tests, and print each change that no test fails for, ' +
    'then killed/total of each folder. The report is in build/mutation/report.html.',
  argument: pattern,
  options: {
    concurrency: { value: 'number', parse: integer(1), description: 'how many test runs at a time' },
  },
  examples: ['npm run mutation -- src/policy src/lib/url.ts', 'npm run mutation -- --concurrency 1'],
});
const { concurrency } = values;
const args = ['--mutate', (positionals.length > 0 ? positionals : [pattern('src')]).join(',')];
if (concurrency !== undefined) args.push('--concurrency', String(concurrency));

/** What Stryker takes for a folder or file. */
function pattern(typed) {
  const path = relative(root, resolve(root, typed)).split(sep).join('/');
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  const inside = path === 'src' || path.startsWith('src/');
  if (!found || !inside) throw new UsageError(`${typed} is not a folder or file of src/`);
  if (found.isDirectory()) return `${path}/**/*.ts`;
  if (!path.endsWith('.ts')) throw new UsageError(`${typed} is not a TypeScript file`);
  return path;
}

endOnSignal(1);
await install();
await install(join(root, 'mutation'), { args: ['--ignore-scripts'] });
const reports = join(root, 'build', 'mutation');
rmSync(reports, { recursive: true, force: true });
// Stryker leaves its copy of the project behind when it is interrupted.
process.on('exit', () => rmSync(join(reports, 'sandbox'), { recursive: true, force: true }));
const stryker = join(root, 'mutation', 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
await runAlone(stryker, ['run', 'mutation/stryker.config.mjs', ...args]);
