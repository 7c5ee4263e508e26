import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import { promisify } from 'node:util';
import { type Program, root, start } from '../support/programs';

const run = promisify(execFile);

const printsAll = (output: string) => /^curl /m.test(output);
const certificateOf = (program: Program) => /NODE_EXTRA_CA_CERTS=(\S+)/.exec(program.output())?.[1] ?? '';

let emulator: Program;
let origin: URL;
let certificate: string;

beforeAll(async () => {
  emulator = await start('build/emulator.js', ['--port', '0', '--tls'], printsAll);
  origin = new URL(/emulator ready (\S+)/.exec(emulator.output())?.[1] ?? '');
  certificate = certificateOf(emulator);
});
afterAll(() => emulator.stop());

/** The variables that it prints for a client, and nothing else that could help. */
function printedFor(client: string): NodeJS.ProcessEnv {
  const lines = emulator.output().split('\n');
  const exported = [lines[lines.indexOf('# credentials') + 1], lines[lines.indexOf(`# ${client}`) + 1]];
  const variables = exported.join(' ').matchAll(/(\w+)=(\S+)/g);
  return {
    PATH: process.env.PATH,
    ...Object.fromEntries([...variables].map(([, name, value]) => [name, value])),
  };
}

/** Sends bytes to the emulator, and returns what it sends until it ends the connection or has sent a blank line. */
async function exchange(request: string): Promise<string> {
  const socket = connect(Number(origin.port), '127.0.0.1');
  let response = '';
  socket.setEncoding('utf8').on('data', (text) => {
    response += text;
    if (response.endsWith('\r\n\r\n')) socket.destroy();
  });
  socket.write(request);
  await once(socket, 'close');
  return response;
}

test.each(['twilio-3', 'twilio-4', 'twilio-5', 'twilio'])('serves an unmodified %s', async (library) => {
  const { stdout } = await run(process.execPath, [join(root, 'test/support/client-cycle.cjs'), library], {
    env: printedFor('Node.js, twilio-cli'),
  });
  expect(JSON.parse(stdout)).toEqual({
    url: 'https://conversations.twilio.com/v1/Conversations/{sid}',
    target: 'webhook',
    webhooks: [true],
    messages: ['one', 'two', 'three'],
    gone: { status: 404, code: 20404 },
  });
});

test('has a certificate for every host of Twilio’s, which only its authority vouches for', async () => {
  const trust = (ca: string | undefined, servername: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(origin.port), '127.0.0.1');
      socket.write(`CONNECT ${servername}:443 HTTP/1.1\r\nHost: ${servername}:443\r\n\r\n`);
      socket.once('data', (established) => {
        expect(String(established)).toBe('HTTP/1.1 200 Connection established\r\n\r\n');
        const secure = connectSecurely({ socket, servername, ...(ca && { ca }) });
        secure.once('secureConnect', () => resolve('trusted'));
        secure.once('error', ({ code }: NodeJS.ErrnoException) => resolve(`${code}`));
        secure.once('secureConnect', () => secure.destroy());
      });
    });
  const ca = readFileSync(certificate, 'utf8');
  for (const host of ['conversations.twilio.com', 'studio.ie1.twilio.com', 'events.dublin.ie1.twilio.com']) {
    expect(await trust(ca, host)).toBe('trusted');
  }
  expect(await trust(undefined, 'conversations.twilio.com')).toMatch(/CERT|SIGNATURE|ISSUER/);
});

test.each(['example.com:443', 'twilio.com.example.com:443', 'conversations.twilio.com:80', '127.0.0.1:443'])(
  'opens no tunnel to %s',
  async (host) => {
    expect(await exchange(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 403 Forbidden\r\n.*\r\n\r\nThis proxy leads to \*\.twilio\.com only, not to \S+\.\n$/s,
    );
  },
);

test('forwards no request of plain HTTP', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  let reached = false;
  other.on('connection', () => {
    reached = true;
  });
  const { port } = other.address() as AddressInfo;
  const get = (url: string) =>
    exchange(`GET ${url} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close\r\n\r\n`);
  expect(await get(`http://127.0.0.1:${port}/`)).toMatch(/^HTTP\/1\.1 403 /);
  expect(await get('http://conversations.twilio.com/v1/Conversations')).toMatch(/^HTTP\/1\.1 401 /);
  expect(await get(`${origin.origin}/_emulator/idle`)).toMatch(/^HTTP\/1\.1 200 /);
  expect(reached).toBe(false);
  other.close();
});

test('keeps the certificate where only this user reads it, and its key in memory', () => {
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect([mode(dirname(certificate)), mode(certificate)]).toEqual([0o700, 0o600]);
  const pem = readFileSync(certificate, 'utf8');
  expect(pem.match(/-----BEGIN [A-Z ]+-----/g)).toEqual(['-----BEGIN CERTIFICATE-----']);
  expect(new X509Certificate(pem)).toMatchObject({ ca: true });
});

describe('its folder', () => {
  const begin = async () => {
    const program = await start('build/emulator.js', ['--port', '0', '--tls'], printsAll);
    const file = certificateOf(program);
    expect(existsSync(file)).toBe(true);
    return { program, folder: dirname(file) };
  };

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is gone after %s', async (signal) => {
    const { program, folder } = await begin();
    await program.stop(signal);
    expect(existsSync(folder)).toBe(false);
  });

  test('is gone after the end by SIGKILL, where a script started the emulator', async () => {
    const script = await start('scripts/emulator.mjs', ['--port', '0', '--tls'], printsAll);
    const folder = dirname(certificateOf(script));
    process.kill(Number(folder.split('-').at(-1)), 'SIGKILL');
    await once(script.child, 'exit');
    expect(existsSync(folder)).toBe(false);
  });

  test('is gone after the end of the program that started it', async () => {
    const { program, folder } = await begin();
    program.child.disconnect();
    await once(program.child, 'exit');
    expect(existsSync(folder)).toBe(false);
  });
});
