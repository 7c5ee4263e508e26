import { pathTo } from './issues';
import type { Validator } from './validator';

// Profiles stand in the router's URL, and both in the log.
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

/** Reads an object whose keys are names. What has issues is there too, as undefined: its name is known. */
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
      if (!NAME.test(name))
        validator.issue(
          place,
          'is no name; it begins with a letter, and has letters, digits, - and _, up to 40',
        );
      return [name, read(item, place)];
    }),
  );
}

/** What has no issues. */
export function withoutInvalid<T>(read: ReadonlyMap<string, T | undefined> = new Map()): Map<string, T> {
  return new Map([...read].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** Without a prototype, so that no profile is found under `constructor`. */
export function toRecord<T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), Object.fromEntries(map));
}
