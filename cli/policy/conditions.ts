import type { ConversationEvent } from '../../src/events/types';
import { oneOf, quote } from '../../src/lib/error-text';
import type { Condition, Conditions } from '../../src/policy/conditions/condition';
import { conversationField } from '../../src/policy/conditions/conversation-fields';
import { fieldOf, holdsInTime } from '../../src/policy/conditions/evaluate';
import type { Field } from '../../src/policy/conditions/field-path';
import type { ConversationFields } from '../../src/webhooks/conversation';
import { CachedPatterns } from './cached-patterns';

/** One condition of a rule: `Source other than API`. */
export interface Finding {
  readonly condition: string;
  readonly holds: boolean;
  /** What the event has instead; undefined if the condition holds. */
  readonly found?: string;
}

/** What conditions are on: an event, and its conversation's own fields. */
export interface FindingSubject {
  readonly event: ConversationEvent;
  readonly fields: ConversationFields;
}

/** The conditions of a rule, and which of them hold: an array for each object of `when`, with the `others` of the rule. */
export function findingsOf(
  conditions: Conditions | undefined,
  subject: FindingSubject,
  others: readonly Finding[],
): Finding[][] {
  return (conditions ?? [{}]).map((fields) => [
    ...others,
    ...Object.entries(fields).flatMap(([field, condition]) => findingsOfField(field, condition, subject)),
  ]);
}

/** The conditions of a rule as a phrase. */
export function describeConditions(conditions: Conditions): string {
  const alternatives = conditions.map((fields) =>
    Object.entries(fields)
      .map(([field, condition]) => describeField(field, condition))
      .join(' and '),
  );
  return alternatives.join(', or ');
}

function findingsOfField(name: string, condition: Condition, { event, fields }: FindingSubject): Finding[] {
  const field = fieldOf(name, event, fields)!;
  const finding = (text: string, isMet: boolean): Finding => ({
    condition: text,
    holds: isMet,
    ...(!isMet && { found: describeFound(field, name) }),
  });
  const parts = Object.entries(condition).map(([operator, value]) => {
    const part: Condition = { [operator]: value };
    return finding(describeField(name, part), test(part, field));
  });
  // Of an array, one item must meet all conditions on values.
  if (parts.every((part) => part.holds) && !test(condition, field))
    return [...parts, finding(`one item of ${name} that meets all of these`, false)];
  return parts;
}

function test(condition: Condition, field: Field): boolean {
  return holdsInTime(condition, field, new CachedPatterns());
}

function describeFound({ exists, texts }: Field, field: string): string {
  const ofConversation = conversationField(field);
  if (!exists)
    return ofConversation === undefined
      ? `the event has no ${field}`
      : `the conversation has no ${ofConversation}`;
  if (texts.length === 0) return `it has no value`;
  return `it is ${texts.map((text) => quote(text)).join(', ')}`;
}

function describeField(field: string, condition: Condition): string {
  return `${field} ${describe(condition, false)}`;
}

const list = (values: readonly string[]) => values.map((value) => value || '""');

type Operands = Required<Omit<Condition, 'not'>>;
type Phrases<T> = (operand: T) => readonly [phrase: string, negated: string];

/** By operator: what the field must be, and what it must not be. */
const PHRASES: { readonly [K in keyof Operands]: Phrases<Operands[K]> } = {
  in: (values) => [`equal to ${oneOf(list(values))}`, `other than ${oneOf(list(values))}`],
  atLeast: (value) => [`of at least ${value}`, `not of at least ${value}`],
  atMost: (value) => [`of at most ${value}`, `not of at most ${value}`],
  words(words) {
    const shown = words.join(', ');
    return words.length > 1
      ? [`with one of the words ${shown}`, `without any of the words ${shown}`]
      : [`with the word ${shown}`, `without the word ${shown}`];
  },
  matches: (value) => [`matching /${value}/`, `not matching /${value}/`],
  exists: (value) => (value ? ['present', 'absent'] : ['absent', 'present']),
};

function describe(condition: Condition, negated: boolean): string {
  const operators = Object.keys(condition) as (keyof Condition)[];
  if (negated && operators.length > 1) return `not (${describe(condition, false)})`;
  return operators
    .map((operator) => {
      if (operator === 'not') return describe(condition.not!, !negated);
      const [phrase, opposite] = phrasesOf(operator, condition);
      return negated ? opposite : phrase;
    })
    .join(' and ');
}

function phrasesOf<K extends keyof Operands>(operator: K, condition: Condition): ReturnType<Phrases<never>> {
  return PHRASES[operator](condition[operator] as Operands[K]);
}
