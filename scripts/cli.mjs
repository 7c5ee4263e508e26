// `npm run setup`, `npm run call` and `npm run policy`: builds that program of cli/, and runs it with what was typed.
import { install } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
import { runAlone } from './programs.mjs';

endOnSignal(1);
const [name, ...args] = process.argv.slice(2);
await install();
const { buildCli } = await import('./build-program.mjs');
await runAlone(await buildCli(name), args);
