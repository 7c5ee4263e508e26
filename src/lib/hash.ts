import { createHash, randomBytes } from 'node:crypto';

/** The first characters of a text's SHA-256, in base64url. */
export function shortHash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}

/** Characters of each hash in a router's URL. */
export const STATE_HASH_LENGTH = 5;

/** The hash of a decision or a webhook in a router's URL. */
export function stateHash(text: string): string {
  return shortHash(text, STATE_HASH_LENGTH);
}

/** For a decision that nothing else identifies. */
export function randomStateHash(): string {
  return randomBytes(STATE_HASH_LENGTH).toString('base64url').slice(0, STATE_HASH_LENGTH);
}
