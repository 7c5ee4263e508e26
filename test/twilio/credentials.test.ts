import { readCredentials, unusableVariables } from '../../src/twilio/credentials';

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

test.each([
  ['TWILIO_EDGE', ['dublin ', 'Dublin', 'dub lin', 'dublin.us1', 'dublin/', 'x@evil.example', 'x\n', 'ü']],
  ['TWILIO_REGION', ['ie1 ', 'IE1', 'evil.example/', 'ie1#', 'ie1?', '.']],
  ['TWILIO_SERVICE_RETRY_LIMIT', ['many', '-1', '1.5', '1e3', '1234567']],
  ['TWILIO_SERVICE_MIN_BACKOFF', ['100ms', '0x10']],
  ['TWILIO_SERVICE_MAX_BACKOFF', ['3s', '+3']],
])('rejects a malformed %s by its name, as a 500', (name, values) => {
  for (const value of values) {
    const env = { ...credentials, [name]: value };
    expect(unusableVariables(env)).toEqual([name]);
    expect(() => readCredentials(env)).toThrow(
      expect.objectContaining({
        code: 20500,
        status: 500,
        message: expect.stringContaining(`${name} must be `),
      }),
    );
  }
});

test('accepts empty variables, but for the credentials', () => {
  const names = [
    'API_BASE_URL',
    'EDGE',
    'REGION',
    'SERVICE_RETRY_LIMIT',
    'SERVICE_MIN_BACKOFF',
    'SERVICE_MAX_BACKOFF',
  ];
  const empty = Object.fromEntries(names.map((name) => [`TWILIO_${name}`, '']));
  expect(unusableVariables({ ...credentials, ...empty })).toEqual([]);
  expect(unusableVariables({ ...empty, ACCOUNT_SID: '', AUTH_TOKEN: '' })).toEqual([
    'ACCOUNT_SID',
    'AUTH_TOKEN',
  ]);
});

test('names everything that is unusable at once', () => {
  expect(() => readCredentials({ ...credentials, AUTH_TOKEN: '', TWILIO_EDGE: 'Dublin' })).toThrow(
    expect.objectContaining({
      code: 20003,
      status: 401,
      message:
        "AUTH_TOKEN must be the account's auth token; TWILIO_EDGE must be lower-case letters, digits and hyphens; correct the environment",
    }),
  );
});

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
