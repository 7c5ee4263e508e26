import { SCOPED_EVENTS, type ScopedEvent } from '../events/scoped-events';
import { isOpen } from './calendar';
import { type ConditionSubject, conditionsHold } from './conditions/evaluate';
import { PatternBudget, PatternTimeout } from './conditions/pattern';
import type { Policy } from './policy';
import { hoursOf, type Rule, ruleName } from './rule';

/** An event, when it happened, and its conversation. */
export interface EventContext extends ConditionSubject {
  readonly at: Date;
}

/**
 * The rules that match an event, in order, whatever the profile of its conversation. A rule whose patterns take too long does
 * not match.
 * @param budget of the event
 * @param warnings receives a sentence for each of these
 */
export async function matchingRules(
  { rules, calendars }: Policy,
  context: EventContext,
  budget = new PatternBudget(),
  warnings: string[] = [],
): Promise<readonly Rule[]> {
  const matching: Rule[] = [];
  for (const [i, rule] of rules.entries()) {
    if (rule.on !== context.event.EventType || failedHours(rule, calendars, context.at).length > 0) continue;
    try {
      if (!rule.when || (await conditionsHold(rule.when, context, budget))) matching.push(rule);
    } catch (error) {
      if (!(error instanceof PatternTimeout)) throw error;
      warnings.push(`${ruleName(rule, i)} did not match: the patterns of one event may take 100 ms together`);
    }
  }
  return matching;
}

/** The calendars of a rule that are not as it says: `during office`. */
export function failedHours(
  rule: Pick<Rule, 'during' | 'outside'>,
  calendars: Policy['calendars'],
  at: Date,
): string[] {
  return hoursOf(rule)
    .filter(({ calendar, open }) => isOpen(calendars[calendar]!, at) !== open)
    .map(({ name }) => name);
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
