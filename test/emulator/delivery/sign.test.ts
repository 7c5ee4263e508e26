import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { signJson, signParams } from '../../../emulator/delivery/sign';

// From https://www.twilio.com/docs/usage/webhooks/webhooks-security
test('signs a POST as in Twilio’s documentation', () => {
  const params = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+12349013030',
    Digits: '1234',
    From: '+12349013030',
    To: '+18005551212',
  };
  const { signature, url } = signParams(
    '12345',
    'POST',
    'https://mycompany.com/myapp.php?foo=1&bar=2',
    params,
  );
  expect(signature).toBe('0/KCTR6DLpKmkAf8muzZqo1nDgQ=');
  expect(url).toBe('https://mycompany.com/myapp.php?foo=1&bar=2');
});

test('keeps the query of a GET, and drops its fragment', () => {
  expect(signParams('12345', 'GET', 'http://127.0.0.1/a?b=%20#c', { d: 'e f' }).url).toBe(
    'http://127.0.0.1/a?b=%20&d=e+f',
  );
  expect(signParams('12345', 'GET', 'http://127.0.0.1', { d: 'e' }).url).toBe('http://127.0.0.1/?d=e');
});

test('leaves colons as they are in the query of a GET', () => {
  const params = { DateCreated: '2026-01-31T12:00:00.000Z', From: 'whatsapp:+15005550006', Body: '100%3A &' };
  expect(signParams('12345', 'GET', 'http://127.0.0.1/a', params).url).toBe(
    'http://127.0.0.1/a?DateCreated=2026-01-31T12:00:00.000Z&From=whatsapp:%2B15005550006&Body=100%253A+%26',
  );
});

test.each([
  ['http://127.0.0.1/a', null],
  ['http://me:se%20cret@127.0.0.1/a', 'me:se cret'],
  ['http://me@127.0.0.1/a', 'me:'],
  ['http://me:100%@127.0.0.1/a#b', 'me:100%'],
])('signs %s without user name and password', (target, credentials) => {
  const { url, signature, authorization } = signParams('12345', 'POST', target, { a: 'b' });
  expect({ url, signature }).toEqual({
    url: 'http://127.0.0.1/a',
    signature: getExpectedTwilioSignature('12345', 'http://127.0.0.1/a', { a: 'b' }),
  });
  expect(authorization && atob(authorization.replace('Basic ', ''))).toBe(credentials);
  expect(signJson('12345', target, '[]')).toMatchObject({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1\/a\?bodySHA256=\w{64}$/),
    authorization,
  });
});
