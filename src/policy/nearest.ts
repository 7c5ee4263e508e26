import type { ConversationEvent } from '../events/types';
import type { Condition, FieldConditions } from './conditions/condition';
import { holds } from './conditions/evaluate';
import { type Field, fieldAt } from './conditions/field-path';
import { type PatternBudget, PatternTimeout } from './conditions/pattern';
import { type EventContext, failedHours, firstApplicableRule } from './match';
import type { Policy } from './policy';

/** A rule that did not match, and why: for logs, so it has names alone, and no contents of the event or the policy. */
export interface NearestRule {
  /** Its name, or its position in the policy. */
  readonly rule: string | number;
  /** The conditions that failed: `Body words`, `during office`. */
  readonly needs: readonly string[];
}

/**
 * The rule on an event that would move a conversation, and of whose conditions the fewest failed.
 * @param profile the current one; null without a router; undefined if it is not known
 */
export function nearestRule(
  { rules, calendars }: Policy,
  { event, at }: EventContext,
  profile: string | null | undefined,
  budget: PatternBudget,
): NearestRule | undefined {
  let nearest: NearestRule | undefined;
  for (const [i, rule] of rules.entries()) {
    if (rule.on !== event.EventType || rule.profile === profile) continue;
    if (profile !== undefined && !firstApplicableRule([rule], profile ?? undefined)) continue;
    for (const fields of rule.when ?? [{}]) {
      const needs = [...failedHours(rule, calendars, at), ...failedConditions(fields, event, budget)];
      if (needs.length > 0 && needs.length < (nearest?.needs.length ?? Number.POSITIVE_INFINITY))
        nearest = { rule: rule.name ?? i, needs };
    }
  }
  return nearest;
}

function failedConditions(
  fields: FieldConditions,
  event: ConversationEvent,
  budget: PatternBudget,
): string[] {
  return Object.entries(fields).flatMap(([name, condition]) => {
    const field = fieldAt(event, name);
    const operators = Object.keys(condition) as (keyof Condition)[];
    const failed = operators.filter((operator) => !test({ [operator]: condition[operator] }, field, budget));
    // Each holds, but not for the same item of an array.
    const apart = failed.length === 0 && operators.length > 1 && !test(condition, field, budget);
    return (apart ? operators : failed).map((operator) => `${name} ${operator}`);
  });
}

// Patterns that take too long do not match.
function test(condition: Condition, field: Field, budget: PatternBudget): boolean {
  try {
    return holds(condition, field, budget);
  } catch (error) {
    if (error instanceof PatternTimeout) return false;
    throw error;
  }
}
