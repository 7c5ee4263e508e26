import { quote } from '../../lib/error-text';
import { policyError } from '../issues';

/**
 * Parses JSON, and accepts no duplicate keys: JSON.parse would drop all but the last one.
 * @throws ApiError 20001 with the line and the column of the first character that is not JSON, or of each duplicate key
 */
export function parseJson(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  const { offset, duplicates } = scan(json);
  const value = parseOrUndefined(json);
  if (value === undefined) throw policyError([`${position(json, offset)}: ${unexpected(json, offset)}`]);
  if (duplicates.length === 0) return value;
  throw policyError(
    duplicates.map(
      ({ key, first, second }) =>
        `${position(json, second)}: ${quote(key)} is a duplicate of ${position(json, first)}; keep one`,
    ),
  );
}

function parseOrUndefined(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function position(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}

function unexpected(text: string, offset: number): string {
  const [found] = text.slice(offset);
  if (found === undefined) return 'unexpected end of JSON';
  return `unexpected ${quote(found)}${hintAt(text, offset)}`;
}

function hintAt(text: string, offset: number): string {
  if (/^\/[/*]/.test(text.slice(offset))) return '; JSON has no comments; use description';
  const isAfterComma = text.slice(0, offset).trimEnd().endsWith(',');
  return isAfterComma && /[\]}]/.test(text[offset]!) ? '; remove the comma before it' : '';
}

interface Duplicate {
  readonly key: string;
  /** Offset of the earlier one. */
  readonly first: number;
  readonly second: number;
}

const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

// Not every Node.js reports where JSON.parse stopped. The helpers return whether the text is JSON so far.
function scan(text: string): { offset: number; duplicates: readonly Duplicate[] } {
  let offset = 0;
  const duplicates: Duplicate[] = [];
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    if (!pattern.test(text)) return false;
    offset = pattern.lastIndex;
    return true;
  };
  const token = (pattern: RegExp): boolean => {
    take(/[ \t\n\r]*/y);
    const taken = take(pattern);
    take(/[ \t\n\r]*/y);
    return taken;
  };
  const items = (item: () => boolean, end: RegExp): boolean => {
    if (token(end)) return true;
    while (item()) if (!token(/,/y)) return token(end);
    return false;
  };
  const key = (earlier: Map<string, number>): boolean => {
    const second = offset;
    if (!token(STRING)) return false;
    const name: string = JSON.parse(text.slice(second, offset));
    const first = earlier.get(name);
    if (first === undefined) earlier.set(name, second);
    else duplicates.push({ key: name, first, second });
    return true;
  };
  const value = (): boolean => {
    if (token(/\{/y)) {
      const earlier = new Map<string, number>();
      return items(() => key(earlier) && token(/:/y) && value(), /\}/y);
    }
    if (token(/\[/y)) return items(value, /\]/y);
    return token(STRING) || token(SCALAR);
  };
  value();
  return { offset, duplicates };
}
