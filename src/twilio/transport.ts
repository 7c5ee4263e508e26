import type { IncomingHttpHeaders } from 'node:http';
import type { RequestOpts } from 'twilio/lib/base/BaseTwilio';
import { version } from '../../package.json';
import { ApiError } from '../lib/api-error';
import type { Credentials } from './credentials';
import { codeForStatus } from './errors';
import { NoResponseError, request, TIMED_OUT, type WireResponse } from './request';
import { type Attempt, type RetryLimits, withRetries } from './retry';

/** What the helper library's resource classes read of an answer; `body` is parsed JSON. */
export interface TwilioResponse {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** Until when there has to be an answer, and what is to be known of the way to it. */
export interface SendOptions {
  readonly credentials: Credentials;
  readonly limits: RetryLimits;
  /** The deadline, on the clock of performance.now(). */
  readonly deadline: number;
  /** Called for each attempt; `retries` came before it. */
  onAttempt(retries: number): void;
}

// A request that may be repeated does not wait for one response until the deadline.
const ATTEMPT_TIMEOUT_MS = 3_000;

/**
 * One request to the API, as the helper library's Version and Domain ask for it, repeated where that is safe. Whatever URL
 * is asked for, a next page's say, only `credentials.baseUrl` is sent the credentials.
 * @throws ApiError 20503 without an answer, 20500 with one that is no JSON. Never the network error itself, which would
 * carry the request's headers outward.
 */
export async function send(options: RequestOpts, sending: SendOptions): Promise<TwilioResponse> {
  const { credentials, limits, deadline } = sending;
  const asked = new URL(`${options.uri}`);
  const url = new URL(asked.pathname + asked.search, credentials.baseUrl);
  for (const [name, value] of toPairs(options.params)) url.searchParams.append(name, value);
  const form = options.data === undefined ? undefined : new URLSearchParams(toPairs(options.data)).toString();
  const method = `${options.method}`.toUpperCase();
  const headers = {
    ...options.headers,
    Authorization: credentials.authorization,
    'User-Agent': `conversation-webhooks/${version} (node ${process.versions.node})`,
    ...(form !== undefined && { 'Content-Length': Buffer.byteLength(form) }),
  };
  const result = await withRetries(
    method,
    (retries, fresh) => {
      sending.onAttempt(retries);
      const timeoutMs =
        method === 'POST' ? deadline : Math.min(deadline, performance.now() + ATTEMPT_TIMEOUT_MS);
      return attempt(request(url, { method, headers, form, deadline: timeoutMs, fresh }));
    },
    { limits, deadline },
  );
  if ('failure' in result)
    throw new ApiError(
      20503,
      result.reason === TIMED_OUT
        ? 'Twilio did not answer in the time that this function has; try again'
        : `Twilio could not be reached (${result.reason}); try again`,
    );
  const { status, response } = result;
  return {
    statusCode: status,
    headers: response.headers,
    body: status === 204 ? undefined : parse(response.text, status),
  };
}

async function attempt(requested: Promise<WireResponse>): Promise<Attempt<WireResponse>> {
  try {
    const response = await requested;
    const { status, headers, text } = response;
    const code = status === 422 ? (parse(text, status) as { code?: unknown } | null)?.code : undefined;
    return { response, status, code, retryAfter: headers['retry-after'] };
  } catch (error) {
    if (error instanceof NoResponseError) return { failure: error.failure, reason: error.message };
    throw error;
  }
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // These two say what to do without a body: nothing was done, or it is not known.
    if (status === 429 || status === 503)
      throw new ApiError(codeForStatus(status), `Twilio answered ${status}; try again`, undefined, status);
    throw new ApiError(20500, `Twilio answered ${status} with something that is no JSON; try again`);
  }
}

function toPairs(values: object = {}): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, `${item}`]),
  );
}
