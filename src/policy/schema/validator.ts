import { describeValue, didYouMean, oneOf, quote } from '../../lib/error-text';
import { IssueList, pathTo } from '../issues';
import { hasMalformedPlaceholder } from '../variables';

/** Parses a value at its path; undefined if it reports an issue instead. */
type Parse<T> = (value: unknown, path: string) => T | undefined;

interface ObjectRules {
  readonly required?: readonly string[];
  readonly optional: readonly string[];
}

interface ArrayRules<T> {
  /** The items, in the plural. */
  readonly of: string;
  readonly read: Parse<T>;
  readonly atLeast?: 1;
  /** Report duplicates. */
  readonly unique?: true;
}

/** Parses JSON value by value. Variables are not substituted yet, so what depends on them cannot be checked. */
export class Validator extends IssueList {
  constructor(
    /** Says what is wrong with a valid pattern, if anything; it takes long. */
    readonly checkPattern: (source: string) => string | undefined = () => undefined,
  ) {
    super();
  }

  string(value: unknown, path: string): string | undefined {
    return typeof value === 'string'
      ? value
      : this.issue(path, `must be a string, not ${describeValue(value)}`);
  }

  boolean(value: unknown, path: string): boolean | undefined {
    return typeof value === 'boolean'
      ? value
      : this.issue(path, `must be true or false, not ${describeValue(value)}`);
  }

  number(value: unknown, path: string): number | undefined {
    return Number.isFinite(value)
      ? (value as number)
      : this.issue(path, `must be a number, not ${describeValue(value)}`);
  }

  /** A string that may have variables. */
  placeholderString(value: unknown, path: string): string | undefined {
    const text = this.string(value, path);
    if (text === undefined || !hasMalformedPlaceholder(text)) return text;
    return this.issue(path, `${quote(text)} has a malformed variable; write \${NAME}`);
  }

  /** One of a few strings. @param others what else may be written; the caller parses it */
  choice<T extends string>(
    value: unknown,
    path: string,
    choices: readonly T[],
    what: string,
    others: readonly string[] = [],
  ): T | undefined {
    const known = choices.find((choice) => choice === value);
    if (known !== undefined) return known;
    const all = oneOf([...choices, ...others]);
    if (typeof value !== 'string') return this.issue(path, `must be ${all}, not ${describeValue(value)}`);
    const hint = didYouMean(value, choices) || `; write ${all}`;
    return this.issue(path, `${quote(value)} is not a valid ${what}${hint}`);
  }

  /** An object with any keys. */
  object(value: unknown, path: string): Record<string, unknown> | undefined {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : this.issue(path, `must be an object, not ${describeValue(value)}`);
  }

  /** An object with known keys. Reports missing and unknown ones; the others can still be validated. */
  keys(
    value: unknown,
    path: string,
    { required = [], optional }: ObjectRules,
  ): Record<string, unknown> | undefined {
    const object = this.object(value, path);
    if (!object) return undefined;
    const known = [...required, ...optional];
    for (const key of Object.keys(object).filter((name) => !known.includes(name))) {
      const hint = didYouMean(key, known) || `; use ${oneOf(known)}`;
      this.issue(path, `unknown key ${quote(key)}${hint}`);
    }
    for (const key of required.filter((name) => !Object.hasOwn(object, name)))
      this.issue(path, `${quote(key)} is missing`);
    return object;
  }

  array<T>(value: unknown, path: string, { of, read, atLeast, unique }: ArrayRules<T>): T[] | undefined {
    if (!Array.isArray(value))
      return this.issue(path, `must be an array of ${of}, not ${describeValue(value)}`);
    if (atLeast && value.length === 0) return this.issue(path, 'is empty; add at least one');
    const items = value.map((item, i) => read(item, pathTo(path, i)));
    const duplicate = unique ? value.findIndex((item, i) => value.indexOf(item) < i) : -1;
    if (duplicate >= 0)
      return this.issue(pathTo(path, duplicate), `${quote(value[duplicate])} is a duplicate`);
    return items.includes(undefined) ? undefined : (items as T[]);
  }
}
