import { ApiError } from '../lib/api-error';
import { quote } from '../lib/error-text';
import type { Conversation } from './conversation';

/** The first earlier message that a new webhook receives. */
export type ReplayAfter = number | 'start' | 'latest' | 'next';

// The API takes a 32-bit integer.
const MAX_INDEX = 2 ** 31 - 1;

/** @throws ApiError 20001 */
export function parseReplayAfter(value: string | undefined): ReplayAfter | undefined {
  if (value === undefined || value === 'start' || value === 'latest' || value === 'next') return value;
  const index = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (index <= MAX_INDEX) return index;
  throw new ApiError(
    20001,
    `ReplayAfter ${quote(value)} is not a message index (0, 1, …), start, latest or next`,
  );
}

/**
 * The message index for Twilio, which is inclusive: `start` is 0, `latest` the newest message, `next` the one after it. In
 * an empty conversation all three are 0.
 * @param newest index of the newest message; undefined in an empty conversation
 */
export function replayFrom(
  replayAfter: ReplayAfter | undefined,
  newest: number | undefined,
): number | undefined {
  switch (replayAfter) {
    case 'start':
      return 0;
    case 'latest':
      return newest ?? 0;
    case 'next':
      return newest === undefined ? 0 : newest + 1;
    default:
      return replayAfter;
  }
}

/** Like replayFrom, but fetches the newest message only if needed. */
export async function replayIndex(
  replayAfter: ReplayAfter | undefined,
  conversation: Conversation,
): Promise<number | undefined> {
  const relative = replayAfter === 'latest' || replayAfter === 'next';
  return replayFrom(replayAfter, relative ? await conversation.newestIndex() : undefined);
}
