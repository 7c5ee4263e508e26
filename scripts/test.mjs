// `npm test`: all that must hold, on a fresh clone too. Goes on after a failure, so that one run shows them all, and
// prints the true counts last: jest's tests, and each other step that failed as one.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, root } from './install.mjs';
import { end, endOnSignal, exitOf, startNode } from './lifetime.mjs';
import { readOptions } from './options.mjs';

const results = join(root, 'build', 'jest.json');
const summary = join(root, 'build', 'summary.txt');

const { args } = readOptions({
  name: 'npm test --',
  usage: '[paths]',
  description:
    'Run the type checker, the linter, the search for unused code, the build and the tests.\nArguments and other options go to jest.',
  passOn: true,
  examples: ['npm test', 'npm test -- test/webhooks', "npm test -- -t 'attaches'"],
});
endOnSignal(1);
rmSync(summary, { force: true });
rmSync(results, { force: true });
await install();
mkdirSync(join(root, 'build'), { recursive: true });

const steps = [
  ['types', 'typescript/bin/tsc', '--noEmit'],
  ['types of the live page', 'typescript/bin/tsc', '--noEmit', '--project', 'emulator/console/page'],
  ['lint', '@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  ['unused code', 'knip/bin/knip.js'],
];
const failed = [];
for (const [name, ...step] of steps) if (!(await run(name, ...step))) failed.push(name);
// jest builds what is deployed before its first test.
const green = await run('build and tests', 'jest/bin/jest.js', '--json', '--outputFile', results, ...args);
const counts = read() ?? { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
const red = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
// A red jest without a failed test (a build that failed, say) counts as one, and so does a green one that ran nothing.
const jest = red > 0 || (green && counts.numPassedTests > 0) ? red : 1;
const total = failed.length + jest;

if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
const line = `${counts.numPassedTests} passed, ${total} failed`;
writeFileSync(summary, `${line}\n`);
console.log(line);
await end(total === 0 ? 0 : 1);

async function run(name, program, ...args) {
  console.log(`\n— ${name}`);
  const stdio = ['ignore', 'inherit', 'inherit'];
  return (await exitOf(startNode(join(root, 'node_modules', program), args, { cwd: root, stdio }))) === 0;
}

function read() {
  try {
    return JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    return undefined;
  }
}
