import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setUp } from '../../cli/setup/setup';
import { readVariables } from '../../cli/variables';
import { ACCOUNT_SID, API_KEY, AUTH_TOKEN, READING_API_KEY } from '../../emulator/twilio/account';
import { handler as status } from '../../src/functions/status';
import { handler as attach } from '../../src/functions/webhooks/attach.protected';
import { handler as list } from '../../src/functions/webhooks/list.protected';
import { type Subject, startEmulator } from '../support/emulator';
import { call, installRuntime } from '../support/fault-injection/platform';
import { useFleet } from '../support/fleet';

// Requests with an API key: one that may do everything, and one that may only read. The auth token is wrong all the time.

let emulator: Subject;
beforeAll(async () => {
  emulator = await startEmulator();
  installRuntime(undefined);
});
afterAll(() => emulator.stop());
beforeEach(() => emulator.control('POST', '/reset'));

const { environment, folder, run } = useFleet(() => emulator);
const withKey = ({ sid, secret } = API_KEY, more: Record<string, string> = {}) => ({
  ACCOUNT_SID,
  AUTH_TOKEN: 'not-the-auth-token',
  TWILIO_API_KEY: sid,
  TWILIO_API_SECRET: secret,
  TWILIO_API_BASE_URL: emulator.origin,
  ...more,
});
const crm = {
  ConversationSid: 'demo',
  Target: 'webhook',
  Url: 'https://crm.example/in',
  Filters: 'onMessageAdded',
};
const wrong = { ...API_KEY, secret: 'not-the-secret-of-this-key' };

test('sends the requests of functions with the key, whatever the auth token is', async () => {
  expect(await call(attach, withKey(), crm)).toMatchObject({ status: 201 });
  const { AUTH_TOKEN: _, ...without } = withKey();
  expect(await call(attach, without, crm)).toMatchObject({ status: 200 });
});

test('tells a missing permission from a key that Twilio does not accept', async () => {
  expect(await call(list, withKey(READING_API_KEY), { ConversationSid: 'demo' })).toMatchObject({
    status: 200,
  });
  expect(await call(attach, withKey(READING_API_KEY), crm)).toMatchObject({
    status: 403,
    body: {
      code: 20403,
      message: `TWILIO_API_KEY may not POST ${emulator.origin}/v1/Conversations/demo/Webhooks: Forbidden`,
    },
  });
  expect(await call(attach, withKey(wrong), crm)).toMatchObject({
    status: 401,
    body: { code: 20003, message: 'TWILIO_API_KEY is not accepted: Authenticate' },
  });
});

test('keeps the message of a 403 that is no matter of permissions', async () => {
  for (const n of [1, 2, 3, 4, 5])
    await emulator.api.conversations('demo').webhooks.create({
      target: 'webhook',
      'configuration.url': `https://crm.example/${n}`,
      'configuration.filters': ['onMessageAdded'],
    });
  const { body } = await call(attach, withKey(), crm);
  expect(body).toMatchObject({ code: 50361, message: expect.not.stringContaining('TWILIO_API_KEY') });
});

test.each([
  [{ TWILIO_API_SECRET: '' }, 'TWILIO_API_SECRET', 'must be the secret of the API key'],
  [{ TWILIO_API_KEY: '' }, 'TWILIO_API_KEY', 'must be SK and 32 hexadecimal digits'],
  [{ TWILIO_API_KEY: ACCOUNT_SID }, 'TWILIO_API_KEY', 'must be SK and 32 hexadecimal digits'],
])('refuses %j by the name of %s, in a function and in a program', async (more, name, expected) => {
  const env = withKey(API_KEY, more);
  const { status: code, body } = await call(attach, env, crm);
  expect({ code, body }).toMatchObject({ code: 401, body: { code: 20003 } });
  expect(body.message).toContain(`${name} ${expected}`);
  expect((await call(status, env, {})).body.missing).toContain(name);
  const { code: exit, stderr } = await setup(env);
  expect(exit).toBe(1);
  expect(stderr).toContain(`${name} ${expected}`);
});

test('shows the secret nowhere, also if the API echoes it', async () => {
  const { sid, secret } = API_KEY;
  const basic = Buffer.from(`${sid}:${secret}`).toString('base64');
  const echo = createServer(({ headers }, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code: 20001, message: `${secret} ${headers.authorization}` }));
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  try {
    const origin = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
    const env = withKey(API_KEY, { TWILIO_API_BASE_URL: origin });
    const answered = await call(list, env, { ConversationSid: 'demo' });
    const told = JSON.stringify([answered, await setup(env)]);
    expect(answered.body.message).toBe('(redacted) Basic (redacted)');
    for (const part of [secret, basic, basic.slice(0, 44)]) expect(told).not.toContain(part);
  } finally {
    echo.close();
  }
});

async function setup(env: Record<string, string>, args: readonly string[] = ['--dry-run']) {
  const text = { stdout: '', stderr: '' };
  const code = await setUp(['--url', 'https://bots-1234.twil.io', ...args], env, {
    folder,
    out(line) {
      text.stdout += `${line}\n`;
    },
    err(line) {
      text.stderr += `${line}\n`;
    },
  });
  return { code, ...text };
}

describe('setup', () => {
  test('registers with a key, and only reads with one that may not write', async () => {
    expect(await setup(withKey(READING_API_KEY))).toMatchObject({ code: 0, stderr: '' });
    const refused = await setup(withKey(READING_API_KEY), ['--yes']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('TWILIO_API_KEY lacks a permission that setup needs');
    expect(refused.stderr).toContain('(status 403, error 20403)');
    expect(await setup(withKey(), ['--yes'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('reports a key that Twilio does not accept', async () => {
    expect((await setup(withKey(wrong))).stderr).toBe(
      `TWILIO_API_KEY and TWILIO_API_SECRET are not accepted by Twilio (${emulator.origin}); check both in the Twilio Console\n`,
    );
  });

  test('refuses the secret as an argument', async () => {
    for (const args of [[`--service=${API_KEY.secret}`], [`TWILIO_API_SECRET=${API_KEY.secret}`]]) {
      const { code, stderr } = await setup(withKey(), args);
      expect([code, stderr]).toEqual([2, expect.not.stringContaining(API_KEY.secret)]);
    }
  });
});

describe('fleet', () => {
  test('reports with a key that only reads', async () => {
    const report = await run(['report'], { ...environment(), ...withKey(READING_API_KEY) });
    expect(report).toMatchObject({ stderr: '', stdout: expect.stringContaining('1 conversation') });
    expect(await run(['report'], { ...environment(), ...withKey(wrong) })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('TWILIO_API_KEY is not accepted'),
    });
  });
});

test('reads an API key as the Twilio CLI spells it, from one place', () => {
  const { sid, secret } = API_KEY;
  const key = { TWILIO_API_KEY: sid, TWILIO_API_SECRET: secret };
  expect(readVariables(undefined, { TWILIO_ACCOUNT_SID: ACCOUNT_SID, ...key }, folder)).toMatchObject({
    ACCOUNT_SID,
    ...key,
  });
  expect(readVariables(undefined, { ACCOUNT_SID, AUTH_TOKEN, ...key }, folder)).toMatchObject({ AUTH_TOKEN });
});
