// `npm run chaos -- --seed S --minutes M`: the workload of a bad day, long, beside the documented snippet.
import { spawnSync } from 'node:child_process';
import { install } from './install.mjs';

install();
const { build, buildProgram, fail } = await import('./build.mjs');
await build().catch(fail);
const program = await buildProgram('test/chaos/main.ts', 'build/chaos/chaos.js');
process.exit(
  spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1,
);
