import { eventKey } from '../events/event-key';
import { messageIndex, newestDate } from '../events/position';
import type { ConversationEvent } from '../events/types';
import { ApiError } from '../lib/api-error';
import { PatternBudget } from '../policy/conditions/pattern';
import { type EventContext, firstApplicableRule, matchingRules } from '../policy/match';
import { type NearestRule, nearestRule } from '../policy/nearest';
import type { Policy } from '../policy/policy';
import type { Conversation, ConversationFields } from '../webhooks/conversation';
import type { Executions } from '../webhooks/executions';
import type { StoredState } from '../webhooks/router';
import { DECIDED_BEFORE } from './decide';
import type { DesiredState } from './desired-state';
import type { SyncResult } from './result';
import { RUN_LIFETIME_S, type SettledConversations } from './settled';
import { sync } from './sync';
import type { Timing } from './timing';

/** How long the fetch of a conversation is retried: the rest is for what the rules decide. */
const RETRY_FETCH_MS = 1_000;

/** The result of an event that needs no API call. */
interface Ignored {
  readonly result: 'ignored';
  readonly why: string;
  readonly policy: string;
  readonly warnings?: readonly string[];
}

/** What an event that decides nothing has besides: the rule that came closest to deciding. */
interface Undecided {
  readonly nearest?: NearestRule;
}

interface Occasion {
  readonly policy: Policy;
  readonly desired: DesiredState;
  readonly event: ConversationEvent;
  /** The state in the router's URL that received the event; undefined if it came by a service's webhook. */
  readonly router: StoredState | undefined;
  readonly settled: SettledConversations;
  readonly timing: Timing;
  /** Where to end executions of flows that a rule leaves behind. */
  readonly executions?: Executions | undefined;
  /** Unix seconds on our clock. */
  readonly now: number;
  /** For the patterns of this event; the usual one if left out. */
  readonly budget?: PatternBudget;
}

/**
 * Handles an event of a conversation. If a rule's conditions match, the current router decides, as the URL that received the
 * event may be older. Otherwise the event may repair the conversation: after a sync that died, or under a new policy.
 */
export async function handleEvent(
  conversation: Conversation,
  occasion: Occasion,
): Promise<(SyncResult | Ignored) & Undecided> {
  const { policy, desired, event, router, settled, timing, executions, now } = occasion;
  const { budget = new PatternBudget() } = occasion;
  const warnings: string[] = [];
  const ignored = (why: string): Ignored => ({
    result: 'ignored',
    why,
    policy: desired.policyHash,
    ...(warnings.length > 0 && { warnings }),
  });
  if (event.EventType === 'onConversationRemoved') return ignored('the conversation is gone');
  const at = newestDate(event) ?? new Date(now * 1000);
  let fetched: Promise<ConversationFields | undefined> | undefined;
  const context: EventContext = {
    event,
    at,
    conversation() {
      fetched ??= fetchFields(conversation, timing, warnings);
      return fetched;
    },
  };
  const matching = await matchingRules(policy, context, budget, warnings);
  const rules = matching.map((rule) => ({ ...rule, index: policy.rules.indexOf(rule) }));
  const fields = await fetched;
  const repairs = mayNeedRepair(occasion, at);
  const withNearest = <R extends object>(result: R, profile: string | null | undefined): R & Undecided => {
    const nearest = nearestRule(policy, { event, at, fields }, profile, budget);
    return nearest ? { ...result, nearest } : result;
  };
  if (rules.length === 0 && !repairs) return withNearest(ignored('no rule matches'), router?.Profile);
  const about = messageIndex(event);
  const added = event.EventType === 'onMessageAdded' ? about : undefined;
  const needsNewest = rules.length > 0 && added === undefined && event.EventType !== 'onConversationAdded';
  const result = await sync(conversation, {
    desired,
    trigger: { kind: 'event', key: eventKey(event), rules, added, about, router, needsNewest, repairs },
    timing,
    executions,
    onSettled: (snapshot, differing) => settled.remember(snapshot, desired, differing),
  });
  const all = [...warnings, ...(result.warnings ?? [])];
  const warned = all.length > 0 ? { ...result, warnings: all } : result;
  const isUndecided = result.rule === undefined && result.why !== DECIDED_BEFORE;
  return isUndecided && !firstApplicableRule(rules, result.profile ?? undefined)
    ? withNearest(warned, result.profile)
    : warned;
}

/** A conversation's own fields; undefined, with a warning, if Twilio does not return them. */
async function fetchFields(
  conversation: Conversation,
  timing: Timing,
  warnings: string[],
): Promise<ConversationFields | undefined> {
  try {
    return await conversation.fetchFields(timing.now() + RETRY_FETCH_MS);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    warnings.push(
      `the conversation could not be fetched (error ${error.code}), so no condition on its fields holds`,
    );
    return undefined;
  }
}

// The run that decided may still be at work, so only later events repair.
function mayNeedRepair({ desired, event, router, settled, now }: Occasion, at: Date): boolean {
  if (!router) return false;
  const seconds = at.getTime() / 1000;
  const isLater = seconds - router.At >= RUN_LIFETIME_S || router.At - now >= RUN_LIFETIME_S;
  const isOutdated = router.Policy !== desired.policyHash || !router.complete;
  return (isLater || isOutdated) && !settled.has(event.ConversationSid, router, desired);
}
