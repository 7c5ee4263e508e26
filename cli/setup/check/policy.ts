import { type DeploymentStatus, differenceFrom } from '../../deployment-status';
import type { Check } from './finding';

interface Facts {
  readonly origin: string;
  readonly deployed: DeploymentStatus;
  /** Of this checkout. */
  readonly policyHash: string;
}

export const policy: Check<Facts> = {
  code: 'policy',
  healthy: 'version and policy are those of this checkout',
  find({ origin, deployed, policyHash }) {
    const difference = differenceFrom(deployed, policyHash);
    return difference === undefined
      ? []
      : [{ detail: `${origin} ${difference}`, remedy: 'npm run deploy, or check out what is deployed' }];
  },
};
