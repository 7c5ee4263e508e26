import { createHandler, type HandlerDefinition } from '../../src/handler/create-handler';
import { parseParameters } from '../../src/handler/parameters';
import { ApiError } from '../../src/lib/api-error';

class Response {
  statusCode = 200;
  body: unknown;
  readonly headers: Record<string, string> = {};
  setStatusCode(code: number) {
    this.statusCode = code;
  }
  setBody(body: unknown) {
    this.body = body;
  }
  appendHeader(name: string, value: string) {
    this.headers[name] = value;
  }
}

let lines: string[];
beforeEach(() => {
  Object.assign(globalThis, { Twilio: { Response } });
  lines = [];
  jest.spyOn(console, 'log').mockImplementation((line) => lines.push(line));
  jest.spyOn(console, 'error').mockImplementation((line) => lines.push(line));
});
afterEach(() => jest.restoreAllMocks());

type Run = HandlerDefinition<{ ConversationSid?: string | undefined }>['run'];
const read = (event: object) => parseParameters(event, ['ConversationSid']);
function call(run: Run, event: object = {}, deadline = 9000): Promise<Response> {
  const handler = createHandler({ operation: 'test', parse: read, deadlineMs: deadline, run });
  return new Promise((resolve, reject) => {
    const calls: unknown[][] = [];
    const context = { DOMAIN_NAME: 'x.twil.io', AUTH_TOKEN: 'hunter2' };
    const returned = handler(context as never, event as never, (...args) => {
      calls.push(args);
      // A second call would come before this one.
      setImmediate(() =>
        calls.length === 1 && args[0] === null ? resolve(args[1] as Response) : reject(calls),
      );
    });
    expect(returned).toBeUndefined();
  });
}

test('answers an object as JSON, once', async () => {
  const response = await call(async ({ ConversationSid }) => ({ status: 201, body: { ConversationSid } }), {
    conversationSid: 'demo',
  });
  expect(response).toMatchObject({
    statusCode: 201,
    body: { ConversationSid: 'demo' },
    headers: { 'Content-Type': 'application/json' },
  });
});

test('an error is Twilio’s four keys and its status', async () => {
  const response = await call(async () => {
    throw new ApiError(50361, 'Too many', { free: 0 }, 403);
  });
  expect(response).toMatchObject({ statusCode: 403 });
  expect(response.body).toEqual({
    code: 50361,
    message: 'Too many',
    more_info: 'https://www.twilio.com/docs/errors/50361',
    status: 403,
    details: { free: 0 },
  });
});

test.each([
  ['an error', () => Promise.reject(new TypeError('secret hunter2'))],
  ['a value', () => Promise.reject('hunter2')],
  ['nothing', () => Promise.reject(undefined)],
  [
    'at once',
    () => {
      throw new Error('hunter2');
    },
  ],
])('a fault of our own that throws %s is a 500 that tells nothing', async (_, run) => {
  const response = await call(run);
  expect(response).toMatchObject({ statusCode: 500, body: { code: 20500, status: 500 } });
  expect(JSON.stringify(response.body)).not.toContain('hunter2');
});

test('a run that never ends is answered at the deadline', async () => {
  const response = await call(() => new Promise(() => {}), {}, 300);
  expect(response).toMatchObject({ statusCode: 503, body: { code: 20503 } });
});

test('a run is told of a time before the deadline, which leaves some for the answer', async () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
  const { body } = await call(async (_, { deadline: until }) => ({ body: { until } }), {}, 300).finally(() =>
    now.mockRestore(),
  );
  const { until } = body as { until: number };
  expect(until).toBeGreaterThan(1000);
  expect(until).toBeLessThan(1300);
});

test('one line is logged, with no more of the answer than its result or code', async () => {
  await call(
    async (_, state) => {
      state.calls = 3;
      return { body: { result: 'created', configuration: { url: 'https://crm.example/?key=hunter2' } } };
    },
    { ConversationSid: 'demo' },
  );
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      operation: 'test',
      conversation: 'demo',
      status: 200,
      result: 'created',
      calls: 3,
      ms: expect.any(Number),
    },
  ]);
});

test('a runtime that does not take the answer does not bring the process down', async () => {
  const handler = createHandler({
    operation: 'test',
    parse: read,
    deadlineMs: 9000,
    run: async () => ({ body: {} }),
  });
  const logged = new Promise((resolve) => jest.spyOn(console, 'error').mockImplementation(resolve));
  handler({} as never, {} as never, () => {
    throw new Error('the connection is gone');
  });
  expect(await logged).toContain('the connection is gone');
});

test('the query of a URL is not logged, though it be sent in the place of a conversation', async () => {
  await call(async () => ({ body: {} }), { ConversationSid: 'https://crm.example/in?key=hunter2' });
  expect(lines.join()).toContain('https://crm.example/in"');
  expect(lines.join()).not.toContain('hunter2');
});

test('the auth token neither leaves nor is logged, whoever says it', async () => {
  const message = 'you sent hunter2';
  const refused = await call(() => Promise.reject(new ApiError(20003, message, { hunter2: message })));
  expect(refused.body).toMatchObject({
    message: 'you sent (hidden)',
    details: { '(hidden)': expect.any(String) },
  });
  await call(() => Promise.reject(new TypeError(message)), { ConversationSid: 'hunter2' });
  expect(lines.join()).toContain('(hidden)');
  expect(lines.join()).not.toContain('hunter2');
});
