import { promise as createQueue } from 'fastq';

/** How many items wait at most, so that a long list does not fill the memory. */
const MAX_WAITING = 100;

/**
 * Works through items as they come, with at most `limit()` at a time, which may change meanwhile. The first error stops it: what is
 * under way ends, and nothing else begins.
 */
export async function workThrough<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: () => number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const queue = createQueue(async (item: T) => {
    if (failure) return;
    try {
      await work(item);
    } catch (error) {
      failure ??= { error };
    }
    queue.concurrency = limit();
  }, limit());
  for await (const item of items) {
    if (failure) break;
    queue.push(item);
    if (queue.length() < MAX_WAITING) continue;
    await new Promise<void>((resolve) => {
      queue.empty = resolve;
    });
  }
  await queue.drained();
  if (failure) throw failure.error;
}
