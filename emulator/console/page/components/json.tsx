/** JSON, or a table of parameters, as text. */
export function Json({ value }: { value: unknown }) {
  return <pre>{typeof value === 'string' ? pretty(value) : JSON.stringify(value, null, 2)}</pre>;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
