import type { Environment } from '../lib/environment';

const HIDDEN = '(hidden)';
/** Levels of an answer that are passed on: ours have six. JSON.stringify gives up where JSON.parse does not. */
const MAX_DEPTH = 16;

/**
 * A copy of what is about to leave the function, for a caller or for the log, in which no text has the auth token or the
 * `Authorization` value made of it. This bundle puts neither anywhere; but a Twilio error, or whatever stands between here
 * and Twilio, may repeat what it was sent.
 */
export function redact<T>(leaving: T, { ACCOUNT_SID = '', AUTH_TOKEN = '' }: Environment): T {
  // 44 characters are the SID but for its end: whatever begins like this is hidden, as it may have been cut off.
  const basic = Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64').slice(0, 44);
  const text = (value: string): string => {
    if (AUTH_TOKEN === '') return value;
    const [start, ...rest] = value.replaceAll(AUTH_TOKEN, HIDDEN).split(basic);
    return start + rest.map((after) => HIDDEN + after.replace(/^[\w+/=%-]*/, '')).join('');
  };
  const copy = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth === 0) return '(too deep)';
    if (Array.isArray(value)) return value.map((item) => copy(item, depth - 1));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), copy(item, depth - 1)]));
  };
  return copy(leaving, MAX_DEPTH) as T;
}
