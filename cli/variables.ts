import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { type Environment, trimVariables } from '../src/lib/environment';
import { UsageError } from './errors';

export type Variables = Environment & {
  /** Where the bundle is deployed, in place of `--url`. */
  readonly CONVERSATION_WEBHOOKS_URL?: string;
  readonly [name: string]: string | undefined;
};

const DEFAULT_FILE = '.env';
const EMULATOR_FILE = '.env.emulator';
const LOCAL_FILE = '.env.local';

/**
 * The variables of a command, all from one place, so that the SID of one account never meets the token of another: the
 * given file; else the environment, if it has an auth token or an API key's secret; else `.env`, if there is one. The names that the Twilio CLI uses
 * (`TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`) are read if AUTH_TOKEN is not set; those of API keys are the same.
 * @param file relative to `folder`
 * @throws UsageError if the given file cannot be read
 */
export function readVariables(file: string | undefined, env: NodeJS.ProcessEnv, folder: string): Variables {
  if (file !== undefined) return readVariableFiles([file], folder, env);
  if (env.AUTH_TOKEN || env.TWILIO_AUTH_TOKEN || env.TWILIO_API_SECRET) return withTwilioCliNames(env);
  return withTwilioCliNames(readFile(resolve(folder, DEFAULT_FILE)) ?? env);
}

/**
 * The variables of files, of which the later ones win. `.env.emulator` has what `npm start` makes of it: the port of
 * EMULATOR_PORT, and the variables of `.env.local`.
 * @throws UsageError if one cannot be read
 */
export function readVariableFiles(
  files: readonly string[],
  folder: string,
  { EMULATOR_PORT }: NodeJS.ProcessEnv = {},
): Variables {
  const read = files.map((file) => {
    const path = resolve(folder, file);
    const variables = readFile(path);
    if (variables)
      return basename(path) === EMULATOR_FILE
        ? asStarted(variables, dirname(path), EMULATOR_PORT)
        : variables;
    const remedy =
      basename(path) === LOCAL_FILE
        ? 'leave it out, or write your variables into it'
        : 'copy .env.example to it and fill it in';
    throw new UsageError(`--env ${file}: cannot read the file; ${remedy}`);
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

/** What says which API is called stays that of the emulator. */
function asStarted(
  { ACCOUNT_SID, AUTH_TOKEN, TWILIO_API_BASE_URL, ...others }: NodeJS.Dict<string>,
  folder: string,
  port: string | undefined,
): NodeJS.Dict<string> {
  const { TWILIO_API_KEY, TWILIO_API_SECRET, ...own } = readFile(join(folder, LOCAL_FILE)) ?? {};
  const all = { ...others, ...own, ACCOUNT_SID, AUTH_TOKEN, TWILIO_API_BASE_URL };
  if (!port) return all;
  const moved = Object.entries(all).map(([name, value]) => [
    name,
    value?.replace(/\b127\.0\.0\.1:4010\b/g, `127.0.0.1:${port}`),
  ]);
  return Object.fromEntries(moved);
}

function readFile(file: string): NodeJS.Dict<string> | undefined {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
