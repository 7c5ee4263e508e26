import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_KEY } from '../../emulator/twilio/account';
import { validateFlexToken } from '../../src/twilio/flex-token';
import { useEmulator } from '../support/emulator';
import { emulatorEnvironment } from '../support/programs';

const subject = useEmulator();

const caller = (more: object = {}) => ({
  env: { ...emulatorEnvironment(), TWILIO_API_BASE_URL: subject.origin, ...more },
  deadline: performance.now() + 5_000,
  calls: 0,
  retries: 0,
});
const login = async (more: object = {}): Promise<string> =>
  (await subject.control('POST', '/flex-tokens', more)).body.token;
const refused = (message: string) =>
  expect.objectContaining({ code: 20101, status: 403, message: expect.stringContaining(message) });

test.each(['agent', 'supervisor', 'admin', 'wfo.full_access,agent'])(
  'accepts the token of a worker with the role %s, with one request',
  async (Roles) => {
    const call = caller();
    await validateFlexToken(await login({ Roles }), call);
    expect(call).toMatchObject({ calls: 1, retries: 0 });
  },
);

test('sends the request with an API key if there is one', async () => {
  const key = { TWILIO_API_KEY: API_KEY.sid, TWILIO_API_SECRET: API_KEY.secret, AUTH_TOKEN: 'wrong' };
  await validateFlexToken(await login(), caller(key));
});

test('rejects a missing token without a request', async () => {
  const call = caller();
  await expect(validateFlexToken(undefined, call)).rejects.toEqual(refused('Token is missing'));
  expect(call.calls).toBe(0);
});

test('rejects an unknown token, an expired one, and those of customers and of other roles', async () => {
  const isNotValid = refused('Token is not valid, or has expired');
  await expect(validateFlexToken('x', caller())).rejects.toEqual(isNotValid);
  await expect(validateFlexToken(await login({ Ttl: 0 }), caller())).rejects.toEqual(isNotValid);
  for (const Roles of ['guest', 'guest,agent', 'wfo.full_access', ''])
    await expect(validateFlexToken(await login({ Roles }), caller())).rejects.toEqual(
      refused('Token is not that of a worker'),
    );
});

test('keeps to itself what Twilio says of the credentials', async () => {
  const error = {
    code: 20503,
    status: 503,
    message: 'Twilio did not validate the Token (status 401); try again',
  };
  await expect(validateFlexToken(await login(), caller({ AUTH_TOKEN: 'wrong' }))).rejects.toMatchObject(
    error,
  );
});

describe('another Twilio', () => {
  const WORKER = `WK${'a'.repeat(32)}`;
  let respond: RequestListener;
  let server: Server;
  const requests: { url: string | undefined; type: string | undefined; body: string }[] = [];
  beforeEach(async () => {
    requests.length = 0;
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      requests.push({ url: request.url, type: request.headers['content-type'], body });
      respond(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const other = (more: object = {}) =>
    caller({ TWILIO_API_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...more });

  test('is asked as by twilio-flex-token-validator', async () => {
    respond = (_, response) =>
      response.end(JSON.stringify({ valid: true, worker_sid: WORKER, roles: ['agent'] }));
    await validateFlexToken('tökén "x"', other({ TWILIO_EDGE: 'dublin', TWILIO_REGION: 'ie1' }));
    const { ACCOUNT_SID } = emulatorEnvironment();
    expect(requests).toEqual([
      {
        url: `/v1/Accounts/${ACCOUNT_SID}/Tokens/validate`,
        type: 'application/json',
        body: '{"token":"tökén \\"x\\""}',
      },
    ]);
  });

  test.each([
    ['nothing', 200, ''],
    ['no JSON', 200, '<html>'],
    ['null', 200, 'null'],
    ['no verdict', 200, '{"worker_sid":"WK","roles":["agent"]}'],
    ['a verdict that is a string', 200, `{"valid":"true","worker_sid":"${WORKER}","roles":["agent"]}`],
    ['a verdict with an error', 500, `{"valid":true,"worker_sid":"${WORKER}","roles":["agent"]}`],
    ['a redirect', 302, ''],
  ])('that responds with %s is not believed', async (_, status, body) => {
    respond = (_, response) => response.writeHead(status, { location: subject.origin }).end(body);
    await expect(validateFlexToken('secret-token', other())).rejects.toMatchObject({
      code: 20503,
      message: `Twilio did not validate the Token (status ${status}); try again`,
    });
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['no worker', { roles: ['agent'] }],
    ['a malformed worker', { worker_sid: 'WK1', roles: ['agent'] }],
    ['no roles', { worker_sid: WORKER }],
    ['roles that are a string', { worker_sid: WORKER, roles: 'agent' }],
  ])('that names %s does not let anybody in', async (_, fields) => {
    respond = (_, response) => response.end(JSON.stringify({ valid: true, ...fields }));
    await expect(validateFlexToken('x', other())).rejects.toEqual(refused('Token is not that of a worker'));
  });

  test('that drops the connection, or is silent, is a 503 without the token', async () => {
    respond = (_, response) => response.destroy();
    const lost = { code: 20503, message: 'Twilio did not validate the Token (ECONNRESET); try again' };
    await expect(validateFlexToken('secret-token', other())).rejects.toMatchObject(lost);
    respond = () => {};
    const call = { ...other(), deadline: performance.now() + 100 };
    const late = { code: 20503, message: 'Twilio did not validate the Token (timed out); try again' };
    await expect(validateFlexToken('secret-token', call)).rejects.toMatchObject(late);
  });
});
