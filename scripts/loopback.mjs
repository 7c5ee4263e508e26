// Needed before anything is installed, so it imports nothing: test/lib/loopback.test.ts holds it to src/lib/url.ts.
const LOOPBACK =
  /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f[\da-f]{2}:[\da-f]{1,4}|0:0)\])$/;

/** Whether a URL's hostname is this machine. */
export function isLoopback(hostname) {
  return LOOPBACK.test(hostname);
}
