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

/** The result of an event that needs no API call. */
interface Ignored {
  readonly result: 'ignored';
  readonly why: string;
}

/** The desired state of a conversation. `serviceSid` is undefined for the default service. */
export function desiredState(policy: Policy, site: Site, serviceSid: string | undefined): DesiredState {
  const { webhooks, profiles, formerDomains } = policy;
  return { webhooks, profiles, router: { site, formerDomains, filters: routerFilters(policy), serviceSid } };
}

interface Occasion {
  readonly policy: Policy;
  readonly desired: DesiredState;
  readonly event: ConversationEvent;
  /** `At` of the router's URL that received the event: Unix seconds, 0 if there is none. */
  readonly decidedAt: number;
  readonly clock?: SyncRequest['clock'];
}

/**
 * Handles an event of a conversation. If a rule's conditions match, the current router decides, as the URL that received the
 * event may be older. Otherwise the event may still complete a sync that crashed: if the URL's decision is recent, but its
 * lease is over.
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
  return { result: 'ignored', why: 'no rule matches' };
}

/** The decision of the first rule that applies. A message is matched only once. */
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

// Both times are on Twilio's clock.
function secondsSince(at: number, event: ConversationEvent): number {
  const date = newestDate(event);
  return date && at > 0 ? date.getTime() / 1000 - at : Number.NaN;
}
