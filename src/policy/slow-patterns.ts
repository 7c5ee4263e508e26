import { quote } from '../lib/error-text';

/** The largest degree of a polynomial that is fast enough on 4,096 characters. */
const MAX_DEGREE = 2;
/** Some patterns take seconds to check. */
const TIMEOUT_MS = 60_000;

const issues = new Map<string, string | undefined>();

/** Says why a regular expression can run away, if it can. Only for the build: the check is large. */
export function slowPatternIssue(source: string): string | undefined {
  if (!issues.has(source)) issues.set(source, check(source));
  return issues.get(source);
}

function check(source: string): string | undefined {
  // Loaded for policies with patterns alone. The file for browsers runs here, and starts neither a worker nor Java.
  const { checkSync } = require('recheck/lib/browser') as typeof import('recheck');
  const found = checkSync(source, 'iu', { timeout: TIMEOUT_MS });
  // What it cannot tell is left to the budget of the functions.
  if (found.status !== 'vulnerable') return undefined;
  const { complexity, attack } = found;
  if (complexity.type === 'polynomial' && complexity.degree <= MAX_DEGREE) return undefined;
  const growth =
    complexity.type === 'polynomial' ? `length to the power of ${complexity.degree}` : 'length exponentially';
  return `can take too long: its time grows with the ${growth}, for example on ${quote(attack.string)}; rewrite it, or use words`;
}
