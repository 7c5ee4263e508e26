import type { Site } from '../webhooks/url';
import { oneOf } from '../wording';
import { faulty } from './faults';
import { type Policy, readForm, readWith } from './form';
import { parseJson } from './json';
import { Reader } from './reader';
import { fill } from './variables';

export type { Policy } from './form';

/**
 * Reads the policy as it is in force at one place: with the environment's variables put in, and a path such as
 * `/my-function` turned into the deployment's own URL.
 * @throws ApiError 20001 with all faults in `details.faults`
 */
export function parsePolicy(text: string, env: Readonly<Record<string, unknown>>, site: Site): Policy {
  const json = parseJson(text);
  const { filled, missing } = fill(json, env);
  if (missing.length > 0) {
    const sentence = `${oneOf(missing, 'and')} ${missing.length > 1 ? 'are' : 'is'} not set in the environment`;
    throw faulty([...readForm(json).faults, sentence]);
  }
  const { policy, faults } = readWith(new Reader(site, false), filled);
  if (faults.length > 0) throw faulty(faults);
  return policy;
}
