import { promise as createQueue } from 'fastq';

/** How many items wait at most, so that a long list does not fill the memory. */
const MAX_WAITING = 100;

/** Waits, for as long as somebody else may be at work, and then for a place. */
export type Rest = (wait: Promise<void>) => Promise<void>;

/**
 * Works through items as they come, with at most `limit()` at a time, which may change meanwhile; those that rest do not count.
 * The first error stops it: what is under way ends, and nothing else begins.
 */
export async function workThrough<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: () => number,
  work: (item: T, rest: Rest) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  let resting = 0;
  const adjust = () => {
    queue.concurrency = limit() + resting;
  };
  const queue = createQueue(async (task: () => Promise<void> | void) => {
    await task();
    adjust();
  }, limit());
  const rest: Rest = async (wait) => {
    resting += 1;
    adjust();
    try {
      await wait;
    } finally {
      await queue.unshift(() => {
        resting -= 1;
      });
    }
  };
  const workOn = async (item: T) => {
    if (failure) return;
    try {
      await work(item, rest);
    } catch (error) {
      failure ??= { error };
    }
  };
  for await (const item of items) {
    if (failure) break;
    queue.push(() => workOn(item));
    if (queue.length() < MAX_WAITING) continue;
    await new Promise<void>((resolve) => {
      queue.empty = resolve;
    });
  }
  await queue.drained();
  if (failure) throw failure.error;
}
