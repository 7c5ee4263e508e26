import { refuse } from '../twilio/errors';

/** What a value has to be, and how that is said. */
export interface Kind {
  takes: string;
  fits(value: unknown): boolean;
}

export type Shape = { readonly [key: string]: Kind };

const isNumber = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;

export const whole = (least: number, most: number): Kind => ({
  takes: `a whole number from ${least} to ${most}`,
  fits: (value) => Number.isInteger(value) && isNumber(value, least, most),
});

export const probability: Kind = {
  takes: 'a probability from 0 to 1',
  fits: (value) => isNumber(value, 0, 1),
};

export const text: Kind = { takes: 'text', fits: (value) => typeof value === 'string' };

export const flag: Kind = { takes: 'true or false', fits: (value) => typeof value === 'boolean' };

export const oneOf = (...values: string[]): Kind => ({
  takes: values.map((value) => JSON.stringify(value)).join(' or '),
  fits: (value) => values.some((candidate) => candidate === value),
});

export const matching = (pattern: RegExp, takes: string): Kind => ({
  takes,
  fits: (value) => typeof value === 'string' && pattern.test(value),
});

export const either = (one: Kind, other: Kind): Kind => ({
  takes: `${one.takes}, or ${other.takes}`,
  fits: (value) => one.fits(value) || other.fits(value),
});

/** Two of a kind, the lesser first. */
export const range = (kind: Kind): Kind => ({
  takes: '[least, most] of them',
  fits: (value) =>
    Array.isArray(value) && value.length === 2 && value.every(kind.fits) && value[0] <= value[1],
});

export const object: Kind = {
  takes: 'an object',
  fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

export const list: Kind = { takes: 'an array', fits: Array.isArray };

/** The place of a key, to be named in a refusal. */
export const at = (place: string, key: string) => (place === '' ? key : `${place}.${key}`);

/** Refuses, with its place, whatever is not of this shape, unknown keys included: one that nobody reads is a mistake. */
export function hold(place: string, value: unknown, shape: Shape): { [key: string]: unknown } {
  if (!object.fits(value)) refuse(20001, `${place || 'The body'} takes an object, not ${quote(value)}`);
  const fields = value as { [key: string]: unknown };
  for (const [key, content] of Object.entries(fields)) {
    const kind = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (kind === undefined)
      refuse(20001, `${place || 'The body'} takes ${Object.keys(shape).join(', ')}, not ${quote(key)}`);
    if (!kind.fits(content)) refuse(20001, `${at(place, key)} takes ${kind.takes}, not ${quote(content)}`);
  }
  return fields;
}

function quote(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 100 ? `${json.slice(0, 99)}…` : json;
}
