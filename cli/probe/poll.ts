import { setTimeout as sleep } from 'node:timers/promises';
import { StoppedError } from './api';

const FIRST_PAUSE_MS = 100;
/** More than `poll` calls within the longest --wait. */
export const MAX_POLLS = 12;

/**
 * Looks until there is something, with longer and longer pauses. @returns undefined if there is nothing after so long
 * @throws StoppedError
 */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<T | undefined> {
  const end = performance.now() + waitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    const found = await look();
    const leftMs = end - performance.now();
    if (found !== undefined || leftMs <= 0) return found;
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => {
      throw new StoppedError();
    });
  }
}
