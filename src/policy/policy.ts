import { oneOf } from '../lib/error-text';
import type { Site } from '../lib/url';
import { policyError } from './schema/issues';
import { parseJson } from './schema/json-error';
import { type Policy, validatePolicy, validateTemplate } from './schema/schema';
import { Validator } from './schema/validator';
import { substitute } from './schema/variables';

export type { Policy } from './schema/schema';

/** A policy, its issues and its unset variables. With unset variables not every issue can be found. */
interface PolicyReading {
  readonly policy: Policy;
  readonly issues: readonly string[];
  readonly missing: readonly string[];
}

/** @throws ApiError 20001 if the text is not JSON */
export function readDeployedPolicy(
  text: string,
  env: Readonly<Record<string, unknown>>,
  site: Site,
): PolicyReading {
  const json = parseJson(text);
  const { filled, missing } = substitute(json, env);
  const read =
    missing.length > 0 ? validateTemplate(json) : validatePolicy(new Validator(site, false), filled);
  return { ...read, missing };
}

/**
 * Parses a deployment's policy: substitutes the environment's variables, and resolves a path such as `/my-function` to the
 * deployment's own URL.
 * @throws ApiError 20001 with all issues in `details.issues`
 */
export function parsePolicy(text: string, env: Readonly<Record<string, unknown>>, site: Site): Policy {
  const { policy, issues, missing } = readDeployedPolicy(text, env, site);
  const unset = `${oneOf(missing, 'and')} ${missing.length > 1 ? 'are' : 'is'} not set in the environment`;
  const all = missing.length > 0 ? [...issues, unset] : issues;
  if (all.length > 0) throw policyError(all);
  return policy;
}
