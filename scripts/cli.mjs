// `npm run setup`, `call`, `policy`, `events` and `fleet`: builds that program of cli/, and runs it with what was typed.
import { install } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
import { runAlone } from './programs.mjs';

const [name, ...args] = process.argv.slice(2);
// Only `events` runs until somebody ends it.
endOnSignal(name === 'events' ? 0 : 1);
await install();
const { buildCli } = await import('./build-program.mjs');
await runAlone(await buildCli(name), args);
