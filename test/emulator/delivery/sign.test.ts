import { signParams } from '../../../emulator/delivery/sign';

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
