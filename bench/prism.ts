import { join } from 'node:path';
import { freePort, type Program, root, start } from '../test/support/programs';

const SPECIFICATION = 'node_modules/@twilio/cli-core/src/services/twilio-api/twilio_conversations_v1.json';

/** Prism's mock server on Twilio's specification, one process that prints errors only. */
export async function startPrism(): Promise<Program & { origin: string }> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const program = await start(
    'bench/node_modules/@stoplight/prism-cli/dist/index.js',
    [
      'mock',
      '--multiprocess=false',
      '--port',
      `${port}`,
      '--verboseLevel',
      'error',
      join(root, SPECIFICATION),
    ],
    () =>
      fetch(origin).then(
        () => true,
        () => false,
      ),
    { ...process.env, NODE_ENV: 'production' },
  );
  return { ...program, origin };
}
