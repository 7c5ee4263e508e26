import { redact } from '../src/handler/redact';
import type { Environment } from '../src/lib/environment';

const MAX_LENGTH = 500;

/** Text from elsewhere, safe to print: without secrets, without control characters, which a terminal would obey, and cut short. */
export function sanitize(text: string, variables: Environment): string {
  const safe = stripControlCharacters(redact(text, variables));
  return safe.length > MAX_LENGTH ? `${safe.slice(0, MAX_LENGTH)}…` : safe;
}

export function stripControlCharacters(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
