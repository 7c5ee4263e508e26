import { messageIndex, newestDate } from '../events/position';
import type { ConversationEvent } from '../events/types';
import type { Site } from '../lib/url';
import { firstApplicableRule, matchingRules, routerFilters } from '../policy/match';
import type { Policy } from '../policy/policy';
import type { Rule } from '../policy/schema/rules';
import type { Conversation } from '../webhooks/conversation';
import type { RouterState } from '../webhooks/router';
import type { Decision } from './commit';
import type { DesiredState } from './plan';
import type { SyncResult } from './result';
import { REPLAY_PROMISE_S, RUN_LEASE_S, type SyncRequest, sync } from './session';

/** An event that changes nothing, and that no API call was made for. */
interface Ignored {
  readonly result: 'ignored';
  readonly why: string;
}

/** What the policy asks of a conversation of a service; undefined: the default one. */
export function desiredState(policy: Policy, site: Site, serviceSid: string | undefined): DesiredState {
  const { webhooks, profiles, formerDomains } = policy;
  return { webhooks, profiles, router: { site, formerDomains, filters: routerFilters(policy), serviceSid } };
}

interface Occasion {
  readonly policy: Policy;
  readonly desired: DesiredState;
  readonly event: ConversationEvent;
  /** When the decision was made that the URL tells of by which the event came: Unix seconds, 0 where it does not say. */
  readonly decidedAt: number;
  readonly clock?: SyncRequest['clock'];
}

/**
 * Does what an event of a conversation calls for. Where some rule's condition holds, it is judged against the router as it
 * is now: the URL that the event came by may be older. Else it may still be the one that finishes what a run left undone
 * that died: its URL says whether a decision was made not long ago, and its lease is over.
 */
export async function handleEvent(
  conversation: Conversation,
  occasion: Occasion,
): Promise<SyncResult | Ignored> {
  const { policy, event, decidedAt, ...request } = occasion;
  const rules = matchingRules(policy, event);
  if (rules.length > 0)
    return sync(conversation, { ...request, decide: (router) => decide(rules, event, router) });
  const age = secondsSince(decidedAt, event);
  if (age >= RUN_LEASE_S && age <= REPLAY_PROMISE_S) return sync(conversation, request);
  return { result: 'ignored', why: 'no rule of the policy is about it' };
}

/** The decision of the first rule that is in force; a message that was judged before is not judged again. */
function decide(
  rules: readonly Rule[],
  event: ConversationEvent,
  router: RouterState | undefined,
): Decision | undefined {
  const index = messageIndex(event);
  if (router && index !== undefined && index < router.Since) return undefined;
  const rule = firstApplicableRule(rules, router?.Profile);
  if (!rule) return undefined;
  const replay = { start: 0, this: index, next: undefined }[rule.replay];
  return { profile: rule.profile, since: index === undefined ? 0 : index + 1, replay };
}

// Both are on Twilio's clock.
function secondsSince(at: number, event: ConversationEvent): number {
  const date = newestDate(event);
  return date && at > 0 ? date.getTime() / 1000 - at : Number.NaN;
}
