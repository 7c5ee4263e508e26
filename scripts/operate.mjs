// `npm run setup` and `npm run call`: builds that program of operate/, and starts it with what was typed.
import { spawnSync } from 'node:child_process';
import { install, root } from './install.mjs';

const [name, ...args] = process.argv.slice(2);
install();
const { buildOperate, fail } = await import('./build.mjs');
const program = await buildOperate(name).catch(fail);
process.exit(spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1);
