import { differenceFrom, fetchStatus } from '../deployment-status';
import { CliError } from '../errors';

/**
 * Checks that a deployment has this checkout's version and policy: two versions would undo each other's work.
 * @throws CliError
 */
export async function assertSameVersion(origin: string, policyHash: string): Promise<void> {
  const status = await fetchStatus(origin);
  if (status.kind !== 'status')
    throw new CliError(`${origin}/status does not respond as this bundle does; nothing was changed`);
  if (status.status !== 'ready')
    throw new CliError(`${origin} is not ready; see its /status; nothing was changed`);
  const difference = differenceFrom(status, policyHash);
  if (difference !== undefined)
    throw new CliError(
      `${origin} ${difference}; deploy this one, or check out the other; nothing was changed`,
    );
}
