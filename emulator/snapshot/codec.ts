import { quote } from '../error-text';
import { array, join, object, oneOf, type Type } from '../faults/validate';
import { OrderedMap } from '../state/ordered-map';
import { refuse } from '../twilio/errors';

/** How a value becomes JSON, and JSON the value. */
export interface Codec<T> {
  save(value: T): unknown;
  /** @throws TwilioError 20001 with the path of the first issue */
  load(json: unknown, path: string): T;
  /** The value where a snapshot of an earlier version has none. */
  readonly fallback?: T;
}

export type Fields<T> = { readonly [K in keyof T]-?: Codec<T[K]> };

/** A value that is JSON already. */
export const plain = <T>(type: Type): Codec<T> => ({
  save: (value) => value,
  load: (json, path) => (type.accepts(json) ? (json as T) : mustBe(path, type.mustBe, json)),
});

/** One of the keys, so that the compiler finds a missing one. */
export const choice = <T extends string>(values: Record<T, true>): Codec<T> =>
  plain(oneOf(...Object.keys(values)));

export const nullable = <T>({ save, load }: Codec<T>): Codec<T | null> => ({
  save: (value) => (value === null ? null : save(value)),
  load: (json, path) => (json === null ? null : load(json, path)),
});

export const withDefault = <T>(codec: Codec<T>, fallback: T): Codec<T> => ({ ...codec, fallback });

/** An object with exactly these keys. */
export function record<T extends object>(fields: Fields<T>): Codec<T> {
  const entries = Object.entries(fields) as [keyof T & string, Codec<T[keyof T]>][];
  return {
    save: (value) => Object.fromEntries(entries.map(([key, { save }]) => [key, save(value[key])])),
    load: (json, path) => {
      if (!object.accepts(json)) return mustBe(path, object.mustBe, json);
      const values = json as { [key: string]: unknown };
      const unknown = Object.keys(values).find((key) => !Object.hasOwn(fields, key));
      if (unknown !== undefined) refuse(20001, `${path || 'The body'} has an unknown key ${quote(unknown)}`);
      const loaded = entries.map(([key, { load, fallback }]) => {
        const at = join(path, key);
        const value = Object.hasOwn(values, key) ? load(values[key], at) : fallback;
        return [key, value === undefined ? refuse(20001, `${at} is missing`) : value];
      });
      return Object.fromEntries(loaded) as T;
    },
  };
}

export const list = <T>({ save, load }: Codec<T>): Codec<T[]> => ({
  save: (values) => values.map(save),
  load: (json, path) => {
    if (!Array.isArray(json)) return mustBe(path, array.mustBe, json);
    return json.map((item, index) => load(item, `${path}[${index}]`));
  },
});

/** Another form of a value. `load` may refuse what it gets. */
export const adapt = <From, To>(
  codec: Codec<From>,
  save: (value: To) => From,
  load: (value: From, path: string) => To,
): Codec<To> => ({
  save: (value) => codec.save(save(value)),
  load: (json, path) => load(codec.load(json, path), path),
});

/** The same form, with one more check. */
export const checked = <T>(codec: Codec<T>, check: (value: T, path: string) => void): Codec<T> =>
  adapt(
    codec,
    (value) => value,
    (value, path) => {
      check(value, path);
      return value;
    },
  );

/** Records in the order of their serials, which pages rely on. */
export const sorted = <T extends { readonly serial: number }>(item: Codec<T>): Codec<T[]> =>
  checked(list(item), (items, path) => {
    for (const [index, { serial }] of items.entries())
      if (serial <= (items[index - 1]?.serial ?? 0))
        refuse(20001, `${path}[${index}].serial must be greater than the one before it`);
  });

type Sorted = { readonly serial: number };

/** Records by a property that no two of them share. */
export const keyed = <K extends string, T extends Sorted & Readonly<Record<K, string>>>(
  item: Codec<T>,
  key: K,
): Codec<Map<string, T>> =>
  adapt(
    sorted(item),
    (map) => [...map.values()],
    (items, path) => indexBy(items, key, path),
  );

export const ordered = <T extends Sorted & { readonly sid: string }>(item: Codec<T>): Codec<OrderedMap<T>> =>
  adapt(
    keyed(item, 'sid'),
    (map) => new Map(map.ordered.map((value) => [value.sid, value])),
    (map) => {
      const result = new OrderedMap<T>();
      for (const value of map.values()) result.add(value);
      return result;
    },
  );

/** The items by this property, without those in which it is null. */
export function indexBy<K extends string, T extends Readonly<Record<K, string | null>>>(
  items: Iterable<T>,
  key: K,
  path: string,
): Map<string, T> {
  const map = new Map<string, T>();
  let index = 0;
  for (const item of items) {
    const value = item[key];
    if (value !== null && map.has(value))
      refuse(20001, `${path}[${index}].${key} is a duplicate: ${quote(value)}`);
    if (value !== null) map.set(value, item);
    index += 1;
  }
  return map;
}

const mustBe = (path: string, what: string, json: unknown): never =>
  refuse(20001, `${path || 'The body'} must be ${what}, not ${quote(json)}`);
