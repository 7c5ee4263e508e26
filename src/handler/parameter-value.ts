import { ApiError } from '../lib/api-error';
import { describeValue } from '../lib/error-text';

/** How a parameter is parsed. */
export interface ParameterType {
  readonly kind: 'string' | 'array' | 'boolean';
  /** Whether empty items are dropped. An empty keyword is an error instead: it would match everything. */
  readonly dropEmpty?: boolean;
  /** Twilio's error code for a value of the wrong type; 20001 by default. */
  readonly code?: number;
}

export interface Kinds {
  string: string;
  array: readonly string[];
  boolean: boolean;
}

/**
 * Parses one parameter, sent as a string, as JSON, or as an array if its key was repeated. Undefined if it is empty.
 * @throws ApiError the parameter's code for a value of the wrong type; 20001 for values that differ
 */
export function parseValue(
  spelling: string,
  sent: unknown,
  type: ParameterType,
): Kinds[ParameterType['kind']] | undefined {
  return type.kind === 'array' ? parseArray(spelling, sent, type) : parseSingle(spelling, sent, type);
}

function parseArray(spelling: string, sent: unknown, { dropEmpty, code = 20001 }: ParameterType) {
  if (isEmpty(sent)) return undefined;
  const items = splitItems(sent);
  if (!items?.every(isStringOrNumber))
    throw new ApiError(
      code,
      `${spelling} must be an array of strings (comma-separated, JSON or a repeated key), not ${describeValue(sent)}`,
    );
  const strings = items.map(String).filter((item) => !dropEmpty || item !== '');
  return strings.length === 0 && items.length > 0 ? undefined : strings;
}

function parseSingle(spelling: string, sent: unknown, { kind, code = 20001 }: ParameterType) {
  const nonEmpty = [sent].flat().filter((value) => !isEmpty(value));
  const values = [...new Set(nonEmpty.map((value) => (typeof value === 'number' ? String(value) : value)))];
  if (values.length === 0) return undefined;
  const [value] = values;
  if (values.length > 1)
    throw new ApiError(20001, `${spelling} has ${values.length} different values; send one`);
  if (kind === 'string') {
    if (isStringOrNumber(value)) return String(value);
    throw new ApiError(code, `${spelling} must be a string, not ${describeValue(sent)}`);
  }
  // An object may have a toString that is not a function.
  const text = typeof value === 'object' ? '' : String(value).toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ApiError(code, `${spelling} must be true or false, not ${describeValue(value)}`);
}

// Only a single string is split at commas: the items of an array may contain them.
function splitItems(sent: unknown): unknown[] | undefined {
  if (Array.isArray(sent)) return sent;
  if (!isStringOrNumber(sent)) return undefined;
  const text = String(sent).trim();
  if (text.startsWith('[')) {
    try {
      return JSON.parse(text);
    } catch {
      // Not JSON: a keyword that starts with a bracket.
    }
  }
  return text.split(',').map((item) => item.trim());
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isStringOrNumber(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
