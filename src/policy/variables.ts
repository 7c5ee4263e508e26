type Path = readonly (string | number)[];

const VARIABLE = /\$\{([A-Za-z_]\w*)\}/g;

/** Whether a text has a variable. */
export function hasPlaceholder(text: string): boolean {
  return text.search(VARIABLE) >= 0;
}

/** Whether a text has a `${` that does not begin a variable. */
export function hasMalformedPlaceholder(text: string): boolean {
  return /\$\{(?![A-Za-z_]\w*\})/.test(text);
}

/** The names of a compiled policy's variables, without duplicates, in order of appearance. */
export function variables(policy: unknown): string[] {
  const names = new Set<string>();
  mapStrings(policy, [], (text) => {
    for (const [, name] of text.matchAll(VARIABLE)) names.add(name!);
    return text;
  });
  return [...names];
}

/** Substitutes a policy's variables. An empty one counts as missing: an `.env` may have the name without a value. */
export function substitute<T>(
  policy: T,
  env: Readonly<Record<string, unknown>>,
): { filled: T; missing: string[] } {
  const value = (name: string) => (typeof env[name] === 'string' ? env[name] : '');
  return {
    filled: mapStrings(policy, [], (text) => text.replace(VARIABLE, (_, name: string) => value(name))) as T,
    missing: variables(policy).filter((name) => value(name) === ''),
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

// The structure of a policy is the same in every deployment, and `${` has a meaning of its own in a regular expression.
function takesVariables([section, , key, ...rest]: Path): boolean {
  if (section === 'webhooks') return key !== 'target';
  // Below the field, which may itself be called "matches".
  if (section === 'rules') return key === 'when' && !rest.slice(2).includes('matches');
  return section === 'formerDomains';
}
