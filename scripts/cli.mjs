// `npm run cli`, and `npm run setup`, `call`, `policy`, `events`, `why`, `fleet` and `studio`: builds cli/, and runs it with what was typed.
import { installToRun } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
import { runAlone } from './programs.mjs';

const args = process.argv.slice(2);
// Only `events` runs until somebody ends it.
endOnSignal(args[0] === 'events' ? 0 : 1);
await installToRun();
const { buildCli } = await import('./build-program.mjs');
await runAlone(await buildCli(), args);
