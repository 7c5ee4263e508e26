import type { ConversationEvent } from '../../events/types';
import type { Condition, Conditions, ValueOperators } from './condition';
import { type Field, fieldAt } from './field-path';
import { type PatternBudget, PatternTimeout } from './pattern';
import { wordFinder } from './words';

/**
 * Whether the conditions of a rule hold for an event.
 * @throws PatternTimeout if the patterns took too long to tell
 */
export function conditionsHold(
  conditions: Conditions,
  event: ConversationEvent,
  budget: PatternBudget,
): boolean {
  let timeout: PatternTimeout | undefined;
  for (const fields of conditions)
    try {
      if (
        Object.entries(fields).every(([field, condition]) => holds(condition, fieldAt(event, field), budget))
      )
        return true;
    } catch (error) {
      if (!(error instanceof PatternTimeout)) throw error;
      // It does not keep a later alternative from holding.
      timeout = error;
    }
  if (timeout) throw timeout;
  return false;
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

const VALUE_OPERATORS = Object.keys(FILTERS) as (keyof Filters)[];

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
