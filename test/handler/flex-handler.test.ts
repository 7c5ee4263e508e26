import { createFlexHandler } from '../../src/handler/flex-handler';
import { ApiError } from '../../src/lib/api-error';
import { type Response, useRuntime } from '../support/runtime';

const ORIGIN = 'https://flex.twilio.com';

const lines = useRuntime();

const authenticate = jest.fn(async (token: string | undefined) => {
  if (token !== 'valid') throw new ApiError(20101, 'Token is not valid', undefined, 403);
});
const run = jest.fn(async (_: object): Promise<object> => ({ result: 'changed' }));
beforeEach(() => {
  authenticate.mockClear();
  run.mockReset().mockResolvedValue({ result: 'changed' });
});

const handler = createFlexHandler({
  operation: 'flex test',
  parameters: ['Profile'],
  authenticate,
  run,
});
const from = (origin: unknown) => ({ request: { headers: { origin } } });
const VALID = { ...from(ORIGIN), ConversationSid: 'demo', Token: 'valid' };

function call(event: object, env: object = { FLEX_ORIGINS: ` ${ORIGIN}, http://localhost:3000` }) {
  return new Promise<Response>((resolve) => {
    handler({ DOMAIN_NAME: 'x.twil.io', ...env } as never, event as never, (error, response) => {
      expect(error).toBeNull();
      resolve(response as unknown as Response);
    });
  });
}

test('runs for a page of a listed origin with a valid token, and lets it read the response', async () => {
  const response = await call({ ...VALID, profile: 'bot' });
  expect(response).toMatchObject({ statusCode: 200, body: { result: 'changed' } });
  expect(response.headers).toEqual({
    'Content-Type': 'application/json',
    'Access-Control-Allow-Origin': ORIGIN,
    Vary: 'Origin',
  });
  expect(run).toHaveBeenCalledWith(
    expect.objectContaining({ ConversationSid: 'demo', Profile: 'bot' }),
    expect.anything(),
  );
  expect(JSON.parse(lines[0]!)).toMatchObject({ operation: 'flex test', conversation: 'demo', status: 200 });
});

test.each([{}, { FLEX_ORIGINS: '' }, { FLEX_ORIGINS: '  ' }])('is off with %j', async (env) => {
  const response = await call(VALID, env);
  expect(response).toMatchObject({ statusCode: 404, body: { code: 20404 } });
  expect(response.headers).not.toHaveProperty('Access-Control-Allow-Origin');
  expect(authenticate).not.toHaveBeenCalled();
});

test.each([
  ['another one', from('https://evil.example')],
  ['one that begins like a listed one', from(`${ORIGIN}.evil.example`)],
  ['a listed host over http', from('http://flex.twilio.com')],
  ['null, of a sandbox', from('null')],
  ['none', { request: { headers: {} } }],
  ['two of them', from([ORIGIN, ORIGIN])],
  ['an object', from({ toString: 1 })],
  ['no headers', { request: {} }],
  ['null headers', { request: { headers: null } }],
  ['a request that is a string', { request: 'x' }],
  ['a request that is null', { request: null }],
  ['no request', {}],
])('rejects an origin before the token is validated: %s', async (_, request) => {
  const { request: __, ...parameters } = VALID;
  const response = await call({ ...parameters, ...request });
  expect(response).toMatchObject({ statusCode: 403, body: { code: 20403 } });
  expect(response.headers).toEqual({ 'Content-Type': 'application/json', Vary: 'Origin' });
  expect(authenticate).not.toHaveBeenCalled();
  expect(run).not.toHaveBeenCalled();
});

test('matches no request without an origin to an item that is not an origin', async () => {
  expect(await call({ ...VALID, request: {} }, { FLEX_ORIGINS: `*,${ORIGIN}` })).toMatchObject({
    statusCode: 403,
  });
  expect(await call(VALID, { FLEX_ORIGINS: `*,${ORIGIN}` })).toMatchObject({ statusCode: 200 });
});

test.each([
  { Token: 'hunter2' },
  { token: 'hunter2' },
  { Token: '' },
  { Token: ['hunter2', 'hunter3'] },
  { Token: { a: 'hunter2' } },
])('does nothing for the token %j, and shows it nowhere', async (token) => {
  const { Token: _, ...rest } = VALID;
  const response = await call({ ...rest, ...token });
  expect([400, 403]).toContain(response.statusCode);
  expect(response.headers).toHaveProperty('Access-Control-Allow-Origin', ORIGIN);
  expect(run).not.toHaveBeenCalled();
  expect(JSON.stringify([response, lines])).not.toContain('hunter');
});

test('takes its own parameters and Token, and no others', async () => {
  const { statusCode, body } = await call({ ...VALID, DryRun: 'true' });
  expect([statusCode, body]).toEqual([
    400,
    expect.objectContaining({
      message: expect.stringContaining('takes ConversationSid, ServiceSid, Profile and Token'),
    }),
  ]);
});

test('asks nobody about the token if there is no conversation', async () => {
  const { ConversationSid: _, ...rest } = VALID;
  expect(await call(rest)).toMatchObject({ statusCode: 400, body: { code: 50351 } });
  expect(authenticate).not.toHaveBeenCalled();
});

test('shows of an error no URL’s query and no settings of webhooks, and keeps the steps', async () => {
  const plan = [{ step: 'create', webhook: 'router', why: 'x' }];
  const details = { plan, webhooks: [{ configuration: { url: 'https://crm.example/?key=hunter2' } }] };
  run.mockRejectedValue(new ApiError(50361, 'no: https://crm.example/?key=hunter2', details, 403));
  const response = await call(VALID);
  expect(response).toMatchObject({
    statusCode: 403,
    body: { code: 50361, message: 'no: https://crm.example/', details: { plan } },
  });
  expect(JSON.stringify([response, lines])).not.toContain('hunter2');
});

test('hides what is wrong inside', async () => {
  run.mockRejectedValue(new TypeError('hunter2'));
  const response = await call(VALID);
  expect(response).toMatchObject({
    statusCode: 500,
    body: { code: 20500, message: expect.not.stringContaining('hunter2') },
  });
});
