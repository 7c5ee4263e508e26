import type { DeploymentStatus, StatusReading } from '../../deployment-status';
import type { Check } from './finding';

interface Facts {
  readonly origin: string;
  readonly status: StatusReading;
}

const DEPLOY = 'npm run deploy, and use the domain that it prints as --url';

export const deployment: Check<Facts> = {
  code: 'deployment',
  healthy: '/status responds that it is ready',
  find({ origin, status }) {
    if (status.kind === 'unreachable')
      return [{ detail: `${origin}/status is unreachable (${status.reason})`, remedy: DEPLOY }];
    if (status.kind === 'foreign')
      return [
        {
          detail: `${origin}/status responds with ${status.status}, and not as this bundle does`,
          remedy: DEPLOY,
        },
      ];
    return status.status === 'ready' ? [] : [incomplete(origin, status)];
  },
};

function incomplete(origin: string, { missing, policy }: DeploymentStatus) {
  const unset = missing.length > 0 ? [`missing or malformed: ${missing.join(', ')}`] : [];
  const invalid = policy === undefined || policy === 'ok' ? [] : [`policy ${policy}`];
  return {
    detail: `${origin}/status: incomplete (${[...unset, ...invalid].join('; ') || 'no reason given'})`,
    remedy: 'correct the variables and the policy (npm run policy -- check), then npm run deploy',
  };
}
