import { version } from '../../package.json';
import { ApiError } from '../lib/api-error';
import { parseUrl } from '../lib/parse-url';
import type { Credentials } from './credentials';
import { codeForStatus, toApiError, unexpectedResponse } from './errors';
import { NoResponseError, request, TIMED_OUT, type WireResponse } from './request';
import { type Attempt, type RetryLimits, withRetries } from './retry';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Its path and query are requested, at the origin of the credentials. */
  readonly url: string;
  /** Names and values. */
  readonly form: [name: string, value: string][] | undefined;
  /** More than every request has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response with a status of 2xx. */
export interface ApiResponse {
  /** Parsed JSON; undefined without content. */
  readonly body: unknown;
  readonly date: string | undefined;
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
  /** Called for each response, also of an attempt that is retried. */
  onResponse?: ((response: WireResponse) => void) | undefined;
}

// Leaves time to retry a request that may be retried.
const ATTEMPT_TIMEOUT_MS = 3_000;

/**
 * Sends a request to the API, with retries where they are safe. The credentials go to `credentials.baseUrl` only, whatever URL
 * is requested (that of a next page, say).
 * @throws ApiError Twilio's; 20503 without a response, 20500 for one that is not JSON or a next page that is not a URL; never the network error
 * itself, which carries the request's headers
 */
export async function send(
  { method, url: requested, form: pairs, headers: more }: ApiRequest,
  { credentials, limits, deadline, sendBefore, onAttempt, onResponse }: SendOptions,
): Promise<ApiResponse> {
  const url = atOrigin(credentials.baseUrl, requested);
  const form = pairs && new URLSearchParams(pairs).toString();
  const headers = {
    Accept: 'application/json',
    Authorization: credentials.authorization,
    'User-Agent': `conversation-webhooks/${version} (node ${process.versions.node})`,
    ...(form !== undefined && {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(form),
    }),
    ...more,
  };
  const result = await withRetries(
    method,
    (retries, fresh) => {
      onAttempt(retries);
      const timeoutMs =
        method === 'POST' ? deadline : Math.min(deadline, performance.now() + ATTEMPT_TIMEOUT_MS);
      return attempt(request(url, { method, headers, form, deadline: timeoutMs, fresh }), onResponse);
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
  const body = status === 204 ? undefined : parse(response.text, status);
  if (status < 200 || status > 299) throw toApiError(status, body);
  return { body, date: response.headers.date };
}

/** The path and query of a URL at this origin. Resolved against the origin, a path such as `//host` would be another one. */
function atOrigin(origin: string, text: string): URL {
  const requested = parseUrl(text);
  if (!requested) throw unexpectedResponse();
  const url = new URL(origin);
  url.pathname = requested.pathname;
  url.search = requested.search;
  return url;
}

async function attempt(
  requested: Promise<WireResponse>,
  onResponse: SendOptions['onResponse'],
): Promise<Attempt<WireResponse>> {
  try {
    const response = await requested;
    onResponse?.(response);
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
