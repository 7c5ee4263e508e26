import { ACCOUNT_SID, READING_API_KEY } from '../../../emulator/twilio/account';
import { send, useEmulator } from '../../support/emulator';

const subject = useEmulator({ now: () => Date.parse('2026-01-31T12:00:00Z') });
const PATH = `/v1/Accounts/${ACCOUNT_SID}/Tokens/validate`;

const login = async (more: object = {}) => (await subject.control('POST', '/flex-tokens', more)).body;
const validate = (token: unknown, headers: { [name: string]: string } = {}, path = PATH) =>
  subject.raw('POST', path, JSON.stringify({ token }), { 'Content-Type': 'application/json', ...headers });

test('says whose a valid token is', async () => {
  const { token, ...shown } = await login();
  expect(shown).toEqual({
    identity: 'agent',
    worker_sid: expect.stringMatching(/^WK[0-9a-f]{32}$/),
    roles: ['agent'],
    expiration: '2026-01-31T13:00:00.000Z',
  });
  const { status, headers, body } = await validate(token);
  expect([status, headers.get('x-api-domain')]).toEqual([200, 'iam.twilio.com']);
  expect(body).toEqual({ valid: true, code: 0, message: null, ...shown });
});

test('gives roles and a name to whom it is told, and no worker to a customer', async () => {
  const both = await login({ Roles: 'supervisor,wfo.full_access', Identity: 'ada' });
  expect(both).toMatchObject({ roles: ['supervisor', 'wfo.full_access'], identity: 'ada' });
  expect(await login({ Roles: ['guest'] })).toMatchObject({ roles: ['guest'], worker_sid: null });
});

test('refuses a token that it did not create, one that has expired, and those from before a reset', async () => {
  const invalid = { status: 200, body: { valid: false, message: 'Invalid token', worker_sid: null } };
  for (const token of ['x', '', undefined]) expect(await validate(token)).toMatchObject(invalid);
  const expired = { body: { valid: false, message: expect.stringContaining('has expired') } };
  expect(await validate((await login({ Ttl: 0 })).token)).toMatchObject(expired);
  const { token } = await login({ Ttl: 60 });
  await subject.control('POST', '/clock', { advance: 59 });
  expect((await validate(token)).body.valid).toBe(true);
  await subject.control('POST', '/clock', { advance: 1 });
  expect(await validate(token)).toMatchObject(expired);
  const { token: older } = await login();
  await subject.control('POST', '/reset');
  expect(await validate(older)).toMatchObject(invalid);
});

test('validates for its own account only, with its credentials', async () => {
  const { token } = await login();
  const reading = Buffer.from(`${READING_API_KEY.sid}:${READING_API_KEY.secret}`).toString('base64');
  expect(await validate(token, { Authorization: '' })).toMatchObject({ status: 401, body: { code: 20003 } });
  expect((await validate(token, { Authorization: `Basic ${reading}` })).status).toBe(403);
  const other = PATH.replace(ACCOUNT_SID, `AC${'f'.repeat(32)}`);
  expect(await validate(token, {}, other)).toMatchObject({ status: 404, body: { code: 20404 } });
});

test('creates no token for the page of another site', async () => {
  const url = `${subject.origin}/_emulator/flex-tokens`;
  expect((await send(url, 'POST', '', { Origin: 'https://evil.example' })).status).toBe(403);
});
