import { SCOPED_EVENTS, type ScopedEvent } from '../events/scoped-events';
import type { ConversationEvent } from '../events/types';
import { isOpen } from './calendar';
import { conditionsHold } from './conditions/evaluate';
import { PatternBudget, PatternTimeout } from './conditions/pattern';
import type { Policy } from './policy';
import { type Rule, ruleName } from './rule';

/** An event, and when it happened. */
export interface EventContext {
  readonly event: ConversationEvent;
  readonly at: Date;
}

/**
 * The rules that match an event, in order, whatever the profile of its conversation. A rule whose patterns take too long does
 * not match.
 * @param budget of the event
 * @param warnings receives a sentence for each of these
 */
export function matchingRules(
  { rules, calendars }: Policy,
  { event, at }: EventContext,
  budget = new PatternBudget(),
  warnings: string[] = [],
): readonly Rule[] {
  return rules.filter((rule, i) => {
    if (rule.on !== event.EventType || failedHours(rule, calendars, at).length > 0) return false;
    try {
      return rule.when === undefined || conditionsHold(rule.when, event, budget);
    } catch (error) {
      if (!(error instanceof PatternTimeout)) throw error;
      warnings.push(`${ruleName(rule, i)} did not match: the patterns of one event may take 100 ms together`);
      return false;
    }
  });
}

/** The calendars of a rule that are not as it says: `during office`. */
export function failedHours(
  { during, outside }: Pick<Rule, 'during' | 'outside'>,
  calendars: Policy['calendars'],
  at: Date,
): string[] {
  return [
    ...(during === undefined || isOpen(calendars[during]!, at) ? [] : [`during ${during}`]),
    ...(outside === undefined || !isOpen(calendars[outside]!, at) ? [] : [`outside ${outside}`]),
  ];
}

/**
 * The rule that decides. `profile` is the current one, undefined if the conversation has no router: then only rules on
 * onConversationAdded apply, and else only the others.
 */
export function firstApplicableRule<R extends Rule>(
  rules: readonly R[],
  profile: string | undefined,
): R | undefined {
  return rules.find(({ on, from }) =>
    profile === undefined
      ? on === 'onConversationAdded'
      : on !== 'onConversationAdded' && (from?.includes(profile) ?? true),
  );
}

/**
 * The events that the router receives: those of the rules, as far as a scoped webhook has them, and always new messages, so
 * that the next one can complete a sync that crashed.
 */
export function routerFilters({ rules }: Policy): readonly ScopedEvent[] {
  return SCOPED_EVENTS.filter((event) => event === 'onMessageAdded' || rules.some(({ on }) => on === event));
}
