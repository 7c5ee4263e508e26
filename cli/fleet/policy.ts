import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { siteOf } from '../../src/handler/site';
import { ApiError } from '../../src/lib/api-error';
import type { Site } from '../../src/lib/url';
import { bindPolicy, type Policy, unsetVariables } from '../../src/policy/policy';
import { parseJson } from '../../src/policy/schema/json-error';
import { validatePolicy } from '../../src/policy/schema/schema';
import { CliError } from '../errors';
import type { Variables } from '../variables';

const POLICY = 'src/assets/policy.private.json';

/** The policy of this checkout as a deployment has it. */
export interface DeployedPolicy {
  readonly policy: Policy;
  readonly site: Site;
}

/** @throws CliError if the policy is not valid with these variables */
export function readDeployedPolicy(folder: string, variables: Variables, domainName: string): DeployedPolicy {
  const site = siteOf({ ...variables, DOMAIN_NAME: domainName });
  const { policy, issues } = read(folder, variables, site);
  if (policy) return { policy, site };
  throw new CliError(`${POLICY}: ${issues[0]}; npm run policy -- check prints all of it`);
}

function read(folder: string, variables: Variables, site: Site) {
  try {
    const { compiled, issues } = validatePolicy(parseJson(readFileSync(join(folder, POLICY), 'utf8')));
    if (issues.length > 0) return { issues };
    const bound = bindPolicy(compiled, variables, site);
    return { policy: bound.policy, issues: [...bound.issues, ...unsetVariables(bound.missing)] };
  } catch (error) {
    const issues = error instanceof ApiError ? error.details?.issues : undefined;
    return { issues: Array.isArray(issues) ? issues : ['cannot be read'] };
  }
}
