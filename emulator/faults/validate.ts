import { quote } from '../error-text';
import { refuse } from '../twilio/errors';

/** A type of JSON value, with its description for error messages. */
export interface Type {
  mustBe: string;
  accepts(value: unknown): boolean;
}

export type Schema = { readonly [key: string]: Type };

const isNumber = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && value >= min && value <= max;

export const integer = (min: number, max: number): Type => ({
  mustBe: `an integer from ${min} to ${max}`,
  accepts: (value) => Number.isInteger(value) && isNumber(value, min, max),
});

export const probability: Type = {
  mustBe: 'a probability from 0 to 1',
  accepts: (value) => isNumber(value, 0, 1),
};

export const string: Type = { mustBe: 'a string', accepts: (value) => typeof value === 'string' };

export const boolean: Type = { mustBe: 'true or false', accepts: (value) => typeof value === 'boolean' };

export const oneOf = (...values: string[]): Type => ({
  mustBe: values.map((value) => JSON.stringify(value)).join(' or '),
  accepts: (value) => values.some((candidate) => candidate === value),
});

export const matching = (pattern: RegExp, mustBe: string): Type => ({
  mustBe,
  accepts: (value) => typeof value === 'string' && pattern.test(value),
});

export const either = (one: Type, other: Type): Type => ({
  mustBe: `${one.mustBe} or ${other.mustBe}`,
  accepts: (value) => one.accepts(value) || other.accepts(value),
});

/** Two values, the smaller first. */
export const range = (type: Type): Type => ({
  mustBe: 'an array [min, max] of two',
  accepts: (value) =>
    Array.isArray(value) && value.length === 2 && value.every(type.accepts) && value[0] <= value[1],
});

export const object: Type = {
  mustBe: 'an object',
  accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

export const array: Type = { mustBe: 'an array', accepts: Array.isArray };

/** `do` and `delay` → `do.delay`. */
export const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

/** Returns the object if it fits the schema. Unknown keys are refused: they are typing errors. */
export function validate(path: string, value: unknown, schema: Schema): { [key: string]: unknown } {
  if (!object.accepts(value)) refuse(20001, `${path || 'The body'} must be an object, not ${quote(value)}`);
  const fields = value as { [key: string]: unknown };
  for (const [key, content] of Object.entries(fields)) {
    const type = Object.hasOwn(schema, key) ? schema[key] : undefined;
    if (type === undefined) {
      const keys = Object.keys(schema).join(', ');
      refuse(20001, `${path || 'The body'} has an unknown key ${quote(key)}; the keys are ${keys}`);
    }
    if (!type.accepts(content)) {
      refuse(20001, `${join(path, key)} must be ${type.mustBe}, not ${quote(content)}`);
    }
  }
  return fields;
}
