import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApiError } from '../../src/lib/api-error';
import { quote } from '../../src/lib/error-text';
import type { Site } from '../../src/lib/url';
import { bindPolicy, type Policy, unsetVariables } from '../../src/policy/policy';
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

interface Deployment {
  readonly variables: Readonly<Record<string, unknown>>;
  /** The files that set the variables. */
  readonly source?: string;
  /** Where the paths of the policy are; a placeholder by default. */
  readonly site?: Site;
}

/**
 * @param deployment has the variables to substitute; without it, each stays in the policy as `${NAME}`
 * @throws CliError with its first issue
 */
export function parsePolicySource(text: string, file: string, deployment?: Deployment): Policy {
  const { policy, issues } = validateSource(text, deployment);
  if (policy && issues.length === 0) return policy;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more; see npm run policy -- check)` : '';
  throw new CliError(`${file}: ${issues[0]}${more}`);
}

/** The policy, or its issues. @param deployment as for `parsePolicySource` */
export function validateSource(text: string, deployment: Deployment | undefined) {
  try {
    const template = validatePolicy(parseJson(text));
    if (!deployment || template.issues.length > 0) return template;
    const { variables, source, site = PLACEHOLDER_SITE } = deployment;
    const { policy, issues, missing } = bindPolicy(template.compiled, variables, site);
    return { policy, issues: [...issues, ...unsetVariables(missing, source)] };
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
