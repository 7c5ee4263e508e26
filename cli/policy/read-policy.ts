import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApiError } from '../../src/lib/api-error';
import { quote } from '../../src/lib/error-text';
import type { Policy } from '../../src/policy/policy';
import { parseJson } from '../../src/policy/schema/json-error';
import type { Rule } from '../../src/policy/schema/rules';
import { PLACEHOLDER_SITE, validatePolicy, validateTemplate } from '../../src/policy/schema/schema';
import { Validator } from '../../src/policy/schema/validator';
import { substitute } from '../../src/policy/schema/variables';
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
  if (issues.length === 0) return policy;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more; see npm run policy -- check)` : '';
  throw new CliError(`${file}: ${issues[0]}${more}`);
}

function validate(text: string, variables: Readonly<Record<string, unknown>> | undefined) {
  try {
    const template = parseJson(text);
    if (!variables) return validateTemplate(template);
    const { filled, missing } = substitute(template, variables);
    const { policy, issues } = validatePolicy(new Validator(PLACEHOLDER_SITE, false), filled);
    const unset = missing.map((name) => `${name} is not set`);
    return { policy, issues: unset.length > 0 ? unset : issues };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new CliError(error.message);
  }
}

/** What sentences call a rule. */
export function called({ name }: Pick<Rule, 'name'>, index: number): string {
  return name === undefined ? `rules[${index}]` : `rule ${quote(name)}`;
}
