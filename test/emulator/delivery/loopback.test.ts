import { isLoopback } from '../../../emulator/delivery/post';

test.each([
  'http://localhost:3000/x',
  'http://127.0.0.1/',
  'http://127.9.9.9:1/',
  'https://[::1]:3000/',
  'http://2130706433/',
])('%s counts as loopback', (url) => {
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
])('%s does not count as loopback', (url) => {
  expect(isLoopback(url)).toBe(false);
});
