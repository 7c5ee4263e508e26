import fc from 'fast-check';
import { type Attempt, type RetryLimits, retryLimits, withRetries } from '../../src/twilio/retry';

const limits = { limit: 3, minBackoffMs: 100, maxBackoffMs: 1000 };
type Result = Attempt<string>;
const answer = (status: number, more: { code?: number; retryAfter?: string } = {}): Result => ({
  response: 'x',
  status,
  ...more,
});
const failure = (kind: 'unsent' | 'stale' | 'lost'): Result => ({ failure: kind, reason: 'ECONNRESET' });

async function play(
  method: string,
  results: Result[],
  more: { deadline?: number; sendBefore?: number; random?: () => number; limits?: RetryLimits } = {},
) {
  const waits: number[] = [];
  const fresh: boolean[] = [];
  let attempts = 0;
  const last = await withRetries(
    method,
    async (_, isFresh) => {
      fresh.push(isFresh);
      return results[Math.min(attempts++, results.length - 1)]!;
    },
    {
      limits: more.limits ?? limits,
      deadline: performance.now() + (more.deadline ?? 60_000),
      ...(more.sendBefore !== undefined && { sendBefore: performance.now() + more.sendBefore }),
      random: more.random ?? (() => 1),
      sleep: async (ms) => void waits.push(ms),
    },
  );
  return { last, attempts, waits, fresh };
}

const ok = answer(200);

test.each<[string, string, Result]>([
  ['GET', 'a 500', answer(500)],
  ['GET', 'a 503', answer(503)],
  ['GET', 'a lost answer', failure('lost')],
  ['GET', 'a closed connection', failure('stale')],
  ['DELETE', 'a 502', answer(502)],
  ['DELETE', 'a 409', answer(409)],
  ['DELETE', 'a lost answer', failure('lost')],
  ['POST', 'a 429', answer(429)],
  ['POST', 'a 422 with 20422', answer(422, { code: 20422 })],
  ['POST', 'a 400 with 20429', answer(400, { code: 20429 })],
  ['POST', 'a 503 with 20429', answer(503, { code: 20429 })],
  ['POST', 'a request that never left', failure('unsent')],
])('retries a %s after %s', async (method, _, first) => {
  expect(await play(method, [first, ok])).toMatchObject({ last: ok, attempts: 2 });
});

test.each<[string, string, Result]>([
  ['GET', 'a 404', answer(404)],
  ['GET', 'a 400', answer(400)],
  ['POST', 'a 500', answer(500)],
  ['POST', 'a 409', answer(409)],
  ['POST', 'a 503', answer(503)],
  ['POST', 'a lost answer', failure('lost')],
  ['POST', 'a connection that was closed, perhaps by then', failure('stale')],
  ['POST', 'a 422 with another code', answer(422, { code: 20001 })],
  ['DELETE', 'a 404', answer(404)],
])('does not retry a %s after %s', async (method, _, first) => {
  expect(await play(method, [first, ok])).toMatchObject({ last: first, attempts: 1 });
});

test('counts the 404 of a retried DELETE as success if the first may have arrived', async () => {
  expect((await play('DELETE', [failure('lost'), answer(404)])).last).toMatchObject({ status: 204 });
  expect((await play('DELETE', [answer(500), answer(404)])).last).toMatchObject({ status: 204 });
  expect((await play('DELETE', [answer(429), answer(404)])).last).toMatchObject({ status: 404 });
  const throttled = answer(503, { code: 20429 });
  expect((await play('DELETE', [throttled, answer(404)])).last).toMatchObject({ status: 404 });
  expect((await play('DELETE', [failure('unsent'), answer(404)])).last).toMatchObject({ status: 404 });
});

test('keeps the first failure of a DELETE if its retries are throttled', async () => {
  expect((await play('DELETE', [failure('lost'), answer(429)])).last).toEqual(failure('lost'));
  expect((await play('DELETE', [answer(500), answer(422, { code: 20422 })])).last).toEqual(answer(500));
  expect((await play('DELETE', [answer(429), answer(500), answer(429)])).last).toEqual(answer(500));
  expect((await play('DELETE', [answer(500), answer(403)])).last).toEqual(answer(403));
  expect((await play('GET', [answer(500), answer(429)])).last).toEqual(answer(429));
  const late = await play('DELETE', [answer(503), answer(429, { retryAfter: '9' })], { deadline: 4500 });
  expect(late).toMatchObject({ attempts: 2, last: answer(503) });
});

test('doubles the backoff up to the maximum, and returns the last response', async () => {
  const played = await play('GET', [answer(503)]);
  expect(played).toMatchObject({ attempts: 4, waits: [100, 200, 400], last: answer(503) });
});

test('applies full jitter, from zero to the backoff', () =>
  fc.assert(
    fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (random) => {
      const { waits } = await play('GET', [answer(500), answer(500), ok], { random: () => random });
      expect(waits).toEqual([random * 100, random * 200].filter((wait) => wait > 0));
    }),
  ));

test.each<[string, string, Result]>([
  ['GET', 'a lost response', failure('lost')],
  ['DELETE', 'a lost response', failure('lost')],
  ['GET', 'a request that never left', failure('unsent')],
  ['POST', 'a request that never left', failure('unsent')],
])('backs off a %s after %s, with jitter, and without a fresh connection', async (method, _, first) => {
  expect(await play(method, [first])).toEqual({
    last: first,
    attempts: 4,
    waits: [100, 200, 400],
    fresh: [false, false, false, false],
  });
  expect((await play(method, [first, first, ok], { random: () => 0.25 })).waits).toEqual([25, 50]);
});

test('never backs off for longer than the maximum', async () => {
  const results = [failure('unsent')];
  const { waits } = await play('GET', results, { limits: { ...limits, limit: 6 } });
  expect(waits).toEqual([100, 200, 400, 800, 1000, 1000]);
});

test('keeps the 404 of a GET after a lost response', async () => {
  expect(await play('GET', [failure('lost'), answer(404)])).toMatchObject({ attempts: 2, last: answer(404) });
});

test.each([400, 403, 422, 503])('retries a POST after a %i that says 20429', async (status) => {
  expect(await play('POST', [answer(status, { code: 20429 }), ok])).toMatchObject({ attempts: 2, last: ok });
});

test('honors `Retry-After` in seconds and as a date', async () => {
  expect((await play('POST', [answer(429, { retryAfter: '2' }), ok])).waits).toEqual([2000]);
  const [wait] = (
    await play('GET', [answer(503, { retryAfter: new Date(Date.now() + 5000).toUTCString() }), ok])
  ).waits;
  expect(wait).toBeGreaterThan(3000);
  expect(wait).toBeLessThanOrEqual(5000);
  expect((await play('GET', [answer(503, { retryAfter: 'soon' }), ok])).waits).toEqual([100]);
});

test('waits as long as Twilio asks, and then sends nothing, if that is too late', async () => {
  const busy = answer(429, { retryAfter: '1' });
  const played = await play('POST', [busy, ok], { sendBefore: 0 });
  expect(played).toMatchObject({ last: busy, attempts: 1, waits: [1000] });
});

test('does not wait beyond the deadline', async () => {
  expect(await play('POST', [answer(429, { retryAfter: '9' }), ok], { deadline: 4500 })).toMatchObject({
    attempts: 1,
    waits: [],
    last: { status: 429 },
  });
});

test('retries on a new connection at once after a kept one was closed', async () => {
  expect(await play('GET', [failure('stale'), ok])).toMatchObject({ waits: [], fresh: [false, true] });
});

test('reads limits from the environment', () => {
  expect(retryLimits({})).toEqual({ limit: 5, minBackoffMs: 100, maxBackoffMs: 3000 });
  expect(
    retryLimits({
      TWILIO_SERVICE_RETRY_LIMIT: '0',
      TWILIO_SERVICE_MIN_BACKOFF: '50',
      TWILIO_SERVICE_MAX_BACKOFF: '500',
    }),
  ).toEqual({ limit: 0, minBackoffMs: 50, maxBackoffMs: 500 });
  expect(retryLimits({ TWILIO_SERVICE_RETRY_LIMIT: '', TWILIO_SERVICE_MIN_BACKOFF: '5000' })).toEqual({
    limit: 5,
    minBackoffMs: 5000,
    maxBackoffMs: 5000,
  });
});
