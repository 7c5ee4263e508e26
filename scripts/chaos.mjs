// `npm run chaos -- --seed S --minutes M`: the workload of a bad day, long, beside the documented snippet.
import { install } from './install.mjs';
import { runAlone } from './programs.mjs';

install();
const { build, buildProgram, fail } = await import('./build.mjs');
await build().catch(fail);
runAlone(await buildProgram('test/chaos/main.ts', 'build/chaos/chaos.js').catch(fail), process.argv.slice(2));
