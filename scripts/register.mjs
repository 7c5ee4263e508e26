import { join } from 'node:path';
import { withoutColours } from './colours.mjs';
import { root } from './install.mjs';
import { exitOf, startOurs } from './lifetime.mjs';
import { requests } from './requests.mjs';

/** The number of ours whose unknown senders get a conversation, by SMS and by WhatsApp. */
export const OUR_NUMBER = '+15005550001';

/**
 * What a deployment registers once on its account, here on the emulator; and, which is everybody's own to do on Twilio, a
 * number whose messages open conversations.
 * @param options more of setup's
 */
export async function register(functions, { file, variables }, options = []) {
  await setUp(functions, file, options);
  const { post } = requests(variables);
  for (const [Type, Address] of [
    ['sms', OUR_NUMBER],
    ['whatsapp', `whatsapp:${OUR_NUMBER}`],
  ])
    await post('/v1/Configuration/Addresses', {
      Type,
      Address,
      'AutoCreation.Enabled': 'true',
      'AutoCreation.Type': 'default',
    });
  await keep(variables);
}

/** Lets resets of the emulator bring back what is registered now. */
export const keep = (variables) => requests(variables).post('/_emulator/reset/keep');

/** `npm run setup` with the variables of this file. What is registered already stays. */
export async function setUp(functions, file, options = []) {
  const args = ['setup', '--url', functions, '--env', file, '--yes', ...options];
  const program = startOurs(join(root, 'build', 'cli.js'), args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: withoutColours({ ...process.env }),
  });
  let said = '';
  program.stderr.on('data', (text) => {
    said += text;
  });
  if ((await exitOf(program)) !== 0) throw new Error(said.trim() || 'npm run setup failed');
}
