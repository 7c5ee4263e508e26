import type { IncomingHttpHeaders } from 'node:http';
import type { RequestOpts } from 'twilio/lib/base/BaseTwilio';
import { version } from '../../package.json';
import { ApiError } from '../lib/api-error';
import type { Account } from './account';
import { exchange, NO_ANSWER, Unanswered, type WireAnswer } from './exchange';
import { codeOf } from './failure';
import { type Attempt, type RetryLimits, withRetries } from './retry';

/** What the helper library's resource classes read of an answer; `body` is parsed JSON. */
export interface TwilioAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** Until when there has to be an answer, and what is to be known of the way to it. */
export interface Sending {
  readonly account: Account;
  readonly limits: RetryLimits;
  /** The deadline, on the clock of performance.now(). */
  readonly until: number;
  /** Called for each attempt; `retries` came before it. */
  attempted(retries: number): void;
}

// A request that may be repeated does not wait for one answer until the deadline.
const PATIENCE = 3_000;

/**
 * One request to the API, as the helper library's Version and Domain ask for it, repeated where that is safe. Whatever URL
 * is asked for, a next page's say, only `account.baseUrl` is sent the credentials.
 * @throws ApiError 20503 without an answer, 20500 with one that is no JSON. Never the network error itself, which would
 * carry the request's headers outward.
 */
export async function send(options: RequestOpts, sending: Sending): Promise<TwilioAnswer> {
  const { account, limits, until } = sending;
  const asked = new URL(`${options.uri}`);
  const url = new URL(asked.pathname + asked.search, account.baseUrl);
  for (const [name, value] of pairs(options.params)) url.searchParams.append(name, value);
  const form = options.data === undefined ? undefined : new URLSearchParams(pairs(options.data)).toString();
  const method = `${options.method}`.toUpperCase();
  const headers = {
    ...options.headers,
    Authorization: account.authorization,
    'User-Agent': `conversation-webhooks/${version} (node ${process.versions.node})`,
    ...(form !== undefined && { 'Content-Length': Buffer.byteLength(form) }),
  };
  const result = await withRetries(
    method,
    (retries, fresh) => {
      sending.attempted(retries);
      const patience = method === 'POST' ? until : Math.min(until, performance.now() + PATIENCE);
      return attempt(exchange(url, { method, headers, form, until: patience, fresh }));
    },
    { limits, until },
  );
  if ('failure' in result)
    throw new ApiError(
      20503,
      result.reason === NO_ANSWER
        ? 'Twilio did not answer in the time that this function has; try again'
        : `Twilio could not be reached (${result.reason}); try again`,
    );
  const { status, answer } = result;
  return {
    statusCode: status,
    headers: answer.headers,
    body: status === 204 ? undefined : parse(answer.text, status),
  };
}

async function attempt(exchanged: Promise<WireAnswer>): Promise<Attempt<WireAnswer>> {
  try {
    const answer = await exchanged;
    const { status, headers, text } = answer;
    const code = status === 422 ? (parse(text, status) as { code?: unknown } | null)?.code : undefined;
    return { answer, status, code, retryAfter: headers['retry-after'] };
  } catch (error) {
    if (error instanceof Unanswered) return { failure: error.failure, reason: error.message };
    throw error;
  }
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // These two say what to do without a body: nothing was done, or it is not known.
    if (status === 429 || status === 503)
      throw new ApiError(codeOf(status), `Twilio answered ${status}; try again`, undefined, status);
    throw new ApiError(20500, `Twilio answered ${status} with something that is no JSON; try again`);
  }
}

function pairs(values: object = {}): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, `${item}`]),
  );
}
