import { ApiError } from '../lib/api-error';
import { quote } from '../lib/error-text';

/** Collects what is wrong with a policy, each issue a sentence that begins with its path. */
export class IssueList {
  readonly issues: string[] = [];

  /** @param path empty for the policy itself */
  issue(path: string, sentence: string): undefined {
    this.issues.push(`${path || 'the policy'}: ${sentence}`);
  }
}

/** Appends a key or an index to a path: `rules[1].profile`. */
export function pathTo(path: string, key: string | number): string {
  return /^[A-Za-z_$][\w$]{0,59}$/.test(`${key}`) ? `${path}.${key}` : `${path}[${quote(key)}]`;
}

/** An invalid policy. The status is 400, although the caller is not to blame: a 5xx would be retried. */
export function policyError(issues: readonly string[]): ApiError {
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new ApiError(20001, `policy.private.json: ${issues[0]}${more}`, { issues });
}
