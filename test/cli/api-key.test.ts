import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { call } from '../../cli/call/call';
import { fleet } from '../../cli/fleet/fleet';
import { setUp } from '../../cli/setup/setup';
import { policyFolder } from '../support/policy-folder';
import { emulatorEnvironment } from '../support/programs';

// An API key cannot sign, so nothing may be sent with one: this server is both the API and the deployment.

const project = policyFolder();
const requests: string[] = [];
const server = createServer(({ url }, response) => {
  requests.push(`${url}`);
  response.end('{}');
});
let origin: string;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  project.remove();
  server.closeAllConnections();
  server.close();
});

const KEY = `SK${'7f3a91c2'.repeat(4)}`;
const SECRET = 'secret-of-an-api-key';
const programs = { call, setup: setUp, fleet };

test.each<[program: keyof typeof programs, args: string[]]>([
  ['call', ['list', 'ConversationSid=CH1']],
  ['setup', ['--yes']],
  ['setup', ['--remove', '--yes']],
  ['fleet', ['report']],
  ['fleet', ['sync', '--profile', 'bot', '--yes']],
  ['fleet', ['retire', '--yes']],
])('%s refuses an API key before any request: %j', async (program, args) => {
  const { ACCOUNT_SID: _, AUTH_TOKEN: __, ...others } = emulatorEnvironment();
  const shared = { ...others, TWILIO_API_BASE_URL: origin };
  for (const credentials of [
    { ACCOUNT_SID: KEY, AUTH_TOKEN: SECRET },
    { ACCOUNT_SID: ` ${KEY}`, AUTH_TOKEN: '' },
    { TWILIO_ACCOUNT_SID: KEY, TWILIO_AUTH_TOKEN: SECRET },
  ]) {
    const printed: string[] = [];
    const print = (line: string) => void printed.push(line);
    const code = await programs[program](
      [...args, '--url', origin],
      { ...shared, ...credentials },
      { folder: project.folder, out: print, err: print },
    );
    expect({ code, printed, requests }).toEqual({
      code: 2,
      printed: [
        'ACCOUNT_SID is an API key (SK…), whose secret cannot sign requests; use the account SID (AC…) and its auth token; a key goes into TWILIO_API_KEY and TWILIO_API_SECRET',
      ],
      requests: [],
    });
  }
});
