import type { ConversationEvent } from '../../events/types';
import { describeValue, didYouMean, oneOf, quote } from '../../lib/error-text';
import { type Field, fieldAt } from './field-path';
import { pathTo } from './issues';
import { matcher, type PatternBudget, PatternTimeout, patternIssue } from './pattern';
import type { Validator } from './validator';
import { fold, wordFinder } from './words';

/**
 * Whether a rule's conditions match an event.
 * @throws PatternTimeout if the patterns took too long to tell
 */
export type EventPredicate = (event: ConversationEvent, budget: PatternBudget) => boolean;

/** Whether a condition matches a field. */
type Condition = (field: Field, budget: PatternBudget) => boolean;

/** The values of a field that meet a condition. */
type Filter = (texts: readonly string[], budget: PatternBudget) => readonly string[];

type Compile<T> = (value: unknown, path: string, validator: Validator) => T | undefined;

/** Conditions on the field as a whole. */
const FIELD_OPERATORS: Readonly<Record<string, Compile<Condition>>> = {
  exists(value, path, validator) {
    const expected = validator.boolean(value, path);
    return expected === undefined ? undefined : ({ exists }) => exists === expected;
  },
  not(value, path, validator) {
    const condition = validateCondition(value, path, validator);
    return condition && ((field, budget) => !condition(field, budget));
  },
};

/** Conditions on one value of the field, besides equality; the most expensive one is the last. */
const VALUE_OPERATORS: Readonly<Record<string, Compile<Filter>>> = {
  in(value, path, validator) {
    const read = (item: unknown, place: string) => validateScalar(item, place, validator);
    const values = validator.array(value, path, { of: 'values', read, atLeast: 1 });
    return values && ((texts) => texts.filter((text) => values.includes(text)));
  },
  atLeast(value, path, validator) {
    const least = validator.number(value, path);
    return least === undefined ? undefined : (texts) => texts.filter((text) => parseNumber(text) >= least);
  },
  atMost(value, path, validator) {
    const most = validator.number(value, path);
    return most === undefined ? undefined : (texts) => texts.filter((text) => parseNumber(text) <= most);
  },
  words(value, path, validator) {
    const read = (item: unknown, place: string) => {
      const word = validator.placeholderString(item, place);
      return word !== undefined && fold(word).trim() === ''
        ? validator.issue(place, 'is empty; write a word or a phrase')
        : word;
    };
    const words = validator.array(value, path, { of: 'words', read, atLeast: 1 });
    const find = words && wordFinder(words);
    return find && ((texts) => texts.filter(find));
  },
  matches(value, path, validator) {
    const source = validator.string(value, path);
    if (source === undefined) return undefined;
    const issue =
      source === ''
        ? 'is empty; write a regular expression'
        : (patternIssue(source) ?? validator.checkPattern(source));
    return issue ? validator.issue(path, issue) : matcher(source);
  },
};

const OPERATORS = [...Object.keys(FIELD_OPERATORS), ...Object.keys(VALUE_OPERATORS)];

/** Validates `when`: conditions by field, all of which must hold; or an array of such objects, one of which must hold. */
export function validateConditions(
  value: unknown,
  path: string,
  validator: Validator,
): EventPredicate | undefined {
  if (!Array.isArray(value)) return validateFields(value, path, validator);
  const read = (item: unknown, place: string) => validateFields(item, place, validator);
  const alternatives = validator.array(value, path, { of: 'objects', read, atLeast: 1 });
  return alternatives && ((event, budget) => someHolds(alternatives, event, budget));
}

// An alternative that took too long does not keep a later one from holding.
function someHolds(
  alternatives: readonly EventPredicate[],
  event: ConversationEvent,
  budget: PatternBudget,
): boolean {
  let timeout: PatternTimeout | undefined;
  for (const holds of alternatives)
    try {
      if (holds(event, budget)) return true;
    } catch (error) {
      if (!(error instanceof PatternTimeout)) throw error;
      timeout = error;
    }
  if (timeout) throw timeout;
  return false;
}

function validateFields(value: unknown, path: string, validator: Validator): EventPredicate | undefined {
  const fields = validator.object(value, path);
  if (!fields) return undefined;
  const conditions = Object.entries(fields).map(
    ([field, condition]) => [field, validateCondition(condition, pathTo(path, field), validator)] as const,
  );
  if (conditions.length === 0) return validator.issue(path, 'is empty; add a condition or leave it out');
  return (event, budget) =>
    conditions.every(([field, condition]) => condition?.(fieldAt(event, field), budget));
}

function validateCondition(condition: unknown, path: string, validator: Validator): Condition | undefined {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) {
    const expected = validateScalar(condition, path, validator);
    return expected === undefined ? undefined : ({ texts }) => texts.includes(expected);
  }
  const before = validator.issues.length;
  const entries = Object.entries(condition);
  if (entries.length === 0) validator.issue(path, `is empty; write ${oneOf(OPERATORS)}`);
  for (const [name] of entries) {
    if (OPERATORS.includes(name)) continue;
    const hint = didYouMean(name, OPERATORS) || `; write ${oneOf(OPERATORS)}`;
    validator.issue(path, `${quote(name)} is not a condition${hint}`);
  }
  const compile = <T>(operators: Readonly<Record<string, Compile<T>>>): T[] =>
    Object.entries(operators).flatMap(([name, operator]) =>
      Object.hasOwn(condition, name)
        ? (operator((condition as Record<string, unknown>)[name], pathTo(path, name), validator) ?? [])
        : [],
    );
  const conditions = compile(FIELD_OPERATORS);
  const filters = compile(VALUE_OPERATORS);
  if (validator.issues.length > before) return undefined;
  // One item of an array must meet all of them: from 3 to 5 is not one item over 3 and another one under 5.
  if (filters.length > 0)
    conditions.push(
      ({ texts }, budget) => filters.reduce((left, filter) => filter(left, budget), texts).length > 0,
    );
  return (field, budget) => conditions.every((holds) => holds(field, budget));
}

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

// NaN, which is neither at least nor at most a number, also for the empty string, of which Number makes 0.
function parseNumber(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

// An event has only strings, so 5, "5" and the 5 of a JSON field are one value.
function validateScalar(value: unknown, path: string, validator: Validator): string | undefined {
  if (typeof value === 'string') return validator.placeholderString(value, path);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const hint = Array.isArray(value) ? '; did you mean {"in": […]}?' : '';
  return validator.issue(
    path,
    `must be a string, a number, true or false, not ${describeValue(value)}${hint}`,
  );
}
