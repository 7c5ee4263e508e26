// `npm run call -- list ConversationSid=CH…`: calls a function of a deployment, or of this machine, signed.
import { spawnSync } from 'node:child_process';
import { install, root } from './install.mjs';

install();
const { buildCall } = await import('./build.mjs');
const args = [await buildCall(), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1);
