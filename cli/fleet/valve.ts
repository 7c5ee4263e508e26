import { CliError } from '../errors';
import { count, counted } from '../format';

const MAX_SHARE = 0.3;

/**
 * Stops a sync that would change more than anybody expects: a wrong policy, or the variables of another deployment.
 * @throws CliError
 */
export function assertFewChanges(changed: number, managed: number): void {
  if (changed <= managed * MAX_SHARE) return;
  throw new CliError(
    `${count(changed)} of ${counted(managed, 'managed conversation')} would change, more than ${MAX_SHARE * 100} %; ` +
      'review a report and carry it out with --plan, or use --force',
  );
}
