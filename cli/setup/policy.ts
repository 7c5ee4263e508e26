import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHost } from '../../src/lib/host';
import { parseJson } from '../../src/policy/schema/json-error';
import { substitute } from '../../src/policy/schema/variables';
import { CliError } from '../errors';

const POLICY = 'src/assets/policy.private.json';

/** What the policy needs to have registered. */
export interface Needs {
  /** Whether it has a webhook with target studio. */
  readonly studio: boolean;
  readonly formerDomains: readonly string[];
}

/** Validating the policy is the build's job. @throws CliError if the file cannot be read as a policy */
export function readNeeds(folder: string, variables: Readonly<Record<string, unknown>>): Needs {
  try {
    const { filled } = substitute(parseJson(readFileSync(join(folder, POLICY), 'utf8')), variables);
    const { webhooks, formerDomains = [] } = filled as {
      webhooks: Readonly<Record<string, { target: string }>>;
      formerDomains?: readonly string[];
    };
    const studio = Object.values(webhooks).some(({ target }) => target === 'studio');
    return { studio, formerDomains: formerDomains.flatMap((text) => parseHost(text)?.host ?? []) };
  } catch {
    throw new CliError(`${POLICY} cannot be read as a policy; npm run build prints what is wrong with it`);
  }
}
