import { readCredentials } from '../../src/twilio/credentials';

const credentials = { ACCOUNT_SID: `AC${'0'.repeat(32)}`, AUTH_TOKEN: 'hunter2' };

test.each([
  [{}, 'https://conversations.twilio.com'],
  [{ TWILIO_REGION: 'ie1' }, 'https://conversations.ie1.twilio.com'],
  [{ TWILIO_EDGE: 'dublin' }, 'https://conversations.dublin.us1.twilio.com'],
  [{ TWILIO_EDGE: 'dublin', TWILIO_REGION: 'ie1' }, 'https://conversations.dublin.ie1.twilio.com'],
  [{ TWILIO_API_BASE_URL: '' }, 'https://conversations.twilio.com'],
  [{ TWILIO_API_BASE_URL: 'http://127.0.0.1:4010/' }, 'http://127.0.0.1:4010'],
  [{ TWILIO_API_BASE_URL: 'https://proxy.example' }, 'https://proxy.example'],
])('builds the origin from %j: %s', (env, baseUrl) => {
  expect(readCredentials({ ...credentials, ...env }).baseUrl).toBe(baseUrl);
});

test.each(['http://proxy.example', 'proxy.example', 'ftp://127.0.0.1'])(
  'rejects an origin without https, and one that is not an origin: %s',
  (TWILIO_API_BASE_URL) => {
    expect(() => readCredentials({ ...credentials, TWILIO_API_BASE_URL })).toThrow(
      'TWILIO_API_BASE_URL must be',
    );
  },
);

test('returns a 500, not a 400, for an unusable origin', () => {
  expect(() => readCredentials({ ...credentials, TWILIO_API_BASE_URL: 'http://proxy.example' })).toThrow(
    expect.objectContaining({ code: 20500, status: 500 }),
  );
});

test.each([{}, { ...credentials, AUTH_TOKEN: '' }, { ...credentials, ACCOUNT_SID: `SK${'0'.repeat(32)}` }])(
  'names missing credentials without showing them',
  (env) => {
    expect(() => readCredentials(env)).toThrow(expect.objectContaining({ code: 20003, status: 401 }));
    expect(() => readCredentials(env)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  },
);
