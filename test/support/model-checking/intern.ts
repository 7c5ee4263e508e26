const numbers = new WeakMap<object, number>();
const contents = new Map<string, number>();

/** A number for what an immutable value holds: the same one for equal values. Asked again, it costs next to nothing. */
export function contentNumber(value: object): number {
  const known = numbers.get(value);
  if (known !== undefined) return known;
  const content = JSON.stringify(value);
  const number = contents.get(content) ?? contents.size;
  contents.set(content, number);
  numbers.set(value, number);
  return number;
}
