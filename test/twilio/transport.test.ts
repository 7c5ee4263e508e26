import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConversation } from '../../src/twilio/client';
import { send } from '../../src/twilio/transport';
import { freePort } from '../support/programs';

// What is repeated over a real connection.

const sid = `WH${'1'.repeat(32)}`;
const resource = {
  sid,
  account_sid: `AC${'0'.repeat(32)}`,
  conversation_sid: `CH${'1'.repeat(32)}`,
  target: 'studio',
  url: 'https://conversations.twilio.com/v1/x',
  configuration: { flow_sid: `FW${'1'.repeat(32)}` },
  date_created: '2026-03-24T21:05:50Z',
  date_updated: '2026-03-24T21:05:51Z',
};
const definition = { target: 'studio', flowSid: `FW${'1'.repeat(32)}` } as const;

let server: Server;
let answers: RequestListener[];
const methods: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    methods.push(`${request.method}`);
    (answers.length > 1 ? answers.shift() : answers[0])?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => methods.splice(0));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
function conversation(deadline = 5000, TWILIO_API_BASE_URL = origin()) {
  const env = {
    ACCOUNT_SID: resource.account_sid,
    AUTH_TOKEN: 'hunter2',
    TWILIO_API_BASE_URL,
    TWILIO_SERVICE_MIN_BACKOFF: '1',
    TWILIO_SERVICE_MAX_BACKOFF: '5',
  };
  const caller = {
    env,
    deadline: performance.now() + deadline,
    calls: 0,
    retries: 0,
  };
  return { ...createConversation({ ConversationSid: 'demo' }, caller), caller };
}
const reply =
  (status: number, body: unknown, headers = {}): RequestListener =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
const drop: RequestListener = (request) => void request.socket.destroy();
const list = reply(200, { meta: { key: 'webhooks' }, webhooks: [] });

test('retries a list after resets and 5xx, and counts every attempt', async () => {
  answers = [drop, reply(500, { code: 20500, message: 'oops' }), reply(503, {}), list];
  const { list: look, caller } = conversation();
  expect((await look()).webhooks).toEqual([]);
  expect(caller).toMatchObject({ calls: 4, retries: 3 });
});

test('retries a create that was never processed', async () => {
  answers = [
    reply(429, { code: 20429, message: 'slow down' }),
    reply(422, { code: 20422, message: 'busy' }),
    reply(201, resource),
  ];
  expect(await conversation().create(definition)).toMatchObject({ sid });
  expect(methods).toEqual(['POST', 'POST', 'POST']);
});

test.each<[string, RequestListener, number]>([
  ['a reset', drop, 503],
  ['a 500', reply(500, { code: 20500, message: 'oops' }), 500],
  ['a 503', reply(503, {}), 503],
])('does not retry a create that may have happened: %s', async (_, first, status) => {
  answers = [first, reply(201, resource)];
  await expect(conversation().create(definition)).rejects.toMatchObject({ status });
  expect(methods).toEqual(['POST']);
});

test('counts a delete with a lost response as done', async () => {
  answers = [drop, reply(404, { code: 20404, message: 'not found' })];
  expect(await conversation().remove(sid)).toBe(true);
  answers = [reply(404, { code: 20404, message: 'not found' })];
  expect(await conversation().remove(sid)).toBe(false);
});

test('keeps the 404 of a GET whose first response was lost', async () => {
  answers = [drop, reply(404, { code: 20404, message: 'not found' })];
  await expect(conversation().fetch(sid)).rejects.toMatchObject({ status: 404, code: 20404 });
  expect(methods).toEqual(['GET', 'GET']);
});

test('sends the headers of a request beside its own', async () => {
  const received: IncomingHttpHeaders[] = [];
  answers = [
    (request, response) => {
      received.push(request.headers);
      reply(201, resource)(request, response);
    },
  ];
  await send(
    { method: 'POST', url: `${origin()}/v1/x`, form: [], headers: { 'X-Twilio-Webhook-Enabled': 'true' } },
    {
      credentials: { baseUrl: origin(), authorization: 'Basic eA==' },
      limits: { limit: 0, minBackoffMs: 1, maxBackoffMs: 1 },
      deadline: performance.now() + 5000,
      onAttempt: () => undefined,
    },
  );
  expect(received).toEqual([
    expect.objectContaining({ 'x-twilio-webhook-enabled': 'true', authorization: 'Basic eA==' }),
  ]);
});

test('retries a create after a 422 that says 20429', async () => {
  answers = [reply(422, { code: 20429, message: 'slow down' }), reply(201, resource)];
  expect(await conversation().create(definition)).toMatchObject({ sid });
  expect(methods).toEqual(['POST', 'POST']);
});

test('retries a create that found a closed port, which sent nothing', async () => {
  const { create, caller } = conversation(5000, `http://127.0.0.1:${await freePort()}`);
  await expect(create(definition)).rejects.toMatchObject({ status: 503, code: 20503 });
  expect(caller).toMatchObject({ calls: 6, retries: 5 });
});

describe('while a response is slow', () => {
  // The connections are real; only the timers are not.
  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: [
        'Date',
        'hrtime',
        'nextTick',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
      ],
    });
    jest.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  /** Resolves when the first request is there, to which there is no response yet. */
  function firstRequest(response: RequestListener) {
    return new Promise<() => void>((resolve) => {
      answers = [(...exchange) => resolve(() => response(...exchange)), response];
    });
  }

  test.each([
    ['list', 'GET', list],
    ['remove', 'DELETE', reply(404, {})],
  ] as const)(
    'gives up one attempt of a %s after three seconds, and retries',
    async (name, method, response) => {
      const asked = firstRequest(response);
      const { caller, ...calls } = conversation(60_000);
      const result = calls[name](sid);
      await asked;
      jest.advanceTimersByTime(2_999);
      expect(jest.getTimerCount()).toBe(1);
      jest.advanceTimersByTime(1);
      expect(await result).toBeTruthy();
      expect(methods).toEqual([method, method]);
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  test('waits for a create until the deadline', async () => {
    const asked = firstRequest(reply(201, resource));
    const { create } = conversation(60_000);
    const result = create(definition);
    const respond = await asked;
    jest.advanceTimersByTime(59_000);
    expect(jest.getTimerCount()).toBe(1);
    respond();
    expect(await result).toMatchObject({ sid });
    expect(methods).toEqual(['POST']);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('gives up the last attempt at the deadline', async () => {
    const asked = firstRequest(list);
    const { list: call } = conversation(2_000);
    const result = call();
    await asked;
    jest.advanceTimersByTime(2_000);
    await expect(result).rejects.toMatchObject({ status: 503, code: 20503 });
  });
});

test('hides a kept connection that was closed meanwhile', async () => {
  answers = [list];
  await conversation().list();
  // All that is idle is closed; the client may not have heard of it when it writes.
  for (let n = 0; n < 20; n++) {
    server.closeIdleConnections();
    expect((await conversation().list()).webhooks).toEqual([]);
  }
});

test('returns a 429 at once if its delay passes the deadline', async () => {
  answers = [reply(429, { code: 20429, message: 'slow down' }, { 'retry-after': '60' })];
  await expect(conversation().list()).rejects.toMatchObject({ status: 429, code: 20429 });
  expect(methods).toEqual(['GET']);
});

test('gives up at the deadline without a response', async () => {
  answers = [() => {}];
  await expect(conversation(300).list()).rejects.toMatchObject({ status: 503, code: 20503 });
});

test('sends nothing after the deadline', async () => {
  answers = [reply(201, resource)];
  await expect(conversation(0).create(definition)).rejects.toMatchObject({ status: 503, code: 20503 });
  expect(methods).toEqual([]);
});
