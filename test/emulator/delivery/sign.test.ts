import { isLoopback } from '../../../emulator/delivery/post';
import { signParams } from '../../../emulator/delivery/sign';
import { Recent } from '../../../emulator/state/recent';

test.each([
  'http://localhost:3000/x',
  'http://127.0.0.1/',
  'http://127.9.9.9:1/',
  'https://[::1]:3000/',
  'http://2130706433/',
])('%s is this machine', (url) => {
  expect(isLoopback(url)).toBe(true);
});

test.each([
  'http://functions.localhost/',
  'http://example.com/',
  'http://localhost.example.com/',
  'http://127.0.0.1.example.com/',
  'http://127.0.0.1@example.com/',
  'http://0.0.0.0/',
  'http://192.168.0.1/',
  'http://[::2]/',
])('%s is not', (url) => {
  expect(isLoopback(url)).toBe(false);
});

// From https://www.twilio.com/docs/usage/webhooks/webhooks-security
test('a POST is signed as Twilio’s documentation shows', () => {
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

test('a GET keeps the query it has, and loses the fragment', () => {
  expect(signParams('12345', 'GET', 'http://127.0.0.1/a?b=%20#c', { d: 'e f' }).url).toBe(
    'http://127.0.0.1/a?b=%20&d=e+f',
  );
  expect(signParams('12345', 'GET', 'http://127.0.0.1', { d: 'e' }).url).toBe('http://127.0.0.1/?d=e');
});

test('a recent list keeps the newest and counts them all', () => {
  const recent = new Recent<number>(3);
  for (let n = 1; n <= 10; n += 1) recent.add(n);
  expect(recent.all()).toEqual([8, 9, 10]);
  expect(recent.total).toBe(10);
  recent.clear();
  expect(recent.all()).toEqual([]);
  expect(recent.total).toBe(0);
});
