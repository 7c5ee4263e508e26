import { randomStateHash, shortHash, stateHash } from '../../src/lib/hash';

// SHA-256 of "abc" is ba7816bf 8f01cfea …, which is `ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0` in base64url.
test('hashes to the first characters of SHA-256 in base64url', () => {
  expect(shortHash('abc', 6)).toBe('ungWv4');
  expect(shortHash('abc', 43)).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  expect(stateHash('abc')).toBe('ungWv');
});

test('makes random hashes of the same form', () => {
  const hashes = Array.from({ length: 200 }, randomStateHash);
  for (const hash of hashes) expect(hash).toMatch(/^[\w-]{5}$/);
  expect(new Set(hashes).size).toBe(200);
});
