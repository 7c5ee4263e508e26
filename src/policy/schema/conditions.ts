import type { ConversationEvent } from '../../events/types';
import { didYouMean, quote } from '../../lib/messages';
import { textsOf } from './field-path';
import { at } from './issues';
import { matcher, patternFault, wordFinder } from './pattern';
import { describe, type Reader } from './validator';

/** Whether a rule is about this event. */
export type When = (event: ConversationEvent) => boolean;

/** Whether a condition holds for one of the values of a field. */
type Test = (text: string) => boolean;

/** The conditions that a field can be put under, besides being equal to a value. */
const OPERATORS: Readonly<
  Record<string, (value: unknown, path: string, reader: Reader) => Test | undefined>
> = {
  in(value, path, reader) {
    const read = (item: unknown, place: string) => readScalar(item, place, reader);
    const values = reader.list(value, path, { of: 'values', read, atLeast: 1 });
    return values && ((text) => values.includes(text));
  },
  words(value, path, reader) {
    const read = (item: unknown, place: string) => {
      const word = reader.openText(item, place);
      return word?.trim() === '' ? reader.fault(place, 'is empty; it is a word or a phrase') : word;
    };
    const words = reader.list(value, path, { of: 'words', read, atLeast: 1 });
    return words && wordFinder(words);
  },
  matches(value, path, reader) {
    const source = reader.text(value, path);
    if (source === undefined) return undefined;
    const fault = source === '' ? 'is empty; it is a regular expression' : patternFault(source);
    return fault ? reader.fault(path, fault) : matcher(source);
  },
};

/** Reads `when`: each field that it names has to be there, and fulfil all that is asked of it. */
export function readWhen(value: unknown, path: string, reader: Reader): When | undefined {
  const fields = reader.object(value, path);
  if (!fields) return undefined;
  const conditions = Object.entries(fields).map(([field, condition]) => ({
    field,
    tests: readCondition(condition, at(path, field), reader),
  }));
  if (conditions.length === 0)
    return reader.fault(path, 'is empty; leave it out where there is no condition');
  return (event) =>
    conditions.every(({ field, tests }) => {
      const texts = textsOf(event, field);
      return tests.every((test) => texts.some(test));
    });
}

function readCondition(condition: unknown, path: string, reader: Reader): readonly Test[] {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) {
    const expected = readScalar(condition, path, reader);
    return expected === undefined ? [] : [(text) => text === expected];
  }
  const asked = Object.entries(condition);
  if (asked.length === 0) reader.fault(path, 'is empty; it has in, words or matches');
  return asked.flatMap(([name, value]) => {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator) return operator(value, at(path, name), reader) ?? [];
    const hint = didYouMean(name, Object.keys(OPERATORS)) || '; write in, words or matches';
    reader.fault(path, `${quote(name)} is no condition${hint}`);
    return [];
  });
}

// All that an event holds is text, so 5, "5" and the 5 of a JSON field are one value.
function readScalar(value: unknown, path: string, reader: Reader): string | undefined {
  if (typeof value === 'string') return reader.openText(value, path);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const hint = Array.isArray(value) ? '; did you mean {"in": […]}?' : '';
  return reader.fault(path, `must be a text, a number, true or false, not ${describe(value)}${hint}`);
}
