// `npm run bench`: builds, then measures.
import { spawnSync } from 'node:child_process';
import { install } from './install.mjs';

install();
const { build, buildProgram } = await import('./build.mjs');
await build();
const program = await buildProgram('bench/load.ts', 'build/bench/load.js');
process.exit(spawnSync(process.execPath, [program], { stdio: 'inherit' }).status ?? 1);
