import { CliError } from './errors';
import type { Terminal } from './terminal';

interface Options {
  /** Whether to print JSON. */
  readonly json: boolean;
  /** What the error is to whoever typed the command; of a CliError it is its own message, of others undefined: nobody expected them. */
  readonly message?: string | undefined;
}

/** Whether a command was typed with `--json`, even if it was typed wrong. */
export const hasJsonFlag = (args: readonly string[]) => args.includes('--json');

/**
 * Prints what ended a command on stderr: a sentence, or one line of JSON. @returns the exit code. @throws an error that nobody
 * expected, unless it is to be JSON
 */
export function printError(error: unknown, { json, message }: Options, { err, status }: Terminal): number {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  const known = message ?? (error instanceof CliError ? error.message : undefined);
  status?.('');
  if (json) {
    const sentence = known ?? `failed unexpectedly (${name})`;
    err(JSON.stringify({ error: { ...(typeof code === 'number' && { code }), message: sentence } }));
  } else if (known === undefined) throw error;
  else err(known);
  return error instanceof CliError ? error.exitCode : 1;
}
