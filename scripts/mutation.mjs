// `npm run mutation`: mutation testing with Stryker. Changes the code of src/ in one place at a time, runs the unit tests,
// and reports the changes that no test fails for. Takes minutes to hours, so neither `npm test` nor CI runs it.
import { rmSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { install, root } from './install.mjs';
import { endWhenTold } from './lifetime.mjs';
import { runAlone } from './programs.mjs';

const usage = `npm run mutation -- [FOLDER or FILE of src/]… [--concurrency NUMBER]

For example: npm run mutation -- src/policy src/errors.ts
Prints each mutant that survives, then killed/total of each folder. The report is in build/mutation/report.html.`;

const options = { help: { type: 'boolean', short: 'h' }, concurrency: { type: 'string' } };

function read() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const args = ['--mutate', (positionals.length > 0 ? positionals : ['src']).map(pattern).join(',')];
  const { concurrency } = values;
  if (concurrency === undefined) return args;
  if (!/^[1-9]\d*$/.test(concurrency)) throw new Error(`--concurrency must be a positive number`);
  return [...args, '--concurrency', concurrency];
}

/** What Stryker takes for a folder or file. */
function pattern(typed) {
  const path = relative(root, resolve(root, typed)).split(sep).join('/');
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  const inside = path === 'src' || path.startsWith('src/');
  if (!found || !inside) throw new Error(`${typed} is not a folder or file of src/`);
  if (found.isDirectory()) return `${path}/**/*.ts`;
  if (!path.endsWith('.ts')) throw new Error(`${typed} is not a TypeScript file`);
  return path;
}

let args;
try {
  args = read();
} catch (error) {
  // Node's own text of a wrong option goes on for several sentences about positional arguments.
  console.error(`${error.message.split('. ')[0]}.\n\nUsage: ${usage}`);
  process.exit(1);
}
endWhenTold(1);
await install();
await install(join(root, 'mutation'), ['--ignore-scripts']);
const reports = join(root, 'build', 'mutation');
rmSync(reports, { recursive: true, force: true });
// Stryker leaves its copy of the project behind when it is interrupted.
process.on('exit', () => rmSync(join(reports, 'sandbox'), { recursive: true, force: true }));
const stryker = join(root, 'mutation', 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
await runAlone(stryker, ['run', 'mutation/stryker.config.mjs', ...args]);
