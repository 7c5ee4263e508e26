import { firstApplicableRule } from '../policy/match';
import { replayFrom } from '../webhooks/replay-after';
import type { StoredState } from '../webhooks/router';
import { type DesiredState, profileToday } from './desired-state';
import type { EventTrigger, RequestedProfile, Trigger } from './trigger';

/** The profile that a conversation is to enter. */
export interface Decision {
  readonly key: string;
  readonly profile: string;
  /** Index of the first message that the profile's webhooks must receive; undefined until the newest index is known. */
  readonly replay: number | undefined;
  /** Index of the first message that a new router receives; undefined until the newest index is known. */
  readonly routerReplay: number | undefined;
  /** The rule's name, or its position in the policy. */
  readonly rule?: string | number;
}

export const DECIDED_BEFORE = 'decided before';

/** Why a run decides nothing. */
export interface NoDecision {
  readonly why: string;
}

/**
 * What a trigger decides, by the state of the router.
 * @param state undefined without a router
 * @param newest index of the newest message, -1 in an empty conversation; undefined if it is not known
 */
export function decide(
  trigger: Trigger,
  state: StoredState | undefined,
  desired: DesiredState,
  newest: number | undefined,
): Decision | NoDecision {
  if (trigger.kind === 'repair') return { why: 'no profile requested' };
  if (state?.Done.includes(trigger.key)) return { why: DECIDED_BEFORE };
  const profile = state && (profileToday(desired, state.Profile) ?? state.Profile);
  return trigger.kind === 'request'
    ? decideRequest(trigger, profile, newest)
    : decideEvent(trigger, profile, newest);
}

export function isDecision(found: Decision | NoDecision): found is Decision {
  return 'key' in found;
}

function decideRequest(
  { key, profile, replayAfter }: RequestedProfile,
  current: string | undefined,
  newest: number | undefined,
): Decision | NoDecision {
  if (profile === current) {
    const unheard = replayAfter === undefined ? '' : '; ReplayAfter has no effect';
    return { why: `already in profile ${profile}${unheard}` };
  }
  const known = newest === undefined ? undefined : { newest: newest < 0 ? undefined : newest };
  const absolute = typeof replayAfter === 'number' || replayAfter === 'start';
  return {
    key,
    profile,
    replay: absolute
      ? replayFrom(replayAfter, undefined)
      : known && replayFrom(replayAfter ?? 'next', known.newest),
    routerReplay: newest === undefined ? undefined : newest + 1,
  };
}

function decideEvent(
  { key, rules, added, about }: EventTrigger,
  current: string | undefined,
  newest: number | undefined,
): Decision | NoDecision {
  if (rules.length === 0) return { why: 'no rule matches' };
  const rule = firstApplicableRule(rules, current);
  if (!rule)
    return {
      why: `no rule matches in ${current === undefined ? 'an unmanaged conversation' : `profile ${current}`}`,
    };
  if (rule.profile === current) return { why: `already in profile ${current}` };
  const known = added ?? newest;
  const next = known === undefined ? undefined : known + 1;
  const replay = { start: 0, this: added ?? about, next }[rule.replay];
  return { key, profile: rule.profile, replay, routerReplay: 0, rule: rule.name ?? rule.index };
}
