import { ApiError } from '../lib/api-error';
import { didYouMean, oneOf, quote } from '../lib/error-text';
import type { Policy } from '../policy/policy';
import type { Conversation } from '../webhooks/conversation';
import { type ReplayAfter, replayFrom } from '../webhooks/replay-after';
import type { Decision } from './commit';

/**
 * The decision of a caller who sends a profile; undefined without one. Rules do not match the messages before it.
 * @throws ApiError 20001
 */
export async function requestedDecision(
  profile: string | undefined,
  replayAfter: ReplayAfter | undefined,
  { profiles }: Policy,
  conversation: Conversation,
): Promise<Decision | undefined> {
  if (profile === undefined) {
    if (replayAfter === undefined) return undefined;
    throw new ApiError(20001, 'ReplayAfter requires Profile; send both');
  }
  if (!Object.hasOwn(profiles, profile)) {
    const names = Object.keys(profiles);
    const hint = didYouMean(profile, names) || `; it has ${oneOf(names, 'and')}`;
    throw new ApiError(20001, `Profile ${quote(profile)} is not in the policy${hint}`);
  }
  const newest = await conversation.newestIndex();
  return { profile, since: newest === undefined ? 0 : newest + 1, replay: replayFrom(replayAfter, newest) };
}
