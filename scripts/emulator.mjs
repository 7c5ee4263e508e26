// `npm run emulator`: the emulator alone. Its options follow `--`: npm run emulator -- --port 4011
import { spawn } from 'node:child_process';
import { install } from './install.mjs';

install();
const { buildProgram } = await import('./build.mjs');
const program = await buildProgram('emulator/main.ts', 'build/emulator.js');
const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 0));
