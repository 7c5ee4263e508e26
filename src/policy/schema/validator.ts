import { describeValue, didYouMean, oneOf, quote } from '../../lib/messages';
import type { Site } from '../../lib/url';
import { pathTo } from './issues';
import { hasMalformedPlaceholder } from './variables';

/** Reads a value at its place; undefined where it reports a fault instead. */
type Parse<T> = (value: unknown, path: string) => T | undefined;

interface ObjectRules {
  /** What has these keys, with its article. */
  readonly of: string;
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
}

interface ArrayRules<T> {
  /** What the items are called, in the plural. */
  readonly of: string;
  readonly read: Parse<T>;
  readonly atLeast?: 1;
  /** True where an item that is there twice is a fault. */
  readonly unique?: true;
}

/**
 * Reads JSON value by value, and takes down every fault as a sentence that begins with its path. `open`: variables are still
 * in the texts, and what depends on them cannot be known.
 */
export class Validator {
  readonly issues: string[] = [];

  constructor(
    readonly site: Site,
    readonly allowPlaceholders: boolean,
  ) {}

  issue(path: string, sentence: string): undefined {
    this.issues.push(`${path || 'the policy'}: ${sentence}`);
  }

  string(value: unknown, path: string): string | undefined {
    return typeof value === 'string'
      ? value
      : this.issue(path, `must be a text, not ${describeValue(value)}`);
  }

  /** A text that may hold variables. */
  placeholderString(value: unknown, path: string): string | undefined {
    const text = this.string(value, path);
    if (text === undefined || !this.allowPlaceholders || !hasMalformedPlaceholder(text)) return text;
    return this.issue(path, `${quote(text)} has a "\${" that begins no variable; write \${NAME}`);
  }

  /** One of a few words. */
  choice<T extends string>(value: unknown, path: string, choices: readonly T[], what: string): T | undefined {
    const text = this.string(value, path);
    const known = choices.find((choice) => choice === text);
    if (known !== undefined || text === undefined) return known;
    return this.issue(
      path,
      `${quote(text)} is no ${what}${didYouMean(text, choices) || `; write ${oneOf(choices)}`}`,
    );
  }

  /** An object with keys that its validator does not know. */
  object(value: unknown, path: string): Record<string, unknown> | undefined {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : this.issue(path, `must be an object, not ${describeValue(value)}`);
  }

  /** An object with known keys. Those that are missing or unknown are reported, and the others are there to be read. */
  keys(
    value: unknown,
    path: string,
    { of, required = [], optional = [] }: ObjectRules,
  ): Record<string, unknown> | undefined {
    const object = this.object(value, path);
    if (!object) return undefined;
    const known = [...required, ...optional];
    for (const key of Object.keys(object).filter((name) => !known.includes(name))) {
      const hint = didYouMean(key, known) || `; it has ${oneOf(known, 'and')}`;
      this.issue(path, `${quote(key)} is no key of ${of}${hint}`);
    }
    for (const key of required.filter((name) => !Object.hasOwn(object, name)))
      this.issue(path, `${quote(key)} is missing`);
    return object;
  }

  array<T>(value: unknown, path: string, { of, read, atLeast, unique }: ArrayRules<T>): T[] | undefined {
    if (!Array.isArray(value))
      return this.issue(path, `must be a list of ${of}, not ${describeValue(value)}`);
    if (atLeast && value.length === 0) return this.issue(path, `is empty; it names one of the ${of} or more`);
    const items = value.map((item, i) => read(item, pathTo(path, i)));
    const twice = unique ? value.findIndex((item, i) => value.indexOf(item) < i) : -1;
    if (twice >= 0) return this.issue(pathTo(path, twice), `${quote(value[twice])} is there twice`);
    return items.includes(undefined) ? undefined : (items as T[]);
  }
}
