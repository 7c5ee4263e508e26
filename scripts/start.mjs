// `npm start`: everything on this machine, nothing to set up. Installs and builds, then runs the emulator and, under the
// real twilio-run, the functions. EMULATOR_PORT and PORT choose other ports.
import { join } from 'node:path';
import { environment, runFolder } from './environment.mjs';
import { install } from './install.mjs';
import { endWhenTold } from './lifetime.mjs';
import { choosePorts } from './ports.mjs';
import { startEmulator, startFunctions } from './programs.mjs';
import { OUR_NUMBER, register } from './register.mjs';

endWhenTold(0);
const ports = await choosePorts();
await install();
const { build } = await import('./build.mjs');
const folder = runFolder();
await build(join(folder, 'dist'));

const { file, variables } = environment(ports, folder);
await startEmulator(ports.emulator);
console.log(`emulator ready http://127.0.0.1:${ports.emulator}`);
await startFunctions(ports.functions, { bundle: join(folder, 'dist'), file });
await register(`http://localhost:${ports.functions}`, { file, variables });
console.log(`functions ready http://localhost:${ports.functions}`);
console.log(whatToTry(ports));

function whatToTry(ports) {
  const conversation = 'CH00000000000000000000000000000001';
  const api = `http://127.0.0.1:${ports.emulator}`;
  const functions = `http://localhost:${ports.functions}`;
  const inbound = (from, body) =>
    `curl ${api}/_emulator/inbound -d From=${from} -d To=${OUR_NUMBER} -d 'Body=${body}'`;
  return `
The conversation ${conversation} is there to try it on:

attach a webhook
  curl ${functions}/webhooks/attach -d ConversationSid=${conversation} -d Target=webhook -d Filters=onMessageAdded -d Url=${api}/_emulator/receiver/mine
have the customer write
  curl ${api}/_emulator/conversations/${conversation}/messages -d Source=SMS -d 'Body=Hello, is anybody there?'
see the signed event that arrived
  curl ${api}/_emulator/receiver/requests

A conversation that manages itself, by the rules in src/assets/policy.private.json:

give it the bot, and what else the policy has in that profile
  curl ${functions}/webhooks/sync -d ConversationSid=${conversation} -d Profile=bot
have the customer ask for a human
  ${inbound('+15005550006', 'I need a human')}
see that the CRM's webhook has taken the place of the bot's
  curl ${functions}/webhooks/list -d ConversationSid=${conversation}
have somebody new write: that opens another conversation, which gets the bot by itself
  ${inbound('+15005550123', 'Where is my order?')}
see that the bot was sent the message
  curl ${api}/_emulator/executions

Ctrl-C ends both.`;
}
