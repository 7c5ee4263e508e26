// `npm run cli`, and `npm run setup`, `call`, `policy`, `events`, `why`, `fleet`, `probe` and `studio`: builds cli/, and runs it with
// what was typed.
import { installToRun } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
import { runAlone } from './programs.mjs';

const args = process.argv.slice(2);
// Only `events` runs until somebody ends it, and `probe` removes what it has created.
endOnSignal(args[0] === 'events' ? 0 : 1, args[0] === 'probe' ? 60_000 : undefined);
await installToRun();
const { buildCli } = await import('./build-program.mjs');
await runAlone(await buildCli(), args);
