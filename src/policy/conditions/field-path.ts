/** What an event has at a path. */
export interface Field {
  /** A null is missing; an object, an empty array and an empty string are not. */
  readonly exists: boolean;
  /** Its strings, numbers and booleans, as strings; the items if it is an array. */
  readonly texts: readonly string[];
}

/**
 * Reads an event's field. A key of the event itself comes first, since some have dots (`MessagingBinding.Address`). Else the
 * first dot follows a field with JSON, and the rest is a path into it: `Attributes.tier`.
 */
export function fieldAt(event: object, field: string): Field {
  const [head, rest] = splitAtDot(field);
  let found: readonly unknown[] = [];
  if (has(event, field)) found = [event[field]];
  else if (has(event, head)) found = descend(parseJsonOrUndefined(event[head]), rest);
  return {
    exists: found.some((value) => value !== null && value !== undefined),
    texts: found.flat().filter(isScalar).map(String),
  };
}

// More than one value if the path goes through an array.
function descend(value: unknown, path: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (has(value, path)) return [value[path]];
  const [head, rest] = splitAtDot(path);
  if (rest && has(value, head)) return descend(value[head], rest);
  // No arrays in arrays: whoever writes the attributes must not control the depth of the recursion.
  return Array.isArray(value)
    ? value.flatMap((item) => (Array.isArray(item) ? [] : descend(item, path)))
    : [];
}

function splitAtDot(path: string): [head: string, rest: string] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
}

// Enumerable, so that neither a prototype's property nor an array's length counts.
function has<K extends string>(value: object, key: K): value is Record<K, unknown> {
  return Object.prototype.propertyIsEnumerable.call(value, key);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function parseJsonOrUndefined(json: unknown): unknown {
  try {
    return JSON.parse(String(json));
  } catch {
    return undefined;
  }
}
