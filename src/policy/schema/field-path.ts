/**
 * The values of an event's field, as strings; none if it is missing. A key of the event itself comes first, since some have
 * dots (`MessagingBinding.Address`). Else the first dot follows a field with JSON, and the rest is a path into it:
 * `Attributes.tier`. An array yields its items.
 */
export function valuesAt(event: object, field: string): string[] {
  const [head, rest] = splitAtDot(field);
  let found: unknown;
  if (has(event, field)) found = event[field];
  else if (has(event, head)) found = descend(parseJsonOrUndefined(event[head]), rest);
  return [found].flat().filter(isScalar).map(String);
}

function descend(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (has(value, path)) return value[path];
  const [head, rest] = splitAtDot(path);
  if (rest && has(value, head)) return descend(value[head], rest);
  // No arrays in arrays: whoever writes the attributes must not control the depth of the recursion.
  return Array.isArray(value)
    ? value.flatMap((item) => (Array.isArray(item) ? [] : descend(item, path)))
    : undefined;
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
