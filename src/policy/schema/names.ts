import { pathTo } from '../issues';
import { withoutPrototype } from '../policy';
import type { Validator } from './validator';

// The router's URL has the profile, and logs have both.
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

/** Validates a name of a webhook, a profile or a rule. */
export function validateName(name: string, path: string, validator: Validator): string | undefined {
  if (NAME.test(name)) return name;
  return validator.issue(
    path,
    'is not a valid name; use a letter, then letters, digits, - or _, up to 40 in all',
  );
}

/** Validates an object whose keys are names. An entry with issues is kept as undefined, since its name is known. */
export function validateNamed<T>(
  value: unknown,
  path: string,
  validator: Validator,
  read: (value: unknown, path: string) => T | undefined,
): Map<string, T | undefined> | undefined {
  const object = value === undefined ? undefined : validator.object(value, path);
  if (!object) return undefined;
  return new Map(
    Object.entries(object).map(([name, item]) => {
      const place = pathTo(path, name);
      validateName(name, place, validator);
      return [name, read(item, place)];
    }),
  );
}

/** The entries without issues. */
export function withoutInvalid<T>(read: ReadonlyMap<string, T | undefined> = new Map()): Map<string, T> {
  return new Map([...read].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

export function toRecord<T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return withoutPrototype(Object.fromEntries(map));
}
