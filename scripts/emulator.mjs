// `npm run emulator`: the emulator alone. Its options follow `--`: npm run emulator -- --port 4011
import { install } from './install.mjs';
import { endWhenTold, runAlone } from './programs.mjs';

endWhenTold(0);
install();
const { buildProgram } = await import('./build.mjs');
runAlone(await buildProgram('emulator/main.ts', 'build/emulator.js'), process.argv.slice(2));
