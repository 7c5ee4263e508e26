import { isThrottled } from '../lib/api-error';
import type { Environment } from '../lib/environment';
import { sleep } from '../lib/sleep';

/** How often a request is retried, and the bounds of the backoff. */
export interface RetryLimits {
  readonly limit: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** The outcome of one attempt. */
export type Attempt<A> =
  | {
      readonly response: A;
      readonly status: number;
      readonly code?: unknown;
      readonly retryAfter?: string | undefined;
    }
  /** `unsent`: never sent. `stale`: a kept-alive connection was closed, most likely before it arrived. `lost`: may have arrived. */
  | { readonly failure: 'unsent' | 'stale' | 'lost'; readonly reason: string };

interface RetryOptions {
  readonly limits: RetryLimits;
  /** When to respond, on the clock of performance.now(). */
  readonly deadline: number;
  /** When it is too late to send the request again, on that clock. */
  readonly sendBefore?: number | undefined;
  readonly random?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** The names are those of Twilio's Flex project template; readCredentials has checked the values. */
export function retryLimits(env: Environment): RetryLimits {
  const minBackoffMs = Number(env.TWILIO_SERVICE_MIN_BACKOFF || 100);
  return {
    limit: Number(env.TWILIO_SERVICE_RETRY_LIMIT || 5),
    minBackoffMs,
    maxBackoffMs: Math.max(minBackoffMs, Number(env.TWILIO_SERVICE_MAX_BACKOFF || 3_000)),
  };
}

/**
 * Retries a request where that cannot apply it twice, and returns the last attempt. A throttled request (429, 20422) and one
 * that was never sent are always retried; after a 5xx, a conflict (409), or if it may have arrived, only a GET or a DELETE is. Waits with
 * exponential backoff and full jitter, at least as long as `Retry-After` says; stops if the deadline comes first.
 *
 * After a DELETE that may have been applied, a 404 means that it was: it counts as a 204. If the retries are only throttled
 * then, that attempt is returned, as a 429 would mean that nothing was done.
 */
export async function withRetries<A>(
  method: string,
  attempt: (retries: number, fresh: boolean) => Promise<Attempt<A>>,
  { limits, deadline, sendBefore = deadline, random = Math.random, sleep: pause = sleep }: RetryOptions,
): Promise<Attempt<A>> {
  let maybeApplied: Attempt<A> | undefined;
  let fresh = false;
  for (let retries = 0; ; retries++) {
    const result = await attempt(retries, fresh);
    if (method === 'DELETE' && maybeApplied && 'status' in result && result.status === 404)
      return { ...result, status: 204 };
    const outcome = maybeApplied && method === 'DELETE' && wasThrottled(result) ? maybeApplied : result;
    if (retries >= limits.limit || !isRetryable(method, result)) return outcome;
    if (mayHaveApplied(result)) maybeApplied ??= result;
    fresh = 'failure' in result && result.failure === 'stale';
    // A closed kept-alive connection says nothing about Twilio: retry on a new one at once.
    const wait = fresh ? 0 : backoff(retries, result, limits, random);
    if (performance.now() + wait >= deadline) return outcome;
    // Also before a request that is not sent again: whoever sends the next one waits as long as Twilio asked for.
    if (wait > 0) await pause(wait);
    if (performance.now() >= sendBefore) return outcome;
  }
}

function isRetryable<A>(method: string, result: Attempt<A>): boolean {
  const idempotent = method === 'GET' || method === 'DELETE';
  if ('failure' in result) return result.failure === 'unsent' || idempotent;
  return wasThrottled(result) || (idempotent && (result.status >= 500 || result.status === 409));
}

function wasThrottled<A>(result: Attempt<A>): boolean {
  return 'status' in result && isThrottled(result);
}

function mayHaveApplied<A>(result: Attempt<A>): boolean {
  if ('failure' in result) return result.failure !== 'unsent';
  return result.status >= 500 && !wasThrottled(result);
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
