import type { ConversationEvent } from '../../events/types';
import type { ConversationFields } from '../../webhooks/conversation';
import type { Condition, Conditions, FieldConditions, ValueOperators } from './condition';
import { conversationField } from './conversation-fields';
import { type Field, fieldAt } from './field-path';
import { type PatternBudget, PatternTimeout } from './pattern';
import { wordFinder } from './words';

/** What conditions are on. */
export interface ConditionSubject {
  readonly event: ConversationEvent;
  /** The conversation's own fields, asked for only where they decide; undefined if they are not known. */
  conversation(): Promise<ConversationFields | undefined>;
}

/**
 * Whether the conditions of a rule hold.
 * @throws PatternTimeout if the patterns took too long to tell
 */
export async function conditionsHold(
  conditions: Conditions,
  subject: ConditionSubject,
  budget: PatternBudget,
): Promise<boolean> {
  let timeout: PatternTimeout | undefined;
  for (const fields of eventsFirst(conditions))
    try {
      if (await allHold(fields, subject, budget)) return true;
    } catch (error) {
      if (!(error instanceof PatternTimeout)) throw error;
      // It does not keep a later alternative from holding.
      timeout = error;
    }
  if (timeout) throw timeout;
  return false;
}

// The conversation need not be known if an alternative holds without it.
function eventsFirst(conditions: Conditions): Conditions {
  const isOnConversation = (fields: FieldConditions) =>
    Object.keys(fields).some((field) => conversationField(field) !== undefined);
  return [...conditions].sort((a, b) => Number(isOnConversation(a)) - Number(isOnConversation(b)));
}

async function allHold(
  fields: FieldConditions,
  { event, conversation }: ConditionSubject,
  budget: PatternBudget,
): Promise<boolean> {
  const onConversation: [field: string, Condition][] = [];
  for (const [name, condition] of Object.entries(fields)) {
    const field = conversationField(name);
    if (field !== undefined) onConversation.push([field, condition]);
    else if (!holds(condition, fieldAt(event, name), budget)) return false;
  }
  if (onConversation.length === 0) return true;
  const found = await conversation();
  if (!found) return false;
  return onConversation.every(([field, condition]) => holds(condition, fieldAt(found, field), budget));
}

/** Whether one condition holds. @throws PatternTimeout */
export function holds(condition: Condition, field: Field, budget: PatternBudget): boolean {
  const { exists, not } = condition;
  if (exists !== undefined && exists !== field.exists) return false;
  if (not && holds(not, field, budget)) return false;
  // One item of an array must meet all of them: from 3 to 5 is not one item over 3 and another one under 5.
  let { texts } = field;
  for (const operator of VALUE_OPERATORS) {
    if (condition[operator] === undefined) continue;
    texts = filter(operator, condition, texts, budget);
    if (texts.length === 0) return false;
  }
  return true;
}

/** The same; a condition whose patterns took too long does not hold. */
export function holdsInTime(condition: Condition, field: Field, budget: PatternBudget): boolean {
  try {
    return holds(condition, field, budget);
  } catch (error) {
    if (error instanceof PatternTimeout) return false;
    throw error;
  }
}

/** What a condition is on: a field of the event or of its conversation; undefined if the latter is not known. */
export function fieldOf(
  name: string,
  event: ConversationEvent,
  conversation: ConversationFields | undefined,
): Field | undefined {
  const ofConversation = conversationField(name);
  if (ofConversation === undefined) return fieldAt(event, name);
  return conversation && fieldAt(conversation, ofConversation);
}

type Operands = Required<ValueOperators>;

type Filters = {
  readonly [K in keyof Operands]: (
    expected: Operands[K],
    texts: readonly string[],
    budget: PatternBudget,
  ) => readonly string[];
};

/** The values that meet a condition; the most expensive one is the last. */
const FILTERS: Filters = {
  in: (values, texts) => texts.filter((text) => values.includes(text)),
  atLeast: (least, texts) => texts.filter((text) => parseNumber(text) >= least),
  atMost: (most, texts) => texts.filter((text) => parseNumber(text) <= most),
  words: (words, texts) => texts.filter(finderOf(words)),
  matches: (source, texts, budget) => budget.filter(patternOf(source), texts),
};

const VALUE_OPERATORS = /* @__PURE__ */ Object.keys(FILTERS) as (keyof Filters)[];

function filter<K extends keyof Filters>(
  operator: K,
  condition: ValueOperators,
  texts: readonly string[],
  budget: PatternBudget,
): readonly string[] {
  return FILTERS[operator](condition[operator] as Operands[K], texts, budget);
}

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

// NaN, which is neither at least nor at most a number, also for the empty string, of which Number makes 0.
function parseNumber(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

// Compiled for the first event that needs them: a cold start waits for none.
const finders = new WeakMap<readonly string[], ReturnType<typeof wordFinder>>();
const patterns = new Map<string, RegExp>();

function finderOf(words: readonly string[]): ReturnType<typeof wordFinder> {
  const finder = finders.get(words) ?? wordFinder(words);
  finders.set(words, finder);
  return finder;
}

function patternOf(source: string): RegExp {
  const pattern = patterns.get(source) ?? new RegExp(source, 'iu');
  patterns.set(source, pattern);
  return pattern;
}
