import { ApiError } from '../errors';
import { quote } from '../wording';
import type { Conversation } from './conversation';

/** From which message on a new webhook is sent what was there before it: an index, or one of three words. */
export type ReplayAfter = number | 'start' | 'latest' | 'next';

/** @throws ApiError 20001 */
export function parseReplayAfter(value: string | undefined): ReplayAfter | undefined {
  if (value === undefined || value === 'start' || value === 'latest' || value === 'next') return value;
  const index = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(index)) return index;
  throw new ApiError(
    20001,
    `ReplayAfter ${quote(value)} is neither a message index (0, 1, …) nor start, latest or next`,
  );
}

/**
 * The message index that Twilio takes, which is inclusive: `start` is 0, `latest` the newest message, `next` the one that
 * will follow it. In an empty conversation all three are 0.
 */
export async function replayIndex(
  replayAfter: ReplayAfter | undefined,
  conversation: Conversation,
): Promise<number | undefined> {
  if (replayAfter === undefined || typeof replayAfter === 'number') return replayAfter;
  if (replayAfter === 'start') return 0;
  const newest = await conversation.newestIndex();
  if (newest === undefined) return 0;
  return replayAfter === 'latest' ? newest : newest + 1;
}
