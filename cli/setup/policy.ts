import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHost } from '../../src/lib/host';
import { parseJson } from '../../src/policy/schema/json-error';
import { validatePolicy } from '../../src/policy/schema/schema';
import { substitute } from '../../src/policy/variables';
import { CliError } from '../errors';

const POLICY = 'src/assets/policy.private.json';

/** What the policy needs to have registered. */
export interface Needs {
  /** Whether it has a webhook with target studio. */
  readonly studio: boolean;
  readonly formerDomains: readonly string[];
}

/** @throws CliError if the file is not a valid policy */
export function readNeeds(folder: string, variables: Readonly<Record<string, unknown>>): Needs {
  const unreadable = new CliError(
    `${POLICY} cannot be read as a policy; npm run build prints what is wrong with it`,
  );
  try {
    const { compiled, issues } = validatePolicy(parseJson(readFileSync(join(folder, POLICY), 'utf8')));
    if (issues.length > 0) throw unreadable;
    const { webhooks, formerDomains } = substitute(compiled, variables).filled;
    const studio = Object.values(webhooks).some(({ target }) => target === 'studio');
    return { studio, formerDomains: formerDomains.flatMap((text) => parseHost(text)?.host ?? []) };
  } catch {
    throw unreadable;
  }
}
