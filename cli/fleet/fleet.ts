import { ApiError } from '../../src/lib/api-error';
import { CliError } from '../errors';
import { sanitize } from '../sanitize';
import type { Terminal } from '../terminal';
import type { Variables } from '../variables';
import { type Options, readOptions } from './options';
import { report } from './report';

/**
 * `npm run fleet`: compares all conversations of an account with the policy. @returns the exit code: 0 in order, 1 failed, 2 out of
 * order or wrong usage
 */
export async function fleet(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(args, env, terminal);
    return options ? await report(options, terminal) : 0;
  } catch (error) {
    if (!(error instanceof CliError || error instanceof ApiError)) throw error;
    terminal.status?.('');
    terminal.err(errorMessage(error, options?.variables ?? {}));
    return error instanceof CliError ? error.exitCode : 1;
  }
}

function errorMessage(error: CliError | ApiError, variables: Variables): string {
  if (error instanceof ApiError && error.status === 401 && variables.AUTH_TOKEN)
    return 'ACCOUNT_SID and AUTH_TOKEN are not accepted by Twilio; check both in the Twilio Console';
  return sanitize(error.message, variables);
}
