const numbers = new WeakMap<object, number>();
const contents = new Map<string, number>();

const isListOfObjects = (value: object): value is object[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => typeof item === 'object' && item !== null);

/** A number for what an immutable value holds: the same one for equal values. Asked again, it costs next to nothing. */
export function contentNumber(value: object): number {
  const known = numbers.get(value);
  if (known !== undefined) return known;
  // Of a list of objects most were in the list before.
  const content = isListOfObjects(value) ? `#${value.map(contentNumber)}` : JSON.stringify(value);
  const number = contents.get(content) ?? contents.size;
  contents.set(content, number);
  numbers.set(value, number);
  return number;
}
