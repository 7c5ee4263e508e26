import { siteOf } from '../../src/handler/site';

test('takes the host of the runtime, and localhost without one', () => {
  expect(siteOf({ DOMAIN_NAME: 'bots-1234.twil.io' })).toMatchObject({ domainName: 'bots-1234.twil.io' });
  expect(siteOf({})).toEqual({ domainName: 'localhost', local: false, allowlist: undefined });
});

test.each([
  ['http://127.0.0.1:4010', true],
  ['http://localhost', true],
  ['https://conversations.twilio.com', false],
  ['https://localhost.example', false],
  ['not a URL', false],
  ['', false],
  [undefined, false],
])('is local if the API is on this machine: %s, %s', (api, local) => {
  expect(siteOf({ ...(api !== undefined && { TWILIO_API_BASE_URL: api }) }).local).toBe(local);
});

test('has the allowlist', () => {
  expect(siteOf({ WEBHOOK_URL_ALLOWLIST: 'crm.example' }).allowlist).toBe('crm.example');
});
