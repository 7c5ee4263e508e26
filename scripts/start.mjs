// `npm start`: everything on this machine, nothing to set up. Installs and builds, then runs the emulator and, under the
// real twilio-run, the functions. EMULATOR_PORT and PORT choose other ports.
import { join } from 'node:path';
import { environment, runFolder } from './environment.mjs';
import { install } from './install.mjs';
import { endWhenTold } from './lifetime.mjs';
import { readOptions } from './options.mjs';
import { choosePorts } from './ports.mjs';
import { startEmulator, startFunctions } from './programs.mjs';
import { OUR_NUMBER, register } from './register.mjs';

readOptions({
  name: 'npm start --',
  description: 'Run the emulator and the functions on this machine until Ctrl-C.',
  environment: {
    EMULATOR_PORT: 'port of the emulator (default: 4010)',
    PORT: 'port of the functions (default: 3000)',
  },
  examples: ['npm start', 'EMULATOR_PORT=4011 PORT=3001 npm start'],
});
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
Try it on the conversation ${conversation}:

attach a webhook
  curl ${functions}/webhooks/attach -d ConversationSid=${conversation} -d Target=webhook -d Filters=onMessageAdded -d Url=${api}/_emulator/receiver/mine
write as the customer
  curl ${api}/_emulator/conversations/${conversation}/messages -d Source=SMS -d 'Body=Hello, is anybody there?'
print the signed event that the webhook received
  curl ${api}/_emulator/receiver/requests

A managed conversation follows the rules in src/assets/policy.private.json:

move the conversation to the profile bot
  curl ${functions}/webhooks/sync -d ConversationSid=${conversation} -d Profile=bot
ask for a human as the customer
  ${inbound('+15005550006', 'I need a human')}
list the webhooks: the CRM's has replaced the bot's
  curl ${functions}/webhooks/list -d ConversationSid=${conversation}
write from an unknown number: a new conversation opens and gets the bot
  ${inbound('+15005550123', 'Where is my order?')}
print the messages that the bot received
  curl ${api}/_emulator/executions

Ctrl-C ends both.`;
}
