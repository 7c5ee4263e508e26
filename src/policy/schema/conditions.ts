import type { ConversationEvent } from '../../events/types';
import { describeValue, didYouMean, quote } from '../../lib/error-text';
import { valuesAt } from './field-path';
import { pathTo } from './issues';
import { matcher, patternIssue, wordFinder } from './pattern';
import type { Validator } from './validator';

/** Whether a rule's conditions match an event. */
export type EventPredicate = (event: ConversationEvent) => boolean;

/** Whether a condition matches one value of a field. */
type Test = (text: string) => boolean;

/** The conditions of a field, besides equality with a value. */
const OPERATORS: Readonly<
  Record<string, (value: unknown, path: string, validator: Validator) => Test | undefined>
> = {
  in(value, path, validator) {
    const read = (item: unknown, place: string) => validateScalar(item, place, validator);
    const values = validator.array(value, path, { of: 'values', read, atLeast: 1 });
    return values && ((text) => values.includes(text));
  },
  words(value, path, validator) {
    const read = (item: unknown, place: string) => {
      const word = validator.placeholderString(item, place);
      return word?.trim() === '' ? validator.issue(place, 'is empty; write a word or a phrase') : word;
    };
    const words = validator.array(value, path, { of: 'words', read, atLeast: 1 });
    return words && wordFinder(words);
  },
  matches(value, path, validator) {
    const source = validator.string(value, path);
    if (source === undefined) return undefined;
    const issue = source === '' ? 'is empty; write a regular expression' : patternIssue(source);
    return issue ? validator.issue(path, issue) : matcher(source);
  },
};

/** Validates `when`. Every field in it must be present and match all of its conditions. */
export function validateConditions(
  value: unknown,
  path: string,
  validator: Validator,
): EventPredicate | undefined {
  const fields = validator.object(value, path);
  if (!fields) return undefined;
  const conditions = Object.entries(fields).map(([field, condition]) => ({
    field,
    tests: validateCondition(condition, pathTo(path, field), validator),
  }));
  if (conditions.length === 0) return validator.issue(path, 'is empty; add a condition or leave it out');
  return (event) =>
    conditions.every(({ field, tests }) => {
      const texts = valuesAt(event, field);
      return tests.every((test) => texts.some(test));
    });
}

function validateCondition(condition: unknown, path: string, validator: Validator): readonly Test[] {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) {
    const expected = validateScalar(condition, path, validator);
    return expected === undefined ? [] : [(text) => text === expected];
  }
  const operators = Object.entries(condition);
  if (operators.length === 0) validator.issue(path, 'is empty; write in, words or matches');
  return operators.flatMap(([name, value]) => {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator) return operator(value, pathTo(path, name), validator) ?? [];
    const hint = didYouMean(name, Object.keys(OPERATORS)) || '; write in, words or matches';
    validator.issue(path, `${quote(name)} is not a condition${hint}`);
    return [];
  });
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
