import { oneOf } from '../lib/messages';
import type { Site } from '../lib/url';
import { policyError } from './schema/issues';
import { parseJson } from './schema/json-error';
import { type Policy, validatePolicy, validateTemplate } from './schema/schema';
import { Validator } from './schema/validator';
import { substitute } from './schema/variables';

export type { Policy } from './schema/schema';

/** What a policy says, what is wrong with it, and the variables that are not set: with one of them it cannot be judged whole. */
interface PolicyReading {
  readonly policy: Policy;
  readonly issues: readonly string[];
  readonly missing: readonly string[];
}

/** @throws ApiError 20001 for what is no JSON */
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
 * Reads the policy as it is in force at one place: with the environment's variables put in, and a path such as
 * `/my-function` turned into the deployment's own URL.
 * @throws ApiError 20001 with all issues in `details.issues`
 */
export function parsePolicy(text: string, env: Readonly<Record<string, unknown>>, site: Site): Policy {
  const { policy, issues, missing } = readDeployedPolicy(text, env, site);
  const unset = `${oneOf(missing, 'and')} ${missing.length > 1 ? 'are' : 'is'} not set in the environment`;
  const all = missing.length > 0 ? [...issues, unset] : issues;
  if (all.length > 0) throw policyError(all);
  return policy;
}
