import { describeValue, didYouMean, oneOf, quote } from '../../lib/error-text';
import type { Condition, Conditions, FieldConditions } from '../conditions/condition';
import { CONVERSATION_CONDITIONS, conversationField } from '../conditions/conversation-fields';
import { pathTo } from '../issues';
import { isEmptyWord } from '../policy';
import { patternIssue } from './pattern-issue';
import type { Validator } from './validator';

type Read<T> = (value: unknown, path: string, validator: Validator) => T | undefined;

const READ: { readonly [K in keyof Condition]-?: Read<Condition[K]> } = {
  exists: (value, path, validator) => validator.boolean(value, path),
  not: validateCondition,
  in(value, path, validator) {
    const read = (item: unknown, place: string) => validateScalar(item, place, validator);
    return validator.array(value, path, { of: 'values', read, atLeast: 1 });
  },
  atLeast: (value, path, validator) => validator.number(value, path),
  atMost: (value, path, validator) => validator.number(value, path),
  words(value, path, validator) {
    const read = (item: unknown, place: string) => {
      const word = validator.placeholderString(item, place);
      return word !== undefined && isEmptyWord(word)
        ? validator.issue(place, 'is empty; write a word or a phrase')
        : word;
    };
    return validator.array(value, path, { of: 'words', read, atLeast: 1 });
  },
  matches(value, path, validator) {
    const source = validator.string(value, path);
    if (source === undefined) return undefined;
    const issue =
      source === ''
        ? 'is empty; write a regular expression'
        : (patternIssue(source) ?? validator.checkPattern(source));
    return issue ? validator.issue(path, issue) : source;
  },
};

const OPERATORS = Object.keys(READ) as (keyof Condition)[];

/** Validates `when`: conditions by field, all of which must hold; or an array of such objects, one of which must hold. */
export function validateConditions(
  value: unknown,
  path: string,
  validator: Validator,
): Conditions | undefined {
  const read = (item: unknown, place: string) => validateFields(item, place, validator);
  if (Array.isArray(value)) return validator.array(value, path, { of: 'objects', read, atLeast: 1 });
  const fields = read(value, path);
  return fields && [fields];
}

function validateFields(value: unknown, path: string, validator: Validator): FieldConditions | undefined {
  const before = validator.issues.length;
  const fields = Object.entries(validator.object(value, path) ?? {});
  const conditions = fields.map(([field, condition]) => {
    const place = pathTo(path, field);
    const issue = fieldIssue(field);
    if (issue) validator.issue(place, issue);
    return [field, validateCondition(condition, place, validator)] as const;
  });
  if (validator.issues.length > before) return undefined;
  if (conditions.length === 0) return validator.issue(path, 'is empty; add a condition or leave it out');
  return Object.fromEntries(conditions) as FieldConditions;
}

/** Says what is wrong with a name that begins as that of a conversation's field, if anything. */
function fieldIssue(name: string): string | undefined {
  const path = name === 'Conversation' ? '' : conversationField(name);
  // Of the four, only the attributes are JSON.
  if (path === undefined || CONVERSATION_CONDITIONS.includes(name) || /^Attributes\../s.test(path))
    return undefined;
  const hint = didYouMean(name.replace(/(?<=\..*)\..*/s, ''), CONVERSATION_CONDITIONS);
  return `is not a field of a conversation${hint || `; write ${oneOf(CONVERSATION_CONDITIONS)}`}`;
}

function validateCondition(value: unknown, path: string, validator: Validator): Condition | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const expected = validateScalar(value, path, validator);
    return expected === undefined ? undefined : { in: [expected] };
  }
  const entries = Object.entries(value);
  if (entries.length === 0) validator.issue(path, `is empty; write ${oneOf(OPERATORS)}`);
  const condition = entries.map(([name, operand]) => {
    const operator = OPERATORS.find((known) => known === name);
    if (operator) return [name, READ[operator](operand, pathTo(path, name), validator)];
    const hint = didYouMean(name, OPERATORS) || `; write ${oneOf(OPERATORS)}`;
    return [name, validator.issue(path, `${quote(name)} is not a condition${hint}`)];
  });
  return Object.fromEntries(condition);
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
