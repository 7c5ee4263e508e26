// `npm run deploy`: looks at the variables, builds, checks the policy with them, and deploys with twilio-run. What follows
// `--` goes to twilio-run: npm run deploy -- --env .env.prod --environment prod
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBundle, checkPolicy } from './build.mjs';
import { install, root } from './install.mjs';
import { end, endWhenTold, exitOf, startNode } from './lifetime.mjs';
import { readVariables } from './variables.mjs';

endWhenTold(1);
const args = process.argv.slice(2);
const options = {
  env: { type: 'string' },
  'load-system-env': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};
const { values } = parseArgs({ args, options, strict: false });

if (values.help) {
  await install();
  await end(await twilioRun());
}
if (values.env === true) throw new Error('--env needs the name of a file');
// Named to twilio-run too, so that what was looked at is what is sent, whatever .twilioserverlessrc says.
if (values.env === undefined) args.push('--env', '.env');
const variables = readVariables(values.env ?? '.env', values['load-system-env'] ? process.env : {});
await install();
await buildBundle();
await checkPolicy(join(root, 'dist', 'assets', 'policy.private.json'), variables);
const code = await twilioRun();
// Not on stdout, which is twilio-run's alone: under `-o json` it is JSON.
if (code === 0)
  console.error(
    '\nNext, once for each domain: npm run setup -- --url https://DOMAIN tells Twilio to send it events; DOMAIN is above.',
  );
await end(code);

function twilioRun() {
  const program = join(root, 'node_modules', 'twilio-run', 'bin', 'twilio-run.js');
  const stdio = ['inherit', 'inherit', 'inherit'];
  return exitOf(startNode(program, ['deploy', ...args], { cwd: root, stdio }));
}
