import { validateServiceSid } from '../../src/lib/sids';
import { isLoopback } from '../../src/lib/url';
import { readCredentials } from '../../src/twilio/credentials';
import { assertWithoutToken, readArguments } from '../arguments';
import { deploymentOrigin } from '../deployment';
import { Refusal } from '../refusal';
import { deploymentUrl, readVariables, type Variables } from '../variables';

const usage =
  'Usage: npm run setup -- --url https://DOMAIN [--service IS…] [--studio | --no-studio] [--replace] [--remove] ' +
  '[--dry-run] [--yes] [--env FILE]';

export interface Options {
  readonly origin: string;
  readonly service?: string;
  /** Undefined: as the policy needs it. */
  readonly studio?: boolean;
  readonly replace: boolean;
  readonly remove: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly variables: Variables;
}

/** @throws Refusal or ApiError with one sentence that says what would be right */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, folder: string): Options {
  const { values } = readArguments({ args, options }, usage, 1);
  const variables = readVariables(values.env, env, folder, 1);
  assertWithoutToken(args, variables, 1);
  if (!variables.ACCOUNT_SID && !variables.AUTH_TOKEN)
    throw new Refusal(`ACCOUNT_SID and AUTH_TOKEN are not set ${whereOf(values.env)}.`);
  if (values.studio && values['no-studio'])
    throw new Refusal(`--studio and --no-studio contradict each other. ${usage}`);
  if (values.remove && values.replace)
    throw new Refusal(`--remove and --replace contradict each other. ${usage}`);
  return {
    origin: originOf(values.url ?? deploymentUrl(values.env, env, variables), variables),
    ...(values.service !== undefined && { service: validateServiceSid(values.service) }),
    ...(values.studio && { studio: true }),
    ...(values['no-studio'] && { studio: false }),
    replace: values.replace ?? false,
    remove: values.remove ?? false,
    dryRun: values['dry-run'] ?? false,
    yes: values.yes ?? false,
    variables,
  };
}

const options = {
  url: { type: 'string' },
  service: { type: 'string' },
  studio: { type: 'boolean' },
  'no-studio': { type: 'boolean' },
  replace: { type: 'boolean' },
  remove: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  env: { type: 'string' },
} as const;

const whereOf = (file: string | undefined) => (file ? `in ${file}` : 'in the environment, nor in .env');

// Twilio cannot reach this machine; an API that is on this machine too can.
function originOf(given: string | undefined, variables: Variables): string {
  if (!given)
    throw new Refusal('Where is it deployed? Say --url https://DOMAIN, or set CONVERSATION_WEBHOOKS_URL.');
  const url = deploymentOrigin(given, 1);
  if (isLoopback(url.hostname) && !isLoopback(new URL(readCredentials(variables).baseUrl).hostname))
    throw new Refusal(`${url.origin} is this machine, where Twilio cannot reach it.`);
  return url.origin;
}
