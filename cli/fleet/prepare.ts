import { desiredState } from '../../src/sync/desired-state';
import { requestedProfile } from '../../src/sync/requested-profile';
import { type DeployedPolicy, readDeployedPolicy } from '../deployed-policy';
import type { Scope } from './inspect';
import { knownHosts } from './known-hosts';
import type { SharedOptions } from './options';
import type { ReportHeader } from './report-file';

/** What a command compares conversations with. @throws CliError for the policy; ApiError for a profile that it does not have */
export function prepare(
  { origin, variables, profile, ignore }: SharedOptions,
  folder: string,
): { deployed: DeployedPolicy; scope: Scope; header: ReportHeader } {
  const deployed = readDeployedPolicy(folder, variables, new URL(origin).host);
  const desired = (service?: string) => desiredState(deployed.policy, deployed.site, service);
  requestedProfile(profile, undefined, desired());
  return {
    deployed,
    scope: { desired, isKnown: knownHosts(deployed, ignore), profile },
    header: {
      report: 1,
      account: variables.ACCOUNT_SID ?? '',
      deployment: origin,
      policy: desired().policyHash,
      ...(profile !== undefined && { profile }),
      at: new Date().toISOString(),
    },
  };
}
