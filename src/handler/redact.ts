import type { Environment } from '../lib/environment';

const REDACTED = '(redacted)';
/** Levels of a response that are kept; ours have six. JSON.stringify overflows at a depth that JSON.parse accepts. */
const MAX_DEPTH = 16;

/**
 * Copies a response or a log line without the auth token, an API key's secret, and the `Authorization` values made of them. This
 * bundle writes none of them, but Twilio's errors, or a proxy's, may echo the request.
 */
export function redact<T>(output: T, env: Environment): T {
  const { ACCOUNT_SID, AUTH_TOKEN, TWILIO_API_KEY, TWILIO_API_SECRET } = env;
  const text = (value: string): string =>
    withoutSecret(withoutSecret(value, ACCOUNT_SID, AUTH_TOKEN), TWILIO_API_KEY, TWILIO_API_SECRET);
  const copy = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth === 0) return '(too deep)';
    if (Array.isArray(value)) return value.map((item) => copy(item, depth - 1));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), copy(item, depth - 1)]));
  };
  return copy(output, MAX_DEPTH) as T;
}

function withoutSecret(text: string, user = '', secret = ''): string {
  if (!secret) return text;
  // 44 characters encode most of the SID: the rest may have been cut off.
  const basic = Buffer.from(`${user}:${secret}`).toString('base64').slice(0, 44);
  const [start, ...rest] = text.replaceAll(secret, REDACTED).split(basic);
  return start + rest.map((after) => REDACTED + after.replace(/^[\w+/=%-]*/, '')).join('');
}
