import type { IncomingHttpHeaders } from 'node:http';
import type { RequestOpts } from 'twilio/lib/base/BaseTwilio';
import { version } from '../../package.json';
import { ApiError } from '../lib/api-error';
import { parseUrl } from '../lib/parse-url';
import type { Credentials } from './credentials';
import { codeForStatus, unexpectedResponse } from './errors';
import { NoResponseError, request, TIMED_OUT, type WireResponse } from './request';
import { type Attempt, type RetryLimits, withRetries } from './retry';

/** What the helper library's resource classes read of a response; `body` is parsed JSON. */
export interface TwilioResponse {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface SendOptions {
  readonly credentials: Credentials;
  readonly limits: RetryLimits;
  /** The deadline, on the clock of performance.now(). */
  readonly deadline: number;
  /** When it is too late to send the request again, on that clock. */
  readonly sendBefore?: number | undefined;
  /** Called for each attempt; `retries` came before it. */
  onAttempt(retries: number): void;
}

// Leaves time to retry a request that may be retried.
const ATTEMPT_TIMEOUT_MS = 3_000;

/**
 * Sends a request of the helper library to the API, with retries where they are safe. The credentials go to
 * `credentials.baseUrl` only, whatever URL is requested (that of a next page, say).
 * @throws ApiError 20503 without a response, 20500 for one that is not JSON or a next page that is not a URL; never the network error itself, which carries
 * the request's headers
 */
export async function send(options: RequestOpts, sending: SendOptions): Promise<TwilioResponse> {
  const { credentials, limits, deadline, sendBefore } = sending;
  const url = atOrigin(credentials.baseUrl, `${options.uri}`);
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
    { limits, deadline, sendBefore },
  );
  if ('failure' in result)
    throw new ApiError(
      20503,
      result.reason === TIMED_OUT
        ? 'Twilio did not respond in time; try again'
        : `Twilio could not be reached (${result.reason}); try again`,
    );
  const { status, response } = result;
  return {
    statusCode: status,
    headers: response.headers,
    body: status === 204 ? undefined : parse(response.text, status),
  };
}

/** The path and query of a URL at this origin. Resolved against the origin, a path such as `//host` would be another one. */
function atOrigin(origin: string, uri: string): URL {
  const requested = parseUrl(uri);
  if (!requested) throw unexpectedResponse();
  const url = new URL(origin);
  url.pathname = requested.pathname;
  url.search = requested.search;
  return url;
}

async function attempt(requested: Promise<WireResponse>): Promise<Attempt<WireResponse>> {
  try {
    const response = await requested;
    const { status, headers, text } = response;
    return { response, status, code: errorCode(text, status), retryAfter: headers['retry-after'] };
  } catch (error) {
    if (error instanceof NoResponseError) return { failure: error.failure, reason: error.message };
    throw error;
  }
}

/** Undefined if it is not an error, or has no code that can be read. */
function errorCode(text: string, status: number): unknown {
  if (status < 400) return undefined;
  try {
    return (JSON.parse(text) as { code?: unknown } | null)?.code;
  } catch {
    return undefined;
  }
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // These two need no body: the status alone says what to do.
    if (status === 429 || status === 503)
      throw new ApiError(codeForStatus(status), `Twilio returned ${status}; try again`, undefined, status);
    throw new ApiError(20500, `Twilio returned ${status} with a body that is not JSON; try again`);
  }
}

function toPairs(values: object = {}): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, `${item}`]),
  );
}
