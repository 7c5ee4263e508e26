import { ApiError } from '../lib/api-error';
import { describeValue } from '../lib/messages';

/** What is read of a parameter that was sent. */
export interface ParameterType {
  readonly kind: 'text' | 'list' | 'boolean';
  /** True where an empty item of a list counts as absent too. An empty keyword is an error of its own: it would match all. */
  readonly dropEmpty?: boolean;
  /** Twilio's code for a value of it that makes no sense; 20001 where there is none. */
  readonly code?: number;
}

export interface Kinds {
  text: string;
  list: readonly string[];
  boolean: boolean;
}

/**
 * One parameter as it was sent: text, JSON, or a list where its key was repeated. Undefined where it is empty.
 * @throws ApiError the parameter's code, for a value of the wrong type; 20001 for several that differ
 */
export function parseValue(
  spelling: string,
  sent: unknown,
  form: ParameterType,
): Kinds[ParameterType['kind']] | undefined {
  return form.kind === 'list' ? parseArray(spelling, sent, form) : parseSingle(spelling, sent, form);
}

function parseArray(spelling: string, sent: unknown, { dropEmpty: sparse, code = 20001 }: ParameterType) {
  if (isEmpty(sent)) return undefined;
  const items = splitItems(sent);
  if (!items?.every(isStringOrNumber))
    throw new ApiError(
      code,
      `${spelling} must be a list of texts: a repeated key, a JSON array, or texts with commas between, not ${describeValue(sent)}`,
    );
  const texts = items.map(String).filter((item) => !sparse || item !== '');
  return texts.length === 0 && items.length > 0 ? undefined : texts;
}

function parseSingle(spelling: string, sent: unknown, { kind, code = 20001 }: ParameterType) {
  const given = [sent].flat().filter((value) => !isEmpty(value));
  const values = [...new Set(given.map((value) => (typeof value === 'number' ? String(value) : value)))];
  if (values.length === 0) return undefined;
  const [value] = values;
  if (values.length > 1)
    throw new ApiError(20001, `${spelling} is sent ${values.length} times with different values`);
  if (kind === 'text') {
    if (isStringOrNumber(value)) return String(value);
    throw new ApiError(code, `${spelling} must be a text, not ${describeValue(sent)}`);
  }
  // Only of what is no object: an object may come with a toString that is no function.
  const text = typeof value === 'object' ? '' : String(value).toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ApiError(code, `${spelling} must be true or false, not ${describeValue(value)}`);
}

// Only a single text is taken apart at commas: a list that came as one may have commas in its items.
function splitItems(sent: unknown): unknown[] | undefined {
  if (Array.isArray(sent)) return sent;
  if (!isStringOrNumber(sent)) return undefined;
  const text = String(sent).trim();
  if (text.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (Array.isArray(parsed)) return parsed;
    } catch {
      // No JSON, so a keyword that happens to start with a bracket.
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
