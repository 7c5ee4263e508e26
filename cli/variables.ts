import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '../src/lib/environment';
import { Refusal } from './refusal';

export type Variables = Environment & {
  /** Where the bundle is deployed, for those who would rather not say it each time. */
  readonly CONVERSATION_WEBHOOKS_URL?: string;
  readonly [name: string]: string | undefined;
};

const STANDARD = '.env';

/**
 * The variables of a command, all from one place, so that the SID of one account never meets the token of another: the
 * file that is named; else the environment, if it has an auth token; else `.env`, if there is one. The names that the
 * Twilio CLI uses (`TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`) are taken where AUTH_TOKEN is not set.
 * @param file relative to `folder`
 * @throws Refusal for a named file that cannot be read
 */
export function readVariables(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  folder: string,
  exitCode: number,
): Variables {
  if (file !== undefined) {
    const variables = readFile(resolve(folder, file));
    if (variables === undefined) throw new Refusal(`${file} cannot be read.`, exitCode);
    return named(variables);
  }
  if (env.AUTH_TOKEN || env.TWILIO_AUTH_TOKEN) return named(env);
  return named(readFile(resolve(folder, STANDARD)) ?? env);
}

/** Where the bundle is deployed, as far as nobody typed it: a named file is heard before the environment, `.env` after it. */
export function deploymentUrl(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  variables: Variables,
): string | undefined {
  const [first, second] = file === undefined ? [env, variables] : [variables, env];
  return first.CONVERSATION_WEBHOOKS_URL || second.CONVERSATION_WEBHOOKS_URL;
}

function named(variables: NodeJS.Dict<string>): Variables {
  if (variables.AUTH_TOKEN || !variables.TWILIO_AUTH_TOKEN) return { ...variables };
  const { TWILIO_ACCOUNT_SID = '', TWILIO_AUTH_TOKEN } = variables;
  return { ...variables, ACCOUNT_SID: TWILIO_ACCOUNT_SID, AUTH_TOKEN: TWILIO_AUTH_TOKEN };
}

function readFile(file: string): NodeJS.Dict<string> | undefined {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
