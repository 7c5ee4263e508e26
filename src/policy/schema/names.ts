import { at } from './issues';
import type { Reader } from './validator';

// Profiles stand in the router's URL, and both in the log.
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

/** Reads an object whose keys are names. What has faults is there too, as undefined: its name is known. */
export function readNamed<T>(
  value: unknown,
  path: string,
  reader: Reader,
  read: (value: unknown, path: string) => T | undefined,
): Map<string, T | undefined> | undefined {
  const object = value === undefined ? undefined : reader.object(value, path);
  if (!object) return undefined;
  return new Map(
    Object.entries(object).map(([name, item]) => {
      const place = at(path, name);
      if (!NAME.test(name))
        reader.fault(
          place,
          'is no name; it begins with a letter, and has letters, digits, - and _, up to 40',
        );
      return [name, read(item, place)];
    }),
  );
}

/** What has no faults. */
export function sound<T>(read: ReadonlyMap<string, T | undefined> = new Map()): Map<string, T> {
  return new Map([...read].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** Without a prototype, so that no profile is found under `constructor`. */
export function record<T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), Object.fromEntries(map));
}
