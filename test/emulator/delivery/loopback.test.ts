import { isLoopback } from '../../../emulator/delivery/post';

// Which hosts are this machine: test/lib/loopback.test.ts.

test.each(['http://localhost:3000/x', 'http://127.9.9.9:1/', 'https://[::1]:3000/'])(
  'keeps %s here',
  (url) => {
    expect(isLoopback(url)).toBe(true);
  },
);

test.each([
  'http://example.com/?localhost',
  'http://127.0.0.1.example.com/',
  'http://127.0.0.1@example.com/',
  'http://localhost@example.com/',
])('does not take the user, path or query of %s for its host', (url) => {
  expect(isLoopback(url)).toBe(false);
});
