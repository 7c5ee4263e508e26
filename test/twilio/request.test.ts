import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { createConversation } from '../../src/twilio/client';
import { selfSigned } from '../support/certificate';
import { root } from '../support/programs';

// Connections: over TLS, kept, and closed by the other side.

const token = 'hunter2';
const env = { ACCOUNT_SID: `AC${'0'.repeat(32)}`, AUTH_TOKEN: token };
const sid = `WH${'1'.repeat(32)}`;
const definition = { target: 'studio', flowSid: `FW${'1'.repeat(32)}` } as const;

let server: Server;
let connections: number;
let requests: IncomingMessage[];

const respond: RequestListener = ({ method }, response) => {
  if (method === 'DELETE') return void response.writeHead(204).end();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end('{"meta":{"key":"webhooks"},"webhooks":[]}');
};

/** Responds to one request on each connection, and closes it when another one comes. */
function respondOnce(): RequestListener {
  const used = new WeakSet();
  return (request, response) => {
    if (used.has(request.socket)) return void request.socket.destroy();
    used.add(request.socket);
    respond(request, response);
  };
}

async function listen(started: Server): Promise<string> {
  server = started;
  connections = 0;
  requests = [];
  server.on('request', (request) => requests.push(request));
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

describe('over TLS', () => {
  // What is trusted is read once, when a process starts: each case has a process of its own.
  const code = `
    import { inspect } from 'node:util';
    import { createConversation } from './src/twilio/client';
    const caller = { env: process.env, deadline: performance.now() + 60_000, calls: 0, retries: 0 };
    const { list, create } = createConversation({ ConversationSid: 'demo' }, caller);
    const told = ({ status, code }, error) => ({ status, code, text: inspect(error, { depth: 20, showHidden: true }) });
    const attempt = (call) => call().then((result) => ({ result }), (error) => told(error, error));
    const calls = [list, list, () => create(${JSON.stringify(definition)})];
    (async () => {
      const outcomes = [];
      for (const call of calls) outcomes.push(await attempt(call));
      console.log(JSON.stringify(outcomes));
    })();`;
  let folder: string;
  let program: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'conversation-webhooks-'));
    const stdin = { contents: code, resolveDir: root, loader: 'ts' } as const;
    const { outputFiles } = buildSync({
      stdin,
      bundle: true,
      packages: 'external',
      platform: 'node',
      write: false,
    });
    program = outputFiles[0]!.text;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function outcomesOf(host: string, trusted: string | undefined, retries = '0') {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, trusted ?? '');
    const variables = {
      ...env,
      TWILIO_API_BASE_URL: `https://${host}`,
      TWILIO_SERVICE_RETRY_LIMIT: retries,
      ...(trusted && { NODE_EXTRA_CA_CERTS: file }),
    };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
      cwd: root,
      env: variables,
    });
    return JSON.parse(stdout) as { result?: unknown; status?: number; code?: number; text?: string }[];
  }

  test('sends the credentials to a server with a trusted certificate, on one connection', async () => {
    const certificate = selfSigned('127.0.0.1');
    const host = await listen(https.createServer(certificate, respond));
    const [first, second] = await outcomesOf(host, certificate.cert);
    expect(first).toMatchObject({ result: { webhooks: [] } });
    expect(second).toMatchObject({ result: { webhooks: [] } });
    const authorization = `Basic ${Buffer.from(`${env.ACCOUNT_SID}:${token}`).toString('base64')}`;
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(authorization));
    expect(connections).toBe(1);
  });

  test('opens a new connection after a kept one was closed', async () => {
    const certificate = selfSigned('127.0.0.1');
    const host = await listen(https.createServer(certificate, respondOnce()));
    const [first, second] = await outcomesOf(host, certificate.cert, '1');
    expect(first).toMatchObject({ result: { webhooks: [] } });
    expect(second).toMatchObject({ result: { webhooks: [] } });
    expect(connections).toBeGreaterThan(1);
  });

  test.each([
    ['nobody vouches for', '127.0.0.1', false, undefined],
    ['is for another address', '127.0.0.2', true, undefined],
    ['has expired', '127.0.0.1', true, 1],
  ])('sends nothing to a server whose certificate %s', async (_, address, isTrusted, daysAgo) => {
    const certificate = selfSigned(address, daysAgo);
    const host = await listen(https.createServer(certificate, respond));
    const outcomes = await outcomesOf(host, isTrusted ? certificate.cert : undefined);
    expect(outcomes).toHaveLength(3);
    for (const { text, ...outcome } of outcomes) {
      expect(outcome).toEqual({ status: 503, code: 20503 });
      for (const secret of [token, 'Basic ', definition.flowSid]) expect(text).not.toContain(secret);
    }
    expect(connections).toBeGreaterThan(0);
    expect(requests).toEqual([]);
  });
});

describe('kept connections', () => {
  function conversationAt(host: string) {
    const caller = {
      env: { ...env, TWILIO_API_BASE_URL: `http://${host}`, TWILIO_SERVICE_MIN_BACKOFF: '120000' },
      deadline: performance.now() + 60_000,
      calls: 0,
      retries: 0,
    };
    return { ...createConversation({ ConversationSid: 'demo' }, caller), caller };
  }

  beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(1));
  afterEach(() => jest.restoreAllMocks());

  test('are shared by one call and the next', async () => {
    const host = await listen(createServer(respond));
    await conversationAt(host).list();
    await conversationAt(host).remove(sid);
    expect(requests).toHaveLength(2);
    expect(connections).toBe(1);
  });

  // A backoff would be longer than the deadline, and the second kept connection is as dead as the first.
  test.each(['list', 'remove'] as const)(
    'that were closed make %s open a fresh one at once',
    async (name) => {
      const host = await listen(createServer(respondOnce()));
      await Promise.all([conversationAt(host).list(), conversationAt(host).list()]);
      expect(connections).toBe(2);
      const { caller, ...conversation } = conversationAt(host);
      await conversation[name](sid);
      expect(caller).toMatchObject({ calls: 2, retries: 1 });
      expect(connections).toBe(3);
    },
  );

  test('that are closed under a create do not make it create twice', async () => {
    const host = await listen(createServer(respondOnce()));
    await conversationAt(host).list();
    const { create, caller } = conversationAt(host);
    await expect(create(definition)).rejects.toMatchObject({ status: 503, code: 20503 });
    expect(caller).toMatchObject({ calls: 1, retries: 0 });
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test('are not meant where a first request gets no response', async () => {
    const host = await listen(createServer((request) => void request.socket.destroy()));
    const { list, caller } = conversationAt(host);
    await expect(list()).rejects.toMatchObject({ status: 503, code: 20503 });
    expect(caller).toMatchObject({ calls: 1, retries: 0 });
  });

  test('are not taken for stale once a response has begun', async () => {
    let responses = 0;
    const host = await listen(
      createServer((request, response) => {
        responses += 1;
        if (responses === 1) return respond(request, response);
        response.writeHead(200, { 'content-length': 100 }).write('{');
        setImmediate(() => request.socket.destroy());
      }),
    );
    await conversationAt(host).list();
    const { list, caller } = conversationAt(host);
    // It waits like any lost response, for which there is no time.
    await expect(list()).rejects.toMatchObject({ status: 503, code: 20503 });
    expect(caller).toMatchObject({ calls: 1, retries: 0 });
    expect(connections).toBe(1);
  });
});
