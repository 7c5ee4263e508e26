// `npm run deploy`: builds, checks the policy with the variables that it will have, and deploys with twilio-run. What
// follows `--` goes to twilio-run: npm run deploy -- --environment prod
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, parseEnv } from 'node:util';
import { install, root } from './install.mjs';

const args = process.argv.slice(2);
const { values } = parseArgs({ args, options: { env: { type: 'string', default: '.env' } }, strict: false });

install();
const { buildBundle, checkPolicy, fail } = await import('./build.mjs');
try {
  await buildBundle();
  await checkPolicy(join(root, 'dist', 'assets', 'policy.private.json'), readEnv(values.env));
} catch (error) {
  fail(error);
}
const program = join(root, 'node_modules', 'twilio-run', 'bin', 'twilio-run.js');
const { status } = spawnSync(process.execPath, [program, 'deploy', ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

function readEnv(file) {
  try {
    return parseEnv(readFileSync(join(root, file), 'utf8'));
  } catch {
    throw new Error(`${file} cannot be read; copy .env.example to it and fill it in`);
  }
}
