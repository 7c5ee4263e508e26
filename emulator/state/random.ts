import { createHash } from 'node:crypto';

/** Hexadecimal digests, the same sequence for the same seed. */
export function digests(seed: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed}:${count}`).digest('hex');
  };
}

/** Numbers from 0 up to 1, never 1 itself. */
export function numbers(seed: string): () => number {
  const next = digests(seed);
  return () => Number.parseInt(next().slice(0, 13), 16) / 2 ** 52;
}
