// `npm start`: everything on this machine, nothing to set up. Installs and builds, then runs the emulator and, under the
// real twilio-run, the functions. EMULATOR_PORT and PORT choose other ports.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { environment, runFolder } from './environment.mjs';
import { install, root } from './install.mjs';
import { endOnSignal } from './lifetime.mjs';
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
endOnSignal(0);
const ports = await choosePorts();
await install();
const { build } = await import('./build.mjs');
const folder = runFolder();
await build({ to: join(folder, 'dist') });

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
  const sync = `curl ${functions}/webhooks/sync -d ConversationSid=${conversation} -d Profile`;
  const list = `curl ${functions}/webhooks/list -d ConversationSid=${conversation}`;
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
${policyToTry({ api, sync, list, inbound })}
Ctrl-C ends both.`;
}

/** What to try of the policy in use. What its rules do is known of the default one alone. */
function policyToTry({ api, sync, list, inbound }) {
  const read = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
  const policy = read('src', 'assets', 'policy.private.json');
  const rules = 'A managed conversation follows the rules in src/assets/policy.private.json:';
  if (!isDeepStrictEqual(policy, read('scripts', 'demo', 'policy.json'))) {
    // With the router and the webhook attached above, it fits into the five slots.
    const fits = ([, profile]) => [1, 2, 3].includes((profile.webhooks ?? profile).length);
    const [profile] = Object.entries(policy.profiles).find(fits) ?? [];
    if (profile === undefined) return '';
    return `
${rules}

move the conversation to the profile ${profile}
  ${sync}=${profile}
list its webhooks
  ${list}
`;
  }
  return `
${rules}

move the conversation to the profile bot
  ${sync}=bot
ask for a human as the customer
  ${inbound('+15005550006', 'I need a human')}
list the webhooks: the CRM's has replaced the bot's
  ${list}
write from an unknown number: a new conversation opens and gets the bot
  ${inbound('+15005550123', 'Where is my order?')}
print the messages that the bot received
  curl ${api}/_emulator/executions
`;
}
