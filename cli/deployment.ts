import { siteOf } from '../src/handler/site';
import { parseUrl } from '../src/lib/parse-url';
import { isLoopback } from '../src/lib/url';
import { assertNoApiKey } from './api-key';
import { assertWithoutToken } from './arguments';
import { CliError, UsageError } from './errors';
import { deploymentUrl, readVariables, type Variables } from './variables';

/**
 * The origin of a deployment, such as `https://conversation-webhooks-1234-dev.twil.io`: https, or http on this machine.
 * @param name what the URL was given as, such as `--url`
 * @throws UsageError; it does not repeat the URL, which may contain a password
 */
export function deploymentOrigin(given: string, name: string): URL {
  const url = parseUrl(given);
  const refuse = (reason: string): never => {
    throw new UsageError(`${name} ${reason}; use a URL such as https://my-service-1234-dev.twil.io`);
  };
  if (!url || !/^https?:\/\//i.test(given)) return refuse('must begin with https://');
  if (url.username || url.password) return refuse('must not contain a user name or password');
  if (url.pathname !== '/' || url.search || url.hash) return refuse('must not have a path');
  // As the documentation writes it: YOUR-DOMAIN.
  if (!isLoopback(url.hostname) && !url.hostname.includes('.')) return refuse('must contain a domain');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return refuse('must be https');
  return url;
}

/**
 * The deployment that `--url` names, else CONVERSATION_WEBHOOKS_URL.
 * @param file of the variables, as `--env` names it
 * @param fallback if neither does
 * @throws UsageError
 */
export function givenDeployment(
  url: string | undefined,
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  variables: Variables,
  fallback?: string,
): { url: URL; name: string } {
  const [given, name] =
    url === undefined
      ? [deploymentUrl(file, env, variables) || fallback, 'CONVERSATION_WEBHOOKS_URL']
      : [url, '--url'];
  if (!given)
    throw new UsageError('--url is missing; use --url https://DOMAIN, or set CONVERSATION_WEBHOOKS_URL');
  return { url: deploymentOrigin(given, name), name };
}

/**
 * The origin that `--url` names, else CONVERSATION_WEBHOOKS_URL: one that the API can reach. Twilio cannot reach this machine;
 * an emulated API on this machine can.
 * @param file of the variables, as `--env` names it
 * @throws UsageError
 */
export function readOrigin(
  url: string | undefined,
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  variables: Variables,
): string {
  const {
    url: { hostname, origin },
    name,
  } = givenDeployment(url, file, env, variables);
  if (isLoopback(hostname) && !siteOf(variables).local)
    throw new UsageError(
      `${name} is ${origin}, on this machine, where Twilio cannot reach it; use the URL of the deployment`,
    );
  return origin;
}

/** The variables of a command that needs an account. @throws UsageError, also for an API key; CliError without credentials */
export function readAccountVariables(...given: Parameters<typeof readUncheckedVariables>): Variables {
  const variables = readUncheckedVariables(...given);
  assertNoApiKey(variables);
  return variables;
}

/** The same, also with an API key. */
export function readUncheckedVariables(
  args: readonly string[],
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  folder: string,
): Variables {
  const variables = readVariables(file, env, folder);
  assertWithoutToken(args, variables);
  if (variables.ACCOUNT_SID || variables.AUTH_TOKEN) return variables;
  throw new CliError(
    `ACCOUNT_SID and AUTH_TOKEN are not set; set them in ${file ?? 'the environment or in .env'}`,
  );
}
