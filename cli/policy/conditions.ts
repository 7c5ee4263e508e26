import type { ConversationEvent } from '../../src/events/types';
import { oneOf, quote } from '../../src/lib/error-text';
import { validateConditions } from '../../src/policy/schema/conditions';
import { fieldAt } from '../../src/policy/schema/field-path';
import { PatternBudget, PatternTimeout } from '../../src/policy/schema/pattern';
import { PLACEHOLDER_SITE } from '../../src/policy/schema/schema';
import { Validator } from '../../src/policy/schema/validator';

/** One condition of a rule: `Source other than API`. */
export interface Finding {
  readonly condition: string;
  readonly holds: boolean;
  /** What the event has instead; undefined if the condition holds. */
  readonly found?: string;
}

/**
 * The conditions of `when`, and which of them hold: an array for each object of it. Each condition is cut out of the policy's JSON
 * and compiled as the functions do, so that nothing decides here whether it holds.
 */
export function findingsOf(when: object | undefined, event: ConversationEvent): Finding[][] {
  if (when === undefined) return [[]];
  return [when]
    .flat()
    .map((fields: object) =>
      Object.entries(fields).flatMap(([field, condition]) => findingsOfField(field, condition, event)),
    );
}

/** The conditions of `when` as a phrase. */
export function describeWhen(when: object): string {
  const alternatives = [when].flat().map((fields: object) =>
    Object.entries(fields)
      .map(([field, condition]) => describeField(field, condition))
      .join(' and '),
  );
  return alternatives.join(', or ');
}

function findingsOfField(field: string, condition: unknown, event: ConversationEvent): Finding[] {
  const found = describeFound(event, field);
  const finding = (text: string, holds: boolean): Finding => ({
    condition: text,
    holds,
    ...(!holds && { found }),
  });
  const parts = partsOf(condition).map((part) =>
    finding(describeField(field, part), test(field, part, event)),
  );
  // Of an array, one item must meet all conditions on values.
  if (parts.every(({ holds }) => holds) && !test(field, condition, event))
    return [...parts, finding(`one item of ${field} that meets all of these`, false)];
  return parts;
}

function test(field: string, condition: unknown, event: ConversationEvent): boolean {
  const holds = validateConditions({ [field]: condition }, '', new Validator(PLACEHOLDER_SITE, true))!;
  try {
    return holds(event, new PatternBudget());
  } catch (error) {
    if (error instanceof PatternTimeout) return false;
    throw error;
  }
}

function partsOf(condition: unknown): unknown[] {
  if (!isObject(condition)) return [condition];
  return Object.entries(condition).map(([operator, value]) => ({ [operator]: value }));
}

function describeFound(event: ConversationEvent, field: string): string {
  const { exists, texts } = fieldAt(event, field);
  if (!exists) return `the event has no ${field}`;
  if (texts.length === 0) return `it has no value`;
  return `it is ${texts.map((text) => quote(text)).join(', ')}`;
}

function describeField(field: string, condition: unknown): string {
  return `${field} ${describe(condition, false)}`;
}

const list = (value: unknown): readonly string[] => [value].flat().map((item) => shown(item));
const shown = (value: unknown) => (value === '' ? '""' : String(value));

/** By operator: what the field must be, and what it must not be. */
const PHRASES: Readonly<Record<string, (value: unknown) => readonly [phrase: string, negated: string]>> = {
  in: (value) => [`equal to ${oneOf(list(value))}`, `other than ${oneOf(list(value))}`],
  atLeast: (value) => [`of at least ${value}`, `not of at least ${value}`],
  atMost: (value) => [`of at most ${value}`, `not of at most ${value}`],
  words(value) {
    const words = list(value).join(', ');
    return list(value).length > 1
      ? [`with one of the words ${words}`, `without any of the words ${words}`]
      : [`with the word ${words}`, `without the word ${words}`];
  },
  matches: (value) => [`matching /${value}/`, `not matching /${value}/`],
  exists: (value) => (value === true ? ['present', 'absent'] : ['absent', 'present']),
};

function describe(condition: unknown, negated: boolean): string {
  if (!isObject(condition)) return `${negated ? 'other than' : 'equal to'} ${shown(condition)}`;
  const entries = Object.entries(condition);
  if (negated && entries.length > 1) return `not (${describe(condition, false)})`;
  return entries
    .map(([operator, value]) => {
      if (operator === 'not') return describe(value, !negated);
      const [phrase, opposite] = PHRASES[operator]!(value);
      return negated ? opposite : phrase;
    })
    .join(' and ');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
