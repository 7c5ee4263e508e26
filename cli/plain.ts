import { redact } from '../src/handler/redact';
import type { Environment } from '../src/lib/environment';

const LONGEST = 500;

/**
 * What somebody else wrote, as it may stand in a terminal: without the secrets, without control characters, which a
 * terminal would carry out, and not too long.
 */
export function plain(text: string, variables: Environment): string {
  const safe = printable(redact(text, variables));
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe;
}

export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
