import { refuse } from '../twilio/errors';

/** What a value has to be, and how that is said. */
export interface Type {
  mustBe: string;
  accepts(value: unknown): boolean;
}

export type Schema = { readonly [key: string]: Type };

const isNumber = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;

export const integer = (least: number, most: number): Type => ({
  mustBe: `a whole number from ${least} to ${most}`,
  accepts: (value) => Number.isInteger(value) && isNumber(value, least, most),
});

export const probability: Type = {
  mustBe: 'a probability from 0 to 1',
  accepts: (value) => isNumber(value, 0, 1),
};

export const string: Type = { mustBe: 'text', accepts: (value) => typeof value === 'string' };

export const boolean: Type = { mustBe: 'true or false', accepts: (value) => typeof value === 'boolean' };

export const oneOf = (...values: string[]): Type => ({
  mustBe: values.map((value) => JSON.stringify(value)).join(' or '),
  accepts: (value) => values.some((candidate) => candidate === value),
});

export const matching = (pattern: RegExp, takes: string): Type => ({
  mustBe: takes,
  accepts: (value) => typeof value === 'string' && pattern.test(value),
});

export const either = (one: Type, other: Type): Type => ({
  mustBe: `${one.mustBe}, or ${other.mustBe}`,
  accepts: (value) => one.accepts(value) || other.accepts(value),
});

/** Two of a kind, the lesser first. */
export const range = (kind: Type): Type => ({
  mustBe: '[least, most] of them',
  accepts: (value) =>
    Array.isArray(value) && value.length === 2 && value.every(kind.accepts) && value[0] <= value[1],
});

export const object: Type = {
  mustBe: 'an object',
  accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

export const array: Type = { mustBe: 'an array', accepts: Array.isArray };

/** The place of a key, to be named in a refusal. */
export const join = (place: string, key: string) => (place === '' ? key : `${place}.${key}`);

/** Refuses, with its place, whatever is not of this shape, unknown keys included: one that nobody reads is a mistake. */
export function validate(place: string, value: unknown, shape: Schema): { [key: string]: unknown } {
  if (!object.accepts(value)) refuse(20001, `${place || 'The body'} takes an object, not ${quote(value)}`);
  const fields = value as { [key: string]: unknown };
  for (const [key, content] of Object.entries(fields)) {
    const kind = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (kind === undefined)
      refuse(20001, `${place || 'The body'} takes ${Object.keys(shape).join(', ')}, not ${quote(key)}`);
    if (!kind.accepts(content))
      refuse(20001, `${join(place, key)} takes ${kind.mustBe}, not ${quote(content)}`);
  }
  return fields;
}

function quote(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 100 ? `${json.slice(0, 99)}…` : json;
}
