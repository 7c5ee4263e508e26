import { messageIndex, newestDate } from '../events/position';
import type { ConversationEvent } from '../events/types';
import type { Site } from '../lib/url';
import { candidates, routerFilters, ruleInForce } from '../policy/match';
import type { Policy } from '../policy/policy';
import type { Rule } from '../policy/schema/rules';
import type { Conversation } from '../webhooks/conversation';
import type { RouterState } from '../webhooks/router';
import type { Decision } from './commit';
import type { Arrangement } from './plan';
import type { Synced } from './result';
import { LEASE, PROMISE, type SyncRequest, sync } from './session';

/** An event that changes nothing, and that no API call was made for. */
interface Ignored {
  readonly result: 'ignored';
  readonly why: string;
}

/** What the policy asks of a conversation of a service; undefined: the default one. */
export function arrangementOf(policy: Policy, site: Site, serviceSid: string | undefined): Arrangement {
  const { webhooks, profiles, formerDomains } = policy;
  return { webhooks, profiles, router: { site, formerDomains, filters: routerFilters(policy), serviceSid } };
}

interface Occasion {
  readonly policy: Policy;
  readonly arrangement: Arrangement;
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
export async function respond(conversation: Conversation, occasion: Occasion): Promise<Synced | Ignored> {
  const { policy, event, decidedAt, ...request } = occasion;
  const rules = candidates(policy, event);
  if (rules.length > 0)
    return sync(conversation, { ...request, decide: (router) => judge(rules, event, router) });
  const age = secondsSince(decidedAt, event);
  if (age >= LEASE && age <= PROMISE) return sync(conversation, request);
  return { result: 'ignored', why: 'no rule of the policy is about it' };
}

/** The decision of the first rule that is in force; a message that was judged before is not judged again. */
function judge(
  rules: readonly Rule[],
  event: ConversationEvent,
  router: RouterState | undefined,
): Decision | undefined {
  const index = messageIndex(event);
  if (router && index !== undefined && index < router.Since) return undefined;
  const rule = ruleInForce(rules, router?.Profile);
  if (!rule) return undefined;
  const replay = { start: 0, this: index, next: undefined }[rule.replay];
  return { profile: rule.profile, since: index === undefined ? 0 : index + 1, replay };
}

// Both are on Twilio's clock.
function secondsSince(at: number, event: ConversationEvent): number {
  const date = newestDate(event);
  return date && at > 0 ? date.getTime() / 1000 - at : Number.NaN;
}
