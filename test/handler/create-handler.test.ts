import { createHandler, type HandlerDefinition } from '../../src/handler/create-handler';
import { parseParameters } from '../../src/handler/parameters';
import { ApiError } from '../../src/lib/api-error';
import { type Response, useRuntime } from '../support/runtime';

const lines = useRuntime();

type Run = HandlerDefinition<{ ConversationSid?: string | undefined }>['run'];
const read = (event: object) => parseParameters(event, ['ConversationSid']);
function call(run: Run, event: object = {}): Promise<Response> {
  const handler = createHandler({ operation: 'test', parse: read, run });
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

test('responds with an object as JSON, once', async () => {
  const response = await call(async ({ ConversationSid }) => ({ status: 201, body: { ConversationSid } }), {
    conversationSid: 'demo',
  });
  expect(response).toMatchObject({
    statusCode: 201,
    body: { ConversationSid: 'demo' },
    headers: { 'Content-Type': 'application/json' },
  });
});

test('returns an error as Twilio’s four keys and its status', async () => {
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
])('returns a 500 without details if the function throws %s', async (_, run) => {
  const response = await call(run);
  expect(response).toMatchObject({
    statusCode: 500,
    body: { code: 20500, status: 500, message: "Internal error; see the function's log" },
  });
  expect(JSON.stringify(response.body)).not.toContain('hunter2');
});

test('logs that what was thrown has no stack', async () => {
  await call(() => Promise.reject('hunter2'));
  expect(lines[0]).toBe('the thrown value is not an Error');
});

test('returns a 500 if parsing the event throws an unexpected error', async () => {
  const handler = createHandler({
    operation: 'test',
    parse: () => {
      throw new RangeError('hunter2');
    },
    run: async () => ({ body: {} }),
  });
  const response = await new Promise<Response>((resolve) =>
    handler({ AUTH_TOKEN: 'hunter2' } as never, {} as never, (_, answer) => resolve(answer as Response)),
  );
  expect(response).toMatchObject({ statusCode: 500, body: { code: 20500, status: 500 } });
  expect(JSON.stringify(response.body)).not.toContain('hunter2');
  // Where it came from stands in the log, without the secret.
  expect(lines.join()).toContain('RangeError');
  expect(lines.join()).not.toContain('hunter2');
});

describe('with timers under control', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['performance', 'setImmediate', 'nextTick', 'queueMicrotask'] });
  });
  afterEach(() => jest.useRealTimers());

  test.each<[string, Run]>([
    ['a result', async () => ({ body: {} })],
    ['an error', () => Promise.reject(new ApiError(50361, 'Too many'))],
    ['an error of its own', () => Promise.reject(new TypeError('x'))],
    [
      'an error that is thrown at once',
      () => {
        throw new TypeError('x');
      },
    ],
  ])('leaves no timer behind after %s', async (_, run) => {
    let during = 0;
    await call((input, state) => {
      setImmediate(() => {
        during = jest.getTimerCount();
      });
      return run(input, state);
    });
    expect(during).toBeLessThanOrEqual(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('leaves no timer behind after an event that cannot be read', async () => {
    expect(await call(async () => ({ body: {} }), { Banana: 'x' })).toMatchObject({ statusCode: 400 });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('responds after 9 s, and not before, to a run that never ends', async () => {
    const response = call(() => new Promise(() => {}));
    jest.advanceTimersByTime(8_999);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(1);
    expect(jest.getTimerCount()).toBe(0);
    expect(await response).toMatchObject({
      statusCode: 503,
      body: { code: 20503, message: 'No result within 9 s; try again' },
    });
  });
});

test('gives the run an earlier deadline, with time left for the response', async () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
  const { body } = await call(async (_, { deadline: until }) => ({ body: { until } })).finally(() =>
    now.mockRestore(),
  );
  const { until } = body as { until: number };
  expect(until).toBeGreaterThan(1000);
  expect(until).toBeLessThan(10_000);
});

test('logs one line, with only the result or the code of the response', async () => {
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

test('logs how long the call took', async () => {
  const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
  await call(async () => {
    now.mockReturnValue(1234.6);
    return { body: {} };
  });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ ms: 235 }]);
});

test('survives a runtime that rejects the response', async () => {
  const handler = createHandler({
    operation: 'test',
    parse: read,
    run: async () => ({ body: {} }),
  });
  const logged = new Promise((resolve) => jest.spyOn(console, 'error').mockImplementation(resolve));
  handler({} as never, {} as never, () => {
    throw new Error('the connection is gone');
  });
  expect(await logged).toContain('the connection is gone');
});

test('does not log the query of a URL that is sent as a conversation', async () => {
  await call(async () => ({ body: {} }), { ConversationSid: 'https://crm.example/in?key=hunter2' });
  expect(lines.join()).toContain('https://crm.example/in"');
  expect(lines.join()).not.toContain('hunter2');
});

test.each([63, 64, 65, 500])('logs at most 64 of the %i characters of a name', async (length) => {
  const name = 'x'.repeat(length);
  const parse = () => ({ ConversationSid: name, EventType: name });
  const handler = createHandler({
    operation: 'test',
    parse,
    run: async () => ({ body: {} }),
  });
  await new Promise<void>((resolve) => handler({} as never, {} as never, () => resolve()));
  const logged = 'x'.repeat(Math.min(length, 64));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ conversation: logged, event: logged }]);
});

test('logs the name of an unknown event, without what follows a ? or a #', async () => {
  for (const unknown of ['onSomething?key=hunter3', 'onSomething#hunter3']) {
    const handler = createHandler({
      operation: 'test',
      parse: () => ({ unknown }),
      run: async () => ({ body: {} }),
    });
    await new Promise<void>((resolve) => handler({} as never, {} as never, () => resolve()));
  }
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['onSomething', 'onSomething']);
});

test('redacts the auth token and the Authorization value in a result, at any depth', async () => {
  const basic = Buffer.from(':hunter2').toString('base64');
  const { body } = await call(async () => ({
    body: { result: 'hunter2', slots: [{ url: 'https://crm.example/?key=hunter2', hunter2: [basic] }] },
  }));
  for (const secret of ['hunter2', basic]) {
    expect(JSON.stringify(body)).not.toContain(secret);
    expect(lines.join()).not.toContain(secret);
  }
  expect(body).toMatchObject({ slots: [{ url: expect.stringContaining('https://crm.example/?key=') }] });
});

test('redacts the auth token in responses and logs, whoever wrote it', async () => {
  const message = 'you sent hunter2';
  const refused = await call(() => Promise.reject(new ApiError(20003, message, { hunter2: message })));
  expect(refused.body).toMatchObject({
    message: 'you sent (redacted)',
    details: { '(redacted)': expect.any(String) },
  });
  await call(() => Promise.reject(new TypeError(message)), { ConversationSid: 'hunter2' });
  expect(lines.join()).toContain('(redacted)');
  expect(lines.join()).not.toContain('hunter2');
});

test('gives a function its variables without the spaces around them', async () => {
  const handler = createHandler({
    operation: 'test',
    parse: () => ({}),
    run: async (_, { env, site }) => ({ body: { edge: env.TWILIO_EDGE, site, token: `${env.AUTH_TOKEN}` } }),
  });
  const variables = {
    DOMAIN_NAME: 'x.twil.io',
    AUTH_TOKEN: ' hunter2\n',
    TWILIO_EDGE: 'dublin ',
    WEBHOOK_URL_ALLOWLIST: ' ',
  };
  const response = await new Promise<Response>((resolve) =>
    handler(variables as never, {} as never, (_, response) => resolve(response as unknown as Response)),
  );
  expect(response.body).toEqual({
    edge: 'dublin',
    site: { domainName: 'x.twil.io', local: false, allowlist: '' },
    token: '(redacted)',
  });
});
