import { ApiError } from '../src/lib/api-error';
import { CliError } from './errors';
import { sanitize } from './sanitize';
import type { Terminal } from './terminal';
import type { Variables } from './variables';
import { onScreen } from './wrap';

interface Options {
  /** Whether to print JSON. */
  readonly json: boolean;
  /** What the error is to whoever typed the command; of a CliError it is its own message, of others undefined: nobody expected them. */
  readonly message?: string | undefined;
  /** The command, if nothing but the name of an unexpected error may be printed: the error may contain a secret. */
  readonly discreetly?: string;
}

/** Whether a command was typed with `--json`, even if it was typed wrong. */
export const hasJsonFlag = (args: readonly string[]) => args.includes('--json');

/**
 * Prints what ended a command on stderr: a sentence, or one line of JSON. @returns the exit code. @throws an error that nobody
 * expected, unless it is to be JSON
 */
export function printError(
  error: unknown,
  { json, message, discreetly }: Options,
  { err, status, columns }: Terminal,
): number {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  const own = error instanceof CliError ? error.message : undefined;
  const unexpected = discreetly && `npm run ${discreetly} failed unexpectedly (${name})`;
  const known = message ?? own ?? unexpected;
  status?.('');
  if (json) {
    const sentence = known ?? `failed unexpectedly (${name})`;
    err(JSON.stringify({ error: { ...(typeof code === 'number' && { code }), message: sentence } }));
  } else if (known === undefined) throw error;
  else err(onScreen(known, status && columns));
  return error instanceof CliError ? error.exitCode : 1;
}

/** What an error of the API is to whoever typed the command; undefined if nobody expected the error. */
export function apiErrorMessage(error: unknown, variables: Variables): string | undefined {
  if (!(error instanceof CliError || error instanceof ApiError)) return undefined;
  if (error instanceof ApiError && error.status === 401 && variables.AUTH_TOKEN && !variables.TWILIO_API_KEY)
    return 'ACCOUNT_SID and AUTH_TOKEN are not accepted by Twilio; check both in the Twilio Console';
  const { TWILIO_API_BASE_URL: origin } = variables;
  const message = sanitize(error.message, variables);
  return origin && error instanceof ApiError && error.code === 20503
    ? message.replace(/^Twilio /, `Twilio (${origin}) `)
    : message;
}
