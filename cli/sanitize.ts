import { redact } from '../src/handler/redact';
import type { Environment } from '../src/lib/environment';
import { parseUrl } from '../src/lib/parse-url';

const MAX_LENGTH = 500;

/** Text from elsewhere, safe to print: without secrets, without control characters, which a terminal would obey, and cut short. */
export function sanitize(text: string, variables: Environment): string {
  const safe = stripControlCharacters(redact(text, variables));
  return safe.length > MAX_LENGTH ? `${safe.slice(0, MAX_LENGTH)}…` : safe;
}

export function stripControlCharacters(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}

/** A URL without what may be a secret: user name, password, query and fragment. @param otherwise if it is not valid */
export function sanitizeUrl(url: string, otherwise: string): string {
  const parsed = parseUrl(url);
  return parsed ? parsed.origin + parsed.pathname : otherwise;
}
