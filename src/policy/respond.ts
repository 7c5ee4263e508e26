import type { ConversationEvent } from '../events/event';
import { messageIndex, newestDate } from '../events/position';
import type { Decision } from '../webhooks/commit';
import type { Conversation } from '../webhooks/conversation';
import type { Arrangement } from '../webhooks/plan';
import type { RouterState } from '../webhooks/router';
import { LEASE, PROMISE, type Synced, sync } from '../webhooks/sync';
import type { Site } from '../webhooks/url';
import { candidates, routerFilters, ruleInForce } from './judge';
import type { Policy } from './policy';
import type { Rule } from './rules';

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

/**
 * Does what an event of a conversation calls for. Where some rule's condition holds, it is judged against the router as it
 * is now; the URL that the event came by may be older, and says only when the last decision was made: a run that died over
 * it is finished by the next event, once its lease is over.
 * @param decidedAt when that was, in Unix seconds; 0 where the URL does not say
 */
export async function respond(
  conversation: Conversation,
  policy: Policy,
  arrangement: Arrangement,
  event: ConversationEvent,
  decidedAt: number,
): Promise<Synced | Ignored> {
  const rules = candidates(policy, event);
  if (rules.length > 0)
    return sync(conversation, { arrangement, decide: (router) => judge(rules, event, router) });
  const age = secondsSince(decidedAt, event);
  if (age >= LEASE && age <= PROMISE) return sync(conversation, { arrangement });
  return { result: 'ignored', why: 'no rule of the policy is about it' };
}

/** The decision of the first rule that is in force; a message that was judged before is not judged again. */
export function judge(
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
