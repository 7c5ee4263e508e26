// `npm run chaos -- --seed S --minutes M`: the workload of a bad day, long, beside the documented snippet.
import { withoutColours } from './colours.mjs';
import { install } from './install.mjs';
import { endWhenTold } from './lifetime.mjs';
import { runAlone } from './programs.mjs';

endWhenTold(1);
await install();
const { build, buildProgram } = await import('./build.mjs');
await build();
const program = await buildProgram('test/chaos/main.ts', 'build/chaos/chaos.js');
// It reads what its programs print.
await runAlone(program, process.argv.slice(2), withoutColours({ ...process.env }));
