import { ApiError } from '../../lib/api-error';
import { quote } from '../../lib/messages';

/** The place of a key or an item in what is at `path`: `rules[1].profile`. The policy itself is at the empty path. */
export function pathTo(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (!/^[A-Za-z_$][\w$]{0,59}$/.test(key)) return `${path}[${quote(key)}]`;
  return path ? `${path}.${key}` : key;
}

/**
 * What stands in the way of a policy, all of it in `details.issues`. 400, although no caller is to blame: what retrying
 * cannot mend must not look as if it could.
 */
export function policyError(issues: readonly string[]): ApiError {
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new ApiError(20001, `policy.private.json: ${issues[0]}${more}`, { issues });
}
