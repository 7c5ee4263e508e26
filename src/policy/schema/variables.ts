type Path = readonly (string | number)[];

const VARIABLE = /\$\{([A-Za-z_]\w*)\}/g;

/** Whether a text will be another one once the environment is known. */
export function hasPlaceholder(text: string): boolean {
  return text.search(VARIABLE) >= 0;
}

/** Whether something in the text begins like a variable and is none. */
export function hasMalformedPlaceholder(text: string): boolean {
  return /\$\{(?![A-Za-z_]\w*\})/.test(text);
}

/** The names of the variables of a policy, each once, in the order in which they appear. */
export function variables(json: unknown): string[] {
  const names = new Set<string>();
  mapStrings(json, [], (text) => {
    for (const [, name] of text.matchAll(VARIABLE)) names.add(name!);
    return text;
  });
  return [...names];
}

/** The policy with its variables put in. Empty counts as missing: so a line of an `.env` looks that waits for its value. */
export function substitute(
  json: unknown,
  env: Readonly<Record<string, unknown>>,
): { filled: unknown; missing: string[] } {
  const value = (name: string) => (typeof env[name] === 'string' ? env[name] : '');
  return {
    filled: mapStrings(json, [], (text) => text.replace(VARIABLE, (_, name: string) => value(name))),
    missing: variables(json).filter((name) => value(name) === ''),
  };
}

function mapStrings(value: unknown, path: Path, change: (text: string) => string): unknown {
  if (typeof value === 'string') return takesVariables(path) ? change(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, i) => mapStrings(item, [...path, i], change));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapStrings(item, [...path, key], change)]),
  );
}

// What shapes the policy is the same everywhere; and in a regular expression the signs have meanings of their own.
function takesVariables([room, , key, , operator]: Path): boolean {
  if (room === 'webhooks') return key !== 'target';
  if (room === 'rules') return key === 'when' && operator !== 'matches';
  return room === 'formerDomains';
}
