import type { EventType } from '../events/event-types';
import type { Conditions, FieldConditions } from './conditions/condition';
import { pathTo } from './issues';

/** An event, its conditions, and the profile that it leads to. */
export interface Rule {
  readonly name?: string;
  readonly on: EventType;
  /** The current profiles in which it applies; all by default. */
  readonly from?: readonly string[];
  readonly when?: Conditions;
  /** The calendar that must be open. */
  readonly during?: string;
  /** The calendar that must not be open. */
  readonly outside?: string;
  readonly profile: string;
  /** The first message that the profile's webhooks must receive. */
  readonly replay: 'start' | 'this' | 'next';
}

/** A calendar that a rule asks for: `during office`. */
export interface RuleHours {
  readonly name: string;
  readonly calendar: string;
  /** Whether it must be open, or must not. */
  readonly open: boolean;
}

export function hoursOf({ during, outside }: Pick<Rule, 'during' | 'outside'>): RuleHours[] {
  return [
    ...(during === undefined ? [] : [{ name: `during ${during}`, calendar: during, open: true }]),
    ...(outside === undefined ? [] : [{ name: `outside ${outside}`, calendar: outside, open: false }]),
  ];
}

/** What errors, logs and tests call a rule: its name, else its place in the policy. */
export function ruleName({ name }: Pick<Rule, 'name'>, index: number): string {
  return name ?? pathTo('rules', index);
}

/** Where issues and warnings find a rule: `rules["asks-for-human"]`, or `rules[3]` if it has no name. */
export function rulePath({ name }: Pick<Rule, 'name'>, index: number): string {
  return pathTo('rules', name ?? index);
}

/** The objects of a rule's `when`, with their paths. */
export function alternativesOf(
  rule: Pick<Rule, 'name' | 'when'>,
  index: number,
): { fields: FieldConditions; path: string }[] {
  const { when = [] } = rule;
  const path = pathTo(rulePath(rule, index), 'when');
  return when.map((fields, i) => ({ fields, path: when.length > 1 ? pathTo(path, i) : path }));
}
