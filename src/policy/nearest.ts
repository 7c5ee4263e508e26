import type { ConversationEvent } from '../events/types';
import type { ConversationFields } from '../webhooks/conversation';
import type { Condition, FieldConditions } from './conditions/condition';
import { fieldOf, holdsInTime } from './conditions/evaluate';
import type { PatternBudget } from './conditions/pattern';
import { failedHours, firstApplicableRule } from './match';
import type { Policy } from './policy';
import { hoursOf, type Rule } from './rule';

/** A rule that did not match, and why: for logs, so it has names alone, and no contents of the event or the policy. */
export interface NearestRule {
  /** Its name, or its position in the policy. */
  readonly rule: string | number;
  /** The conditions that failed: `Body words`, `during office`. */
  readonly needs: readonly string[];
}

interface NearestSubject {
  readonly event: ConversationEvent;
  readonly at: Date;
  /** The conversation's own fields; conditions on them do not count as failed if they were not needed or could not be fetched. */
  readonly fields: ConversationFields | undefined;
}

/**
 * The rule on an event that would move a conversation, and of whose conditions the fewest failed: of several, the one of whose
 * conditions the most hold.
 * @param profile the current one; null without a router; undefined if it is not known
 */
export function nearestRule(
  { rules, calendars }: Policy,
  { event, at, fields }: NearestSubject,
  profile: string | null | undefined,
  budget: PatternBudget,
): NearestRule | undefined {
  let nearest: NearestRule | undefined;
  let largest = 0;
  for (const [i, rule] of rules.entries()) {
    if (rule.on !== event.EventType || rule.profile === profile) continue;
    if (profile !== undefined && !firstApplicableRule([rule], profile ?? undefined)) continue;
    for (const alternative of rule.when ?? [{}]) {
      const needs = [
        ...failedHours(rule, calendars, at),
        ...failedConditions(alternative, event, fields, budget),
      ];
      const size = sizeOf(rule, alternative);
      const fewest = nearest?.needs.length ?? Number.POSITIVE_INFINITY;
      if (needs.length === 0 || needs.length > fewest || (needs.length === fewest && size <= largest))
        continue;
      nearest = { rule: rule.name ?? i, needs };
      largest = size;
    }
  }
  return nearest;
}

/** How many conditions there are, those on opening hours included. */
function sizeOf(rule: Rule, fields: FieldConditions): number {
  return hoursOf(rule).length + Object.values(fields).flatMap(Object.keys).length;
}

function failedConditions(
  fields: FieldConditions,
  event: ConversationEvent,
  conversation: ConversationFields | undefined,
  budget: PatternBudget,
): string[] {
  return Object.entries(fields).flatMap(([name, condition]) => {
    const field = fieldOf(name, event, conversation);
    if (!field) return [];
    const operators = Object.keys(condition) as (keyof Condition)[];
    const failed = operators.filter(
      (operator) => !holdsInTime({ [operator]: condition[operator] }, field, budget),
    );
    // Each holds, but not for the same item of an array.
    const apart = failed.length === 0 && operators.length > 1 && !holdsInTime(condition, field, budget);
    return (apart ? operators : failed).map((operator) => `${name} ${operator}`);
  });
}
