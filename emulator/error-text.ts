import leven from 'leven';

/** Quotes, escapes and shortens a value for an error message. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 56)}…"` : text;
}

/** `; did you mean "--port"?` if at most a third of the name's letters differ from a known one, else all known names. */
export function suggest(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(1, name.length / 3)
    ? `; did you mean ${quote(nearest.candidate)}?`
    : `; use one of ${known.join(', ')}`;
}
