import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { type Environment, trimVariables } from '../src/lib/environment';
import { UsageError } from './errors';

export type Variables = Environment & {
  /** Where the bundle is deployed, in place of `--url`. */
  readonly CONVERSATION_WEBHOOKS_URL?: string;
  readonly [name: string]: string | undefined;
};

const DEFAULT_FILE = '.env';

/**
 * The variables of a command, all from one place, so that the SID of one account never meets the token of another: the
 * given file; else the environment, if it has an auth token or an API key's secret; else `.env`, if there is one. The names that the Twilio CLI uses
 * (`TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`) are read if AUTH_TOKEN is not set; those of API keys are the same.
 * @param file relative to `folder`
 * @throws UsageError if the given file cannot be read
 */
export function readVariables(file: string | undefined, env: NodeJS.ProcessEnv, folder: string): Variables {
  if (file !== undefined) return readVariableFiles([file], folder);
  if (env.AUTH_TOKEN || env.TWILIO_AUTH_TOKEN || env.TWILIO_API_SECRET) return withTwilioCliNames(env);
  return withTwilioCliNames(readFile(resolve(folder, DEFAULT_FILE)) ?? env);
}

/** The variables of files, of which the later ones win. @throws UsageError if one cannot be read */
export function readVariableFiles(files: readonly string[], folder: string): Variables {
  const read = files.map((file) => {
    const variables = readFile(resolve(folder, file));
    if (variables) return variables;
    throw new UsageError(`--env ${file}: cannot read the file; copy .env.example to it and fill it in`);
  });
  return withTwilioCliNames(Object.assign({}, ...read));
}

/** Where the bundle is deployed, unless `--url` says so: a given file wins over the environment, which wins over `.env`. */
export function deploymentUrl(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  variables: Variables,
): string | undefined {
  const here = trimVariables(env);
  const [first, second] = file === undefined ? [here, variables] : [variables, here];
  return first.CONVERSATION_WEBHOOKS_URL || second.CONVERSATION_WEBHOOKS_URL;
}

function withTwilioCliNames(untrimmed: NodeJS.Dict<string>): Variables {
  const variables = trimVariables(untrimmed);
  const {
    AUTH_TOKEN,
    ACCOUNT_SID,
    TWILIO_ACCOUNT_SID = '',
    TWILIO_AUTH_TOKEN,
    TWILIO_API_SECRET,
  } = variables;
  if (AUTH_TOKEN) return variables;
  if (TWILIO_AUTH_TOKEN)
    return { ...variables, ACCOUNT_SID: TWILIO_ACCOUNT_SID, AUTH_TOKEN: TWILIO_AUTH_TOKEN };
  return TWILIO_API_SECRET && !ACCOUNT_SID ? { ...variables, ACCOUNT_SID: TWILIO_ACCOUNT_SID } : variables;
}

function readFile(file: string): NodeJS.Dict<string> | undefined {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
