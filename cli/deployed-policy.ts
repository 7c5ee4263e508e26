import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { siteOf } from '../src/handler/site';
import type { Site } from '../src/lib/url';
import type { Policy } from '../src/policy/policy';
import { CliError } from './errors';
import { validateSource } from './policy/read-policy';
import type { Variables } from './variables';

const POLICY = 'src/assets/policy.private.json';

/** The policy of this checkout as a deployment has it. */
export interface DeployedPolicy {
  readonly policy: Policy;
  readonly site: Site;
}

/** @throws CliError if the policy is not valid with these variables */
export function readDeployedPolicy(folder: string, variables: Variables, domainName: string): DeployedPolicy {
  const site = siteOf({ ...variables, DOMAIN_NAME: domainName });
  const { policy, issues } = validateSource(read(folder), {
    variables,
    site,
    source: '--env or the environment',
  });
  if (policy && issues.length === 0) return { policy, site };
  throw new CliError(`${POLICY}: ${issues[0]}; npm run policy -- check --env FILE prints all of it`);
}

function read(folder: string): string {
  try {
    return readFileSync(join(folder, POLICY), 'utf8');
  } catch {
    throw new CliError(`${POLICY}: cannot be read; npm run policy -- check prints all of it`);
  }
}
