// `npm start`: everything on this machine, nothing to set up. Installs and builds, then runs the emulator and, under the
// real twilio-run, the functions. EMULATOR_PORT and PORT choose other ports.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, root } from './install.mjs';
import { assertFree, port } from './ports.mjs';
import { startEmulator, startFunctions } from './programs.mjs';

const ports = { emulator: port('EMULATOR_PORT', 4010), functions: port('PORT', 3000) };
await assertFree(ports.emulator, 'EMULATOR_PORT');
await assertFree(ports.functions, 'PORT');
install();
const { build, fail } = await import('./build.mjs');
await build().catch(fail);

await startEmulator(ports.emulator);
console.log(`emulator ready http://127.0.0.1:${ports.emulator}`);
await startFunctions(ports.functions, environment(ports));
console.log(`functions ready http://localhost:${ports.functions}`);
console.log(whatToTry(ports));

/** .env.emulator with the chosen ports in it, as a file of its own: twilio-run passes nothing else to the functions. */
function environment(ports) {
  const file = join(root, 'build', 'start.env');
  const committed = readFileSync(join(root, '.env.emulator'), 'utf8');
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(
    file,
    committed
      .replaceAll(/127\.0\.0\.1:4010\b/g, `127.0.0.1:${ports.emulator}`)
      .replaceAll(/localhost:3000\b/g, `localhost:${ports.functions}`),
  );
  return file;
}

function whatToTry(ports) {
  const conversation = 'CH00000000000000000000000000000001';
  const api = `http://127.0.0.1:${ports.emulator}`;
  return `
The conversation ${conversation} is there to try it on:

attach a webhook
  curl http://localhost:${ports.functions}/webhooks/attach -d ConversationSid=${conversation} -d Target=webhook -d Filters=onMessageAdded -d Url=${api}/_emulator/receiver
have the customer write
  curl ${api}/_emulator/conversations/${conversation}/messages -d Source=SMS -d 'Body=Hello, is anybody there?'
see the signed event that arrived
  curl ${api}/_emulator/receiver/requests

Ctrl-C ends both.`;
}
