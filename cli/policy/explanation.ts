import { oneOf, quote } from '../../src/lib/error-text';
import { firstApplicableRule, matchingRules } from '../../src/policy/match';
import type { Policy } from '../../src/policy/policy';
import { ruleName } from '../../src/policy/rule';
import { CachedPatterns } from './cached-patterns';
import { type Finding, type FindingSubject, findingsOf } from './conditions';
import { findingsOfHours } from './hours';
import { called } from './read-policy';

/** Why a rule decides about an event, or does not. */
export interface RuleExplanation {
  /** Its name, or `rules[1]`. */
  readonly rule: string;
  readonly profile: string;
  /** Whether it matches, applies in the current profile, and is the first one that does. */
  readonly decides: boolean;
  /** What keeps it from deciding, besides conditions. */
  readonly obstacles: readonly string[];
  /** Its conditions, an array for each object of `when`; empty if the event is another one. */
  readonly conditions: readonly (readonly Finding[])[];
}

/** Explains each rule for an event in a profile; undefined: the conversation is not managed. */
export async function explainRules(
  policy: Policy,
  { event, at, fields }: FindingSubject & { readonly at: Date },
  profile: string | undefined,
): Promise<RuleExplanation[]> {
  const context = { event, at, conversation: async () => fields };
  const matching = await matchingRules(policy, context, new CachedPatterns());
  const first = firstApplicableRule(matching, profile);
  return policy.rules.map((rule, i) => {
    const isOnEvent = rule.on === event.EventType;
    const isApplicable = firstApplicableRule([rule], profile) !== undefined;
    const isMatching = matching.includes(rule);
    const conditions = isOnEvent
      ? findingsOf(rule.when, { event, fields }, findingsOfHours(rule, policy.calendars, at))
      : [];
    const obstacles = () => {
      if (!isOnEvent) return [`is on ${rule.on}`];
      if (!isApplicable) {
        if (rule.on === 'onConversationAdded') return ['applies only before the conversation is managed'];
        if (profile === undefined) return ['applies only to managed conversations'];
        return [`applies only in profile ${oneOf(rule.from ?? [])}`];
      }
      if (!isMatching)
        return conditions.some((all) => all.every(({ holds }) => holds)) ? ['did not match in time'] : [];
      if (rule !== first) return [`comes after ${called(first!, policy.rules.indexOf(first!))}`];
      return rule.profile === profile ? [`leads to ${profile}, the current profile`] : [];
    };
    const found = obstacles();
    return {
      rule: ruleName(rule, i),
      profile: rule.profile,
      decides: isMatching && isApplicable && found.length === 0,
      obstacles: found,
      conditions,
    };
  });
}

/** The conditions to add to an event for a rule to match: of its alternatives, the one that lacks the fewest. */
export function failedConditions({ conditions }: RuleExplanation): readonly Finding[] {
  const failed = conditions.map((all) => all.filter(({ holds }) => !holds));
  return failed.reduce((fewest, each) => (each.length < fewest.length ? each : fewest), failed[0] ?? []);
}

/** `rule "asks-for-human" needs Body with one of the words human, agent`; undefined if nothing keeps it from deciding. */
export function whyNot(explanation: RuleExplanation): string | undefined {
  const { rule, obstacles } = explanation;
  const failed = failedConditions(explanation).map(({ condition }) => condition);
  const reasons = [...obstacles, ...(failed.length > 0 ? [`needs ${failed.join(' and ')}`] : [])];
  if (reasons.length === 0) return undefined;
  return `${rule.startsWith('rules[') ? rule : `rule ${quote(rule)}`} ${reasons.join(' and ')}`;
}
