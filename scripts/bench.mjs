// `npm run bench`: builds, then measures. Parts and options follow `--`: npm run bench -- cold warm --quick
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutColours } from './colours.mjs';
import { install, root } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
import { oneOfNames, readOptions } from './options.mjs';
import { runAlone } from './programs.mjs';

/** What is built of bench/: what measures, the processes that it starts, and the functions that ours stand beside. */
const PROGRAMS = ['main', 'one-call', 'many-calls', 'snippet', 'long-run', 'empty'];
/** The parts of bench/main.ts. */
const PARTS = ['cold', 'warm', 'calls', 'bundle', 'emulator', 'long', 'planner', 'fleet'];
/** The parts that need what bench/package.json asks for. */
const NEEDY = ['warm', 'emulator'];

const { values, positionals } = readOptions({
  name: 'npm run bench --',
  usage: '[part]...',
  description:
    `Measure, and print tables: the named parts of ${PARTS.join(', ')}; or all but fleet, which takes a while. ` +
    'A run without names writes bench/results.md.',
  argument: oneOfNames(PARTS),
  options: {
    quick: { type: 'boolean', description: 'few rounds, to see that it works' },
    fleet: { type: 'boolean', description: 'the part fleet' },
  },
  examples: ['npm run bench', 'npm run bench -- cold warm --quick'],
});
const parts = [...positionals, ...(values.fleet ? ['fleet'] : [])];
endOnSignal(1);
await install();
// Nothing of it has to be compiled; what one of them would run is to count installations.
if (parts.length === 0 || parts.some((part) => NEEDY.includes(part)))
  await install(join(root, 'bench'), { args: ['--ignore-scripts'] });
const { buildDemo } = await import('./build.mjs');
const { buildProgram } = await import('./build-program.mjs');
const functions = await buildDemo();
for (const name of PROGRAMS) await buildProgram(`bench/${name}.ts`, `build/bench/${name}.js`);
writeFileSync(join(root, 'build', 'bench', 'functions.json'), JSON.stringify(functions));
// What it starts is measured by what it prints.
await runAlone(
  join(root, 'build', 'bench', 'main.js'),
  [...parts, ...(values.quick ? ['--quick'] : [])],
  withoutColours({ ...process.env }),
);
