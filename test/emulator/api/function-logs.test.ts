import Twilio from 'twilio/lib/rest/Twilio';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../../emulator/twilio/account';
import { useEmulator } from '../../support/emulator';

const subject = useEmulator();
const DOMAIN = 'localhost:3000';

const log = (Message?: string, more: object = {}) =>
  subject.control('POST', '/logs', { DomainName: DOMAIN, ...(Message && { Message }), ...more });

/** As Twilio's library finds them. */
async function environment(domain = DOMAIN) {
  const client = new Twilio(ACCOUNT_SID, AUTH_TOKEN);
  client.serverless.baseUrl = `${subject.origin}/serverless`;
  const { services } = client.serverless.v1;
  for (const { sid } of await services.list())
    for (const found of await services(sid).environments.list())
      if (found.domainName === domain) return services(sid).environments(found.sid);
  return undefined;
}
const messages = async (options = {}) =>
  (await (await environment())!.logs.list(options)).map(({ message }) => message);

test('lists what functions logged, newest first, with its level', async () => {
  await log('{"operation":"sync"}');
  await log('a warning', { Level: 'warn' });
  const logs = await (await environment())!.logs.list();
  expect(logs.map(({ message, level }) => [message, level])).toEqual([
    ['a warning', 'warn'],
    ['{"operation":"sync"}', 'info'],
  ]);
  const fetched = await (await environment())!.logs(logs[0]!.sid).fetch();
  expect(fetched.message).toBe('a warning');
  const service = await subject.raw('GET', '/serverless/v1/Services/conversation-webhooks');
  expect(service.body.unique_name).toBe('conversation-webhooks');
});

test('lists those of the last day, or between two dates', async () => {
  await log('one');
  await subject.control('POST', '/clock', { advance: 60 });
  const between = new Date((await subject.control('GET', '/clock')).body.now);
  await subject.control('POST', '/clock', { advance: 60 });
  await log('two');
  expect(await messages()).toEqual(['two', 'one']);
  expect(await messages({ startDate: between })).toEqual(['two']);
  expect(await messages({ endDate: between })).toEqual(['one']);
  await subject.control('POST', '/clock', { advance: 86_340 });
  expect(await messages()).toEqual(['two']);
});

test('goes from page to page', async () => {
  for (const text of ['one', 'two', 'three']) await log(text);
  expect(await messages({ pageSize: 2 })).toEqual(['three', 'two', 'one']);
});

test('keeps the logs of each domain apart', async () => {
  await log('here');
  await log('there', { DomainName: 'localhost:3001' });
  expect(await messages()).toEqual(['here']);
});

test('knows a domain that has logged nothing yet, also after a reset', async () => {
  expect(await environment()).toBeUndefined();
  await log();
  expect(await messages()).toEqual([]);
  await log('before');
  await subject.control('POST', '/reset');
  expect(await messages()).toEqual([]);
});

test.each([
  [{ DomainName: 'not a host' }, 'DomainName must be a host, such as localhost:3000'],
  [{ DomainName: 'a', Level: 'loud' }, 'Level must be info, warn or error'],
  [{ Message: 'x' }, 'DomainName must be a host, such as localhost:3000'],
])('refuses %j', async (line, message) => {
  expect(await subject.control('POST', '/logs', line)).toMatchObject({ status: 400, body: { message } });
});

test.each([
  '/v1/Services/ZS9',
  '/v1/Services/ZS9/Environments',
  '/v1/Services/conversation-webhooks/Environments/ZE9',
  '/v1/Services/conversation-webhooks/Environments/ZE9/Logs',
  '/v1/Nothing',
])('does not find %s', async (path) => {
  const { status, body } = await subject.raw('GET', `/serverless${path}`);
  expect([status, body.code, body.message]).toEqual([404, 20404, expect.stringContaining(path.slice(3))]);
});

test('leaves the services of Conversations as they are', async () => {
  const { body } = await subject.raw('GET', '/v1/Services');
  expect(body.services).toEqual([expect.objectContaining({ sid: expect.stringMatching(/^IS/) })]);
});

test('is at the root of Twilio’s own host', async () => {
  await log('one');
  const get = async (path: string) => {
    const response = await subject.app.request(`https://serverless.twilio.com${path}`, {
      headers: { Authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}` },
    });
    return (await response.json()) as { [key: string]: { sid: string }[] };
  };
  const { services } = await get('/v1/Services');
  expect(services).toEqual([
    expect.objectContaining({
      url: expect.stringMatching(/^https:\/\/serverless\.twilio\.com\/v1\/Services\/ZS/),
    }),
  ]);
  expect((await get(`/v1/Services/${services![0]!.sid}/Environments`)).environments).toHaveLength(1);
});
