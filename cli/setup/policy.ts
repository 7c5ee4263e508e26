import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../../src/policy/schema/json-error';
import { substitute } from '../../src/policy/schema/variables';
import { Refusal } from '../refusal';

const POLICY = 'src/assets/policy.private.json';

/** As much of a policy as decides what has to be registered. */
export interface Needs {
  /** Whether a Studio flow is among its webhooks. */
  readonly studio: boolean;
  readonly formerDomains: readonly string[];
}

/** Whether the policy is right is for the build to say. @throws Refusal for a file that is no policy at all */
export function readNeeds(folder: string, variables: Readonly<Record<string, unknown>>): Needs {
  try {
    const { filled } = substitute(parseJson(readFileSync(join(folder, POLICY), 'utf8')), variables);
    const { webhooks, formerDomains = [] } = filled as {
      webhooks: Readonly<Record<string, { target: string }>>;
      formerDomains?: readonly string[];
    };
    const studio = Object.values(webhooks).some(({ target }) => target === 'studio');
    return { studio, formerDomains: formerDomains.filter(Boolean) };
  } catch {
    throw new Refusal(`${POLICY} cannot be read as a policy; npm run build says what is wrong with it.`);
  }
}
