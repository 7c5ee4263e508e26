import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { isLoopback } from '../../src/lib/url';
import { CliError } from '../errors';
import type { Options } from './options';

/** Longer than a function may run: the platform ends it after ten seconds. */
const TIMEOUT_MS = 15_000;
/** The exit code if there was no response. */
const NO_RESPONSE = 3;

export interface FunctionResponse {
  readonly status: number;
  readonly text: string;
  /** The text as JSON; undefined if it is not JSON. */
  readonly json: unknown;
}

/**
 * Calls a function as Twilio does: a form by POST, signed with the auth token, which itself is not sent. Without a token
 * there is no signature. Redirects are not followed: the signature is for one URL.
 * @throws CliError 3 if there is no response
 */
export async function request({ url, parameters, variables }: Options): Promise<FunctionResponse> {
  const token = variables.AUTH_TOKEN;
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(parameters.map(([key, value]): [string, string] => [key, value])),
      ...(token && { headers: { 'X-Twilio-Signature': signature(token, url, parameters) } }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, text, json: parse(text) };
  } catch (error) {
    throw new CliError(noResponse(url, error), NO_RESPONSE);
  }
}

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security */
function signature(token: string, url: URL, parameters: Options['parameters']): string {
  // Without a prototype, so that any name is a key.
  const params: Record<string, string[]> = Object.create(null);
  for (const [key, value] of parameters) {
    params[key] ??= [];
    params[key].push(value);
  }
  return getExpectedTwilioSignature(token, url.href, params);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noResponse({ origin, hostname }: URL, error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  if (name === 'TimeoutError') return `${origin} did not respond within ${TIMEOUT_MS / 1000} s`;
  const reason = cause?.code ? ` (${cause.code})` : '';
  const hint = isLoopback(hostname) ? '; start the functions with npm start' : '';
  return `${origin} is unreachable${reason}${hint}`;
}
