import { oneOf } from '../lib/messages';
import type { Site } from '../lib/url';
import { faulty } from './schema/issues';
import { parseJson } from './schema/json-error';
import { type Policy, readForm, readWith } from './schema/schema';
import { Reader } from './schema/validator';
import { fill } from './schema/variables';

export type { Policy } from './schema/schema';

/** What a policy says, what is wrong with it, and the variables that are not set: with one of them it cannot be judged whole. */
interface Reading {
  readonly policy: Policy;
  readonly faults: readonly string[];
  readonly missing: readonly string[];
}

/** @throws ApiError 20001 for what is no JSON */
export function readPolicy(text: string, env: Readonly<Record<string, unknown>>, site: Site): Reading {
  const json = parseJson(text);
  const { filled, missing } = fill(json, env);
  const read = missing.length > 0 ? readForm(json) : readWith(new Reader(site, false), filled);
  return { ...read, missing };
}

/**
 * Reads the policy as it is in force at one place: with the environment's variables put in, and a path such as
 * `/my-function` turned into the deployment's own URL.
 * @throws ApiError 20001 with all faults in `details.faults`
 */
export function parsePolicy(text: string, env: Readonly<Record<string, unknown>>, site: Site): Policy {
  const { policy, faults, missing } = readPolicy(text, env, site);
  const unset = `${oneOf(missing, 'and')} ${missing.length > 1 ? 'are' : 'is'} not set in the environment`;
  const all = missing.length > 0 ? [...faults, unset] : faults;
  if (all.length > 0) throw faulty(all);
  return policy;
}
