import { version } from '../../package.json';
import { fieldsOf } from '../../src/twilio/api';
import { CliError } from '../errors';

const TIMEOUT_MS = 15_000;

/**
 * Checks that a deployment has this checkout's version and policy: two versions would undo each other's work.
 * @throws CliError
 */
export async function assertSameVersion(origin: string, policyHash: string): Promise<void> {
  const status = fieldsOf(await fetchStatus(origin));
  const refuse = (reason: string): never => {
    throw new CliError(`${origin} ${reason}; nothing was changed`);
  };
  if (status.status !== 'ready') refuse('is not ready; see its /status');
  if (status.version !== version)
    refuse(
      `has version ${status.version}, and this checkout ${version}; deploy this one, or check out the other`,
    );
  if (status.policy_hash !== policyHash)
    refuse(
      `has policy ${status.policy_hash}, and this checkout, with these variables, ${policyHash}; deploy this one, or check out the other`,
    );
}

async function fetchStatus(origin: string): Promise<unknown> {
  try {
    const response = await fetch(`${origin}/status`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return await response.json();
  } catch {
    throw new CliError(`${origin}/status does not respond as this bundle does; nothing was changed`);
  }
}
