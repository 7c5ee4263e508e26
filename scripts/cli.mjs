// `npm run setup` and `npm run call`: builds that program of cli/, and runs it with what was typed.
import { install } from './install.mjs';
import { runAlone } from './programs.mjs';

const [name, ...args] = process.argv.slice(2);
install();
const { buildCli, fail } = await import('./build.mjs');
runAlone(await buildCli(name).catch(fail), args);
