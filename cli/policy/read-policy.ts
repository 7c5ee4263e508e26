import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApiError } from '../../src/lib/api-error';
import { quote } from '../../src/lib/error-text';
import { bindPolicy, type Policy } from '../../src/policy/policy';
import type { Rule } from '../../src/policy/rule';
import { parseJson } from '../../src/policy/schema/json-error';
import { PLACEHOLDER_SITE, validatePolicy } from '../../src/policy/schema/schema';
import { CliError, UsageError } from '../errors';

/** @throws UsageError if it cannot be read */
export function readText(folder: string, file: string): string {
  try {
    return readFileSync(resolve(folder, file), 'utf8');
  } catch {
    throw new UsageError(`${file} cannot be read; check the path`);
  }
}

/**
 * @param variables to substitute; without them, each stays in the policy as `${NAME}`
 * @throws CliError with its first issue
 */
export function parsePolicySource(
  text: string,
  file: string,
  variables?: Readonly<Record<string, unknown>>,
): Policy {
  const { policy, issues } = validate(text, variables);
  if (policy && issues.length === 0) return policy;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more; see npm run policy -- check)` : '';
  throw new CliError(`${file}: ${issues[0]}${more}`);
}

function validate(text: string, variables: Readonly<Record<string, unknown>> | undefined) {
  try {
    const template = validatePolicy(parseJson(text));
    if (!variables || template.issues.length > 0) return template;
    const { policy, issues, missing } = bindPolicy(template.compiled, variables, PLACEHOLDER_SITE);
    return { policy, issues: [...issues, ...missing.map((name) => `${name} is not set`)] };
  } catch (error) {
    const issues = error instanceof ApiError ? error.details?.issues : undefined;
    if (!Array.isArray(issues)) throw error;
    return { policy: undefined, issues };
  }
}

/** What sentences call a rule. */
export function called({ name }: Pick<Rule, 'name'>, index: number): string {
  return name === undefined ? `rules[${index}]` : `rule ${quote(name)}`;
}
