// `npm run setup -- --url https://DOMAIN`: registers what a deployment needs at its Twilio account, once.
import { spawnSync } from 'node:child_process';
import { install, root } from './install.mjs';

install();
const { buildSetup } = await import('./build.mjs');
const args = [await buildSetup(), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1);
