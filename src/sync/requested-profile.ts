import { ApiError } from '../lib/api-error';
import { didYouMean, oneOf, quote } from '../lib/error-text';
import { randomStateHash } from '../lib/hash';
import type { ReplayAfter } from '../webhooks/replay-after';
import { type DesiredState, profileToday } from './desired-state';
import type { Trigger } from './trigger';

/**
 * What a caller asks for: a profile, by its name or a former one, or to repair the current one.
 * @throws ApiError 20001
 */
export function requestedProfile(
  profile: string | undefined,
  replayAfter: ReplayAfter | undefined,
  desired: DesiredState,
): Trigger {
  if (profile === undefined) {
    if (replayAfter === undefined) return { kind: 'repair' };
    throw new ApiError(20001, 'ReplayAfter requires Profile; send both');
  }
  const today = profileToday(desired, profile);
  if (today === undefined) {
    const names = Object.keys(desired.profiles);
    const hint = didYouMean(profile, names) || `; it has ${oneOf(names, 'and')}`;
    throw new ApiError(20001, `Profile ${quote(profile)} is not in the policy${hint}`);
  }
  return { kind: 'request', key: randomStateHash(), profile: today, replayAfter };
}
