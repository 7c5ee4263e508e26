import { createHash } from 'node:crypto';

/** The same values in the same order for the same seed. `position` is how many were drawn; once set, it goes on from there. */
export interface Sequence<T> {
  (): T;
  position: number;
}

/** Hexadecimal digests. */
export const digests = (seed: string): Sequence<string> => sequence((position) => digest(seed, position));

/** Numbers from 0 up to 1, never 1 itself. */
export const numbers = (seed: string): Sequence<number> =>
  sequence((position) => Number.parseInt(digest(seed, position).slice(0, 13), 16) / 2 ** 52);

function sequence<T>(valueAt: (position: number) => T): Sequence<T> {
  const next = () => {
    next.position += 1;
    return valueAt(next.position);
  };
  next.position = 0;
  return next;
}

const digest = (seed: string, position: number) =>
  createHash('sha256').update(`${seed}:${position}`).digest('hex');
