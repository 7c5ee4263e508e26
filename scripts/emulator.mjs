// `npm run emulator`: the emulator alone. Its options follow `--`: npm run emulator -- --port 4011
import { installToRun } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
import { runAlone } from './programs.mjs';

endOnSignal(0);
await installToRun();
const { buildConsole } = await import('./build-console.mjs');
const { buildProgram } = await import('./build-program.mjs');
await buildConsole();
await runAlone(await buildProgram('emulator/main.ts', 'build/emulator.js'), process.argv.slice(2));
