import type { Environment } from '../lib/environment';

/** How often and how patiently a request is repeated; milliseconds. */
export interface RetryLimits {
  readonly limit: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** What came of one attempt. */
export type Attempt<A> =
  | {
      readonly response: A;
      readonly status: number;
      readonly code?: unknown;
      readonly retryAfter?: string | undefined;
    }
  /** `unsent`: it never left. `stale`: a kept connection was closed, most likely before. `lost`: it may have arrived. */
  | { readonly failure: 'unsent' | 'stale' | 'lost'; readonly reason: string };

interface RetryOptions {
  readonly limits: RetryLimits;
  /** When there has to be an answer, on the clock of performance.now(). */
  readonly deadline: number;
  readonly random?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** The names are those of Twilio's Flex project template; what is no number there is as if it were not set. */
export function retryLimits(env: Environment): RetryLimits {
  const minBackoffMs = parseLimit(env.TWILIO_SERVICE_MIN_BACKOFF) ?? 100;
  return {
    limit: parseLimit(env.TWILIO_SERVICE_RETRY_LIMIT) ?? 5,
    minBackoffMs,
    maxBackoffMs: Math.max(minBackoffMs, parseLimit(env.TWILIO_SERVICE_MAX_BACKOFF) ?? 3_000),
  };
}

/**
 * Repeats a request where that cannot do it twice, and answers with the last attempt. A request that Twilio refused
 * unprocessed (429, 20422), or that never left, is repeated whatever it is; one that may have arrived, and one answered
 * with a 5xx, only if it is a GET or a DELETE. Waits with exponential backoff and full jitter, at least as long as
 * `Retry-After` says, and not at all where the answer would come too late. A DELETE that finds nothing after one that may
 * have arrived has done its work: its 404 is answered as the 204 that it was; and if it was only put off after that one,
 * that one is what came of it: an answer like 429 would say that nothing was done.
 */
export async function withRetries<A>(
  method: string,
  attempt: (retries: number, fresh: boolean) => Promise<Attempt<A>>,
  { limits, deadline, random = Math.random, sleep = sleepMs }: RetryOptions,
): Promise<Attempt<A>> {
  let maybeApplied: Attempt<A> | undefined;
  let fresh = false;
  for (let retries = 0; ; retries++) {
    const result = await attempt(retries, fresh);
    if (method === 'DELETE' && maybeApplied && 'status' in result && result.status === 404)
      return { ...result, status: 204 };
    const outcome = maybeApplied && method === 'DELETE' && isThrottled(result) ? maybeApplied : result;
    if (retries >= limits.limit || !isRetryable(method, result)) return outcome;
    if ('failure' in result ? result.failure !== 'unsent' : result.status >= 500) maybeApplied ??= result;
    fresh = 'failure' in result && result.failure === 'stale';
    // A kept connection that was closed says nothing of Twilio: a new one is opened at once.
    const wait = fresh ? 0 : backoff(retries, result, limits, random);
    if (performance.now() + wait >= deadline) return outcome;
    if (wait > 0) await sleep(wait);
  }
}

function isRetryable<A>(method: string, result: Attempt<A>): boolean {
  const repeatable = method === 'GET' || method === 'DELETE';
  if ('failure' in result) return result.failure === 'unsent' || repeatable;
  return isThrottled(result) || (repeatable && result.status >= 500);
}

/** Refused before it was processed, for the moment. */
function isThrottled<A>(result: Attempt<A>): boolean {
  return 'status' in result && (result.status === 429 || result.code === 20422 || result.code === 20429);
}

function backoff<A>(
  retries: number,
  result: Attempt<A>,
  { minBackoffMs, maxBackoffMs }: RetryLimits,
  random: () => number,
): number {
  const jitter = random() * Math.min(maxBackoffMs, minBackoffMs * 2 ** retries);
  return Math.max(jitter, 'status' in result ? retryAfterMs(result.retryAfter) : 0);
}

/** `Retry-After` in seconds or as a date. */
function retryAfterMs(retryAfter = ''): number {
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}

function parseLimit(text = ''): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function sleepMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
