import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './install.mjs';
import { requests } from './requests.mjs';

/** The number of ours whose unknown senders get a conversation. */
export const OUR_NUMBER = '+15005550001';

const run = promisify(execFile);

/**
 * What a deployment registers once on its account, here on the emulator; and, which is everybody's own to do on Twilio, a
 * number whose messages open conversations. What it takes of the environment is what `file` says.
 */
export async function register(functions, { file, variables }) {
  const setup = [join(root, 'build', 'setup.js'), '--url', functions, '--env', file, '--yes'];
  await run(process.execPath, setup, { cwd: root }).catch(({ stderr, message }) => {
    throw new Error(stderr.trim() || message);
  });
  await requests(variables).post('/v1/Configuration/Addresses', {
    Type: 'sms',
    Address: OUR_NUMBER,
    'AutoCreation.Enabled': 'true',
    'AutoCreation.Type': 'default',
  });
}
