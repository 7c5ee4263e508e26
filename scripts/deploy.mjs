// `npm run deploy`: validates the variables, builds, validates the policy with them, tests it, and deploys with twilio-run, which gets
// what follows `--`: npm run deploy -- --env .env.prod --environment prod
import { join } from 'node:path';
import { buildBundle } from './build.mjs';
import { testPolicy } from './check-policy.mjs';
import { installToRun, root } from './install.mjs';
import { end, endOnSignal, exitOf, startNode } from './lifetime.mjs';
import { readOptions } from './options.mjs';
import { readVariables } from './variables.mjs';

// With a typing error in --environment, twilio-run would deploy to dev.
const flag = (description, short) => ({ type: 'boolean', description, ...(short && { short }) });
const { values, args } = readOptions({
  name: 'npm run deploy --',
  description:
    'Validate the variables and the policy, build, test the policy, and deploy with twilio-run, which gets these options.',
  options: {
    env: { value: 'file', description: 'the variables to deploy (default: .env)' },
    environment: {
      value: 'name',
      description: 'the environment to deploy to, the end of the domain (default: dev)',
    },
    to: { value: 'name', description: 'the same as --environment' },
    production: flag('deploy to the domain without a suffix'),
    'load-system-env': flag('take variables without a value from the environment of the process'),
    'override-existing-project': flag('deploy to the existing service of this name'),
    'service-name': {
      value: 'name',
      short: 'n',
      description: 'the name of the service (default: from package.json)',
    },
    'service-sid': { value: 'sid', description: 'the service to deploy to' },
    'output-format': { value: 'json', short: 'o', description: 'print the result as JSON' },
    'log-level': { value: 'level', short: 'l', description: 'debug, info, warn, error or none' },
    runtime: { value: 'name', description: 'the Node.js version of the functions (default: node22)' },
    username: { value: 'sid', short: 'u', description: 'an API key or account to log in with' },
    password: { value: 'secret', description: 'its secret; better kept in the file of --env' },
    functions: flag('upload the functions (the default)'),
    'no-functions': flag('do not upload the functions'),
    assets: flag('upload the assets (the default)'),
    'no-assets': flag('do not upload the assets'),
    'functions-folder': { value: 'folder', description: 'another folder of functions' },
    'assets-folder': { value: 'folder', description: 'another folder of assets' },
    config: { value: 'file', short: 'c', description: 'another configuration than .twilioserverlessrc' },
    cwd: { value: 'folder', description: 'another project' },
    force: flag('deploy in force mode'),
  },
  examples: [
    'npm run deploy',
    'npm run deploy -- --environment prod --env .env.prod',
    'npm run deploy -- --load-system-env --override-existing-project -o json',
  ],
});

endOnSignal(1);
// Passed to twilio-run too, so that what was validated is what is sent, whatever .twilioserverlessrc says.
if (values.env === undefined) args.push('--env', '.env');
const variables = readVariables(values.env ?? '.env', values['load-system-env'] ? process.env : {});
await installToRun();
await buildBundle({ env: variables });
await testPolicy();
const code = await twilioRun();
// Not on stdout, which is JSON with `-o json`.
if (code === 0)
  console.error(
    '\nNext, once for each domain: npm run setup -- --url https://DOMAIN, with the domain that is printed above.',
  );
await end(code);

function twilioRun() {
  const program = join(root, 'node_modules', 'twilio-run', 'bin', 'twilio-run.js');
  const stdio = ['inherit', 'inherit', 'inherit'];
  return exitOf(startNode(program, ['deploy', ...args], { cwd: root, stdio }));
}
