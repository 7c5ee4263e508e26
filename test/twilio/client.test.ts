import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { ApiError } from '../../src/lib/api-error';
import { createConversation } from '../../src/twilio/client';

// What an emulator of Twilio never does: answers that are wrong, odd, or none.

const token = 'hunter2';
const sid = `WH${'1'.repeat(32)}`;
const resource = {
  sid,
  account_sid: `AC${'0'.repeat(32)}`,
  conversation_sid: `CH${'1'.repeat(32)}`,
  target: 'studio',
  url: 'https://conversations.twilio.com/v1/x',
  configuration: { flow_sid: `FW${'1'.repeat(32)}`, replay_after: 3 },
  date_created: '2026-03-24T21:05:50Z',
  date_updated: '2026-03-24T21:05:51Z',
};
const definition = { target: 'studio', flowSid: `FW${'1'.repeat(32)}` } as const;

let server: Server;
let answer: RequestListener;
const seen: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ method: `${request.method}`, url: `${request.url}`, headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => seen.splice(0));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
function caller(deadline = 5000, TWILIO_API_BASE_URL = origin()) {
  // What is repeated, and what is not, stands in retry.test.ts and send.test.ts.
  const env = {
    ACCOUNT_SID: resource.account_sid,
    AUTH_TOKEN: token,
    TWILIO_API_BASE_URL,
    TWILIO_SERVICE_RETRY_LIMIT: '0',
  };
  return { env, deadline: performance.now() + deadline, calls: 0, retries: 0 };
}
const reply = (status: number, body: unknown): RequestListener => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_, response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(text);
};
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect(true).toBe('an error'),
    (error) => error,
  );

test('sends what Twilio documents, and parses the resource', async () => {
  answer = reply(201, resource);
  const state = caller();
  const created = await createConversation({ ConversationSid: 'a b&c' }, state).create(
    { target: 'trigger', url: 'https://crm.example/?a=1', method: 'post', triggers: ['a', 'b, c'] },
    0,
  );
  expect(created).toEqual(resource);
  expect(seen).toMatchObject([
    {
      method: 'POST',
      url: '/v1/Conversations/a%20b%26c/Webhooks',
      body: 'Target=trigger&Configuration.Url=https%3A%2F%2Fcrm.example%2F%3Fa%3D1&Configuration.Method=post&Configuration.Triggers=a&Configuration.Triggers=b%2C+c&Configuration.ReplayAfter=0',
      headers: {
        authorization: `Basic ${Buffer.from(`${resource.account_sid}:${token}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        'user-agent': expect.stringContaining('conversation-webhooks/'),
      },
    },
  ]);
  expect(state.calls).toBe(1);
});

test('creates a Studio webhook by its flow alone', async () => {
  answer = reply(201, resource);
  await createConversation({ ConversationSid: 'demo' }, caller()).create(definition);
  expect(seen[0]?.body).toBe(`Target=studio&Configuration.FlowSid=${definition.flowSid}`);
});

test('updates only what it is given', async () => {
  answer = reply(200, resource);
  const conversation = createConversation({ ConversationSid: 'demo' }, caller());
  await conversation.update(sid, { filters: ['onMessageAdded', 'onMessageUpdated'] });
  await conversation.update(sid, { url: '', method: 'get', flowSid: '' });
  expect(seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
    `POST /v1/Conversations/demo/Webhooks/${sid} Configuration.Filters=onMessageAdded&Configuration.Filters=onMessageUpdated`,
    `POST /v1/Conversations/demo/Webhooks/${sid} Configuration.Url=&Configuration.Method=get&Configuration.FlowSid=`,
  ]);
});

test('calls the API of Conversations if no other is set', async () => {
  const urls: string[] = [];
  const request = jest.spyOn(https, 'request').mockImplementation(((url: URL) => {
    urls.push(url.href);
    throw new Error('no network');
  }) as never);
  const { env, ...state } = caller();
  const { TWILIO_API_BASE_URL: _, ...deployed } = env;
  const conversation = createConversation({ ConversationSid: 'demo' }, { ...state, env: deployed });
  await failure(conversation.list()).finally(() => request.mockRestore());
  expect(urls).toEqual(['https://conversations.twilio.com/v1/Conversations/demo/Webhooks?PageSize=5']);
});

test('uses the paths of a service', async () => {
  answer = reply(200, resource);
  const ServiceSid = `IS${'2'.repeat(32)}`;
  const webhook = await createConversation({ ConversationSid: 'demo', ServiceSid }, caller()).fetch(sid);
  expect(webhook.chat_service_sid).toBe(ServiceSid);
  expect(seen[0]?.url).toBe(`/v1/Services/${ServiceSid}/Conversations/demo/Webhooks/${sid}`);
});

test('follows pages, but sends credentials only to the API', async () => {
  answer = (request, response) => {
    const second = request.url?.includes('PageToken=x');
    const meta = {
      key: 'webhooks',
      next_page_url: second ? null : 'https://evil.example/v1/next?PageToken=x',
    };
    reply(200, { meta, webhooks: [resource] })(request, response);
  };
  const state = caller();
  expect(await createConversation({ ConversationSid: 'demo' }, state).list()).toEqual({
    webhooks: [resource, resource],
    date: expect.any(Number),
  });
  expect(seen.map(({ url }) => url)).toEqual([
    '/v1/Conversations/demo/Webhooks?PageSize=5',
    '/v1/next?PageToken=x',
  ]);
  expect(state.calls).toBe(2);
});

test.each([
  ['begins with two slashes', (other: string) => `https://api.example//${other}/v1/next`],
  ['begins with a backslash', (other: string) => `https://api.example/\\${other}/v1/next`],
  ['has its host in the path', (other: string) => `x:/${other}/v1/next`],
  ['begins with three slashes', (other: string) => `https://api.example///${other}/v1/next`],
  ['is on another host', (other: string) => `http://${other}/v1/next`],
  ['has user info', (other: string) => `http://api.example@${other}/v1/next`],
])('sends nothing to another origin if the next page %s', async (_, nextPage) => {
  const heard: string[] = [];
  const other = createServer((request, response) => {
    heard.push(`${request.url}`);
    reply(200, { meta: { key: 'webhooks' }, webhooks: [] })(request, response);
  }).listen(0, '127.0.0.1');
  try {
    await once(other, 'listening');
    const next_page_url = nextPage(`127.0.0.1:${(other.address() as AddressInfo).port}`);
    answer = (request, response) => {
      const meta = { key: 'webhooks', next_page_url: seen.length > 1 ? null : next_page_url };
      reply(200, { meta, webhooks: [resource] })(request, response);
    };
    const { webhooks } = await createConversation({ ConversationSid: 'demo' }, caller()).list();
    expect(webhooks).toEqual([resource, resource]);
    expect(seen).toHaveLength(2);
    expect(heard).toEqual([]);
  } finally {
    other.closeAllConnections();
    other.close();
    await once(other, 'close');
  }
});

test.each(['/v1/next', 'next', '//127.0.0.1/next', 7, {}, ['x']])(
  'rejects a next page that is not a URL: %j',
  async (next_page_url) => {
    answer = reply(200, { meta: { key: 'webhooks', next_page_url }, webhooks: [resource] });
    const error = await failure(createConversation({ ConversationSid: 'demo' }, caller()).list());
    expect(error).toMatchObject({
      status: 502,
      code: 20500,
      message: expect.stringContaining('not the req'),
    });
    expect(seen).toHaveLength(1);
  },
);

test('stops at pages that form a cycle', async () => {
  answer = reply(200, {
    meta: { key: 'webhooks', next_page_url: 'https://x.example/v1/next' },
    webhooks: [resource],
  });
  const state = caller();
  await createConversation({ ConversationSid: 'demo' }, state).list();
  expect(state.calls).toBeLessThanOrEqual(25);
});

test.each([
  ['Tue, 24 Mar 2026 21:05:50 GMT', 1_774_386_350],
  ['soon', 1_790_000_000],
  [undefined, 1_790_000_000],
])('dates a list with the header Date %s in Unix seconds: %i', async (date, seconds) => {
  answer = (_, response) => {
    response.sendDate = false;
    if (date) response.setHeader('Date', date);
    response.end(JSON.stringify({ meta: {}, webhooks: [] }));
  };
  const now = jest.spyOn(Date, 'now').mockReturnValue(1_790_000_000_999);
  const { list } = createConversation({ ConversationSid: 'demo' }, caller());
  expect((await list().finally(() => now.mockRestore())).date).toBe(seconds);
});

test.each([
  ['2026-03-24T21:05:50Z', '2026-03-24T21:05:50Z'],
  ['2026-03-24T21:05:50.123Z', '2026-03-24T21:05:50Z'],
  ['Tue, 24 Mar 2026 21:05:50 +0000', '2026-03-24T21:05:50Z'],
  ['soon', 'soon'],
  [null, null],
])('returns the date %s of a webhook as %s', async (sent, date_created) => {
  answer = reply(200, { ...resource, date_created: sent, date_updated: sent });
  const webhook = await createConversation({ ConversationSid: 'demo' }, caller()).fetch(sid);
  expect(webhook).toMatchObject({ date_created, date_updated: date_created });
});

test('fetches only the newest message', async () => {
  answer = reply(200, { messages: [{ index: 7 }], meta: {} });
  expect(await createConversation({ ConversationSid: 'demo' }, caller()).newestIndex()).toBe(7);
  expect(seen[0]?.url).toBe('/v1/Conversations/demo/Messages?Order=desc&PageSize=1');
  answer = reply(200, { messages: [], meta: {} });
  expect(await createConversation({ ConversationSid: 'demo' }, caller()).newestIndex()).toBeUndefined();
});

test("fetches the conversation's own fields", async () => {
  const fetched = {
    sid: 'CH1',
    attributes: '{"tier":"gold"}',
    friendly_name: 'Ann',
    unique_name: null,
    state: 'inactive',
  };
  answer = reply(200, fetched);
  const state = caller();
  expect(await createConversation({ ConversationSid: 'demo' }, state).fetchFields()).toEqual({
    Attributes: '{"tier":"gold"}',
    FriendlyName: 'Ann',
    State: 'inactive',
  });
  expect(seen.map(({ method, url }) => [method, url])).toEqual([['GET', '/v1/Conversations/demo']]);
  expect(state.calls).toBe(1);
  answer = reply(200, { ...fetched, friendly_name: null, unique_name: 'a-1' });
  expect(await createConversation({ ConversationSid: 'demo' }, caller()).fetchFields()).toStrictEqual({
    Attributes: '{"tier":"gold"}',
    UniqueName: 'a-1',
    State: 'inactive',
  });
});

test.each([
  [null],
  [[]],
  [{ attributes: '{}' }],
  [{ state: 'active' }],
  [{ attributes: {}, state: 'active' }],
  [{ attributes: '{}', state: 'active', friendly_name: 5 }],
])('reports the conversation %j as an unexpected response', async (body) => {
  answer = reply(200, body);
  const error = await failure(createConversation({ ConversationSid: 'demo' }, caller()).fetchFields());
  expect(error).toMatchObject({ status: 502, code: 20500 });
});

test('retries the fetch of a conversation only until it is too late', async () => {
  answer = reply(503, {});
  const state = caller();
  Object.assign(state.env, {
    TWILIO_SERVICE_RETRY_LIMIT: '5',
    TWILIO_SERVICE_MIN_BACKOFF: '1',
    TWILIO_SERVICE_MAX_BACKOFF: '1',
  });
  const conversation = createConversation({ ConversationSid: 'demo' }, state);
  await failure(conversation.fetchFields(performance.now()));
  expect(state.calls).toBe(1);
  await failure(conversation.fetchFields());
  expect(state.calls).toBe(7);
});

test('deletes a webhook that is already gone without an error', async () => {
  answer = (_, response) => void response.writeHead(204).end();
  expect(await createConversation({ ConversationSid: 'demo' }, caller()).remove(sid)).toBe(true);
  answer = reply(404, { code: 20404, message: 'not found', status: 404 });
  expect(await createConversation({ ConversationSid: 'demo' }, caller()).remove(sid)).toBe(false);
});

test('reports a delete that Twilio refuses', async () => {
  answer = reply(403, { code: 20403, message: 'Permission denied', status: 403 });
  const error = await failure(createConversation({ ConversationSid: 'demo' }, caller()).remove(sid));
  expect(error).toMatchObject({ status: 403, code: 20403, message: 'Permission denied' });
});

test.each(['fetch', 'list', 'remove', 'fetchFields', 'newestIndex'] as const)(
  'retries %s after a 503',
  async (name) => {
    answer = reply(503, {});
    const state = caller();
    const env = { ...state.env, TWILIO_SERVICE_RETRY_LIMIT: '1', TWILIO_SERVICE_MIN_BACKOFF: '1' };
    const conversation = createConversation({ ConversationSid: 'demo' }, { ...state, env });
    const calls = {
      ...conversation,
      fetch: () => conversation.fetch(sid),
      remove: () => conversation.remove(sid),
    };
    expect(await failure(calls[name]())).toMatchObject({ status: 503, code: 20503 });
    expect(seen).toHaveLength(2);
  },
);

test.each([
  [400, { code: 50377, message: 'closed', more_info: 'x', status: 400 }, 400, 50377, 'closed'],
  [401, { code: 20003, message: 'Authenticate' }, 401, 20003, 'Authenticate'],
  [429, { message: 'slow down' }, 429, 20429, 'slow down'],
  [500, { code: 20500, message: 'oops' }, 500, 20500, 'oops'],
  [418, {}, 418, 20001, 'Twilio returned 418'],
  [503, {}, 503, 20503, 'Twilio returned 503'],
  [429, '', 429, 20429, 'Twilio returned 429'],
  [503, '<html>Unavailable</html>', 503, 20503, 'Twilio returned 503'],
  [307, { code: 1, message: 'moved' }, 502, 20500, 'not the requested resource'],
  [999, { code: 1, message: 'what?' }, 502, 20500, 'not the requested resource'],
  [502, '<html>Bad Gateway</html>', 502, 20500, 'not JSON'],
  [200, '<html>Hello</html>', 502, 20500, 'not JSON'],
  [200, '', 502, 20500, 'not JSON'],
  [200, '{"sid":"WH1', 502, 20500, 'not JSON'],
  [200, 'null', 502, 20500, 'not the requested resource'],
  [200, '[]', 502, 20500, 'not the requested resource'],
  [200, '{"sid":7}', 502, 20500, 'not the requested resource'],
  [200, { ...resource, sid: 7 }, 502, 20500, 'not the requested resource'],
  [200, { ...resource, target: {} }, 502, 20500, 'not the requested resource'],
  [200, { ...resource, configuration: null }, 502, 20500, 'not the requested resource'],
  [200, { ...resource, configuration: [] }, 502, 20500, 'not the requested resource'],
  [200, { ...resource, configuration: 'none' }, 502, 20500, 'not the requested resource'],
  [200, { ...resource, configuration: { url: 5 } }, 502, 20500, 'not the requested resource'],
  [
    200,
    { ...resource, configuration: { url: 'https://crm.example', filters: 'onMessageAdded' } },
    502,
    20500,
    'not the requested resource',
  ],
  [400, '{"code":1e999,"message":"?"}', 400, 20001, '?'],
  [200, JSON.stringify('x'.repeat(2_000_000)), 502, 20500, 'too large'],
])('maps the response %i %j to %i, %i', async (status, body, expectedStatus, code, sentence) => {
  answer = reply(status, body);
  const conversation = createConversation({ ConversationSid: 'demo' }, caller());
  for (const call of [
    () => conversation.fetch(sid),
    () => conversation.list(),
    () => conversation.create(definition),
  ]) {
    const error = await failure(call());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: expectedStatus, code, message: expect.stringContaining(sentence) });
  }
});

test.each([400, 422, 429, 503])('retries a create after a %i with the code 20429', async (status) => {
  answer = (request, response) => {
    const throttled = { code: 20429, message: 'Too many requests', status };
    const [code, body] = seen.length === 1 ? [status, throttled] : [201, resource];
    reply(code, body)(request, response);
  };
  const state = caller();
  const env = { ...state.env, TWILIO_SERVICE_RETRY_LIMIT: '1', TWILIO_SERVICE_MAX_BACKOFF: '100' };
  const conversation = createConversation({ ConversationSid: 'demo' }, { ...state, env });
  expect(await conversation.create(definition)).toEqual(resource);
  expect(seen).toHaveLength(2);
});

test.each(['fetch', 'list', 'create', 'update', 'remove', 'fetchFields', 'newestIndex'] as const)(
  'throws an error of our own code in %s as it is, not as an unexpected response',
  async (operation) => {
    const bug = new TypeError('our own');
    const state = {
      ...caller(),
      get calls(): number {
        throw bug;
      },
      set calls(_) {},
    };
    const conversation = createConversation({ ConversationSid: 'demo' }, state);
    const calls = {
      ...conversation,
      fetch: () => conversation.fetch(sid),
      create: () => conversation.create(definition),
      update: () => conversation.update(sid, { method: 'get' }),
      remove: () => conversation.remove(sid),
    };
    expect(await failure(calls[operation]())).toBe(bug);
    expect(seen).toEqual([]);
  },
);

test("passes Twilio's details on in the error", async () => {
  const details = { field: 'Target', allowed: ['webhook', 'trigger', 'studio'], nested: { a: 1 } };
  answer = reply(400, { code: 50364, message: 'Invalid target', status: 400, details });
  const error = await failure(createConversation({ ConversationSid: 'demo' }, caller()).create(definition));
  expect(error).toMatchObject({ code: 50364, status: 400 });
  expect(error.details).toEqual(details);
  answer = reply(400, { code: 50364, message: 'Invalid target', status: 400, details: 'text' });
  const other = await failure(createConversation({ ConversationSid: 'demo' }, caller()).create(definition));
  expect(other.details).toBeUndefined();
});

test.each([
  ['a connection that is dropped', () => (answer = (request) => void request.socket.destroy())],
  [
    'an answer that is cut off',
    () =>
      (answer = (_, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{');
        setImmediate(() => response.socket?.destroy());
      }),
  ],
])('returns a 503 without secrets after %s', async (_, arrange) => {
  arrange();
  const error = await failure(createConversation({ ConversationSid: 'demo' }, caller()).list());
  expect(error).toMatchObject({
    status: 503,
    code: 20503,
    message: expect.stringContaining('could not be reached'),
  });
  const everything = inspect(error, { depth: 20, showHidden: true });
  expect(everything).not.toContain(token);
  expect(everything).not.toContain('Basic ');
});

test('returns a 503 if nothing listens', async () => {
  const state = caller(undefined, 'http://127.0.0.1:1');
  expect(await failure(createConversation({ ConversationSid: 'demo' }, state).list())).toMatchObject({
    status: 503,
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('returns a 503 that reports a missed deadline', async () => {
  answer = () => {};
  const error = await failure(createConversation({ ConversationSid: 'demo' }, caller(100)).list());
  expect(error).toMatchObject({
    status: 503,
    code: 20503,
    message: expect.stringContaining('did not respond in time'),
  });
});

test('accepts null for a value that Twilio does not have', async () => {
  answer = reply(200, { ...resource, configuration: { url: null, filters: null } });
  expect(await createConversation({ ConversationSid: 'demo' }, caller()).fetch(sid)).toMatchObject({ sid });
});

test.each([{ 0: null }, [{ index: '4' }], [null], null])(
  'rejects a message index that is not a number: %j',
  async (messages) => {
    answer = reply(200, { messages });
    const error = await failure(createConversation({ ConversationSid: 'demo' }, caller()).newestIndex());
    expect(error).toMatchObject({ status: 502, code: 20500 });
  },
);
