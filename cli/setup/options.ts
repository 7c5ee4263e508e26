import { isLoopback } from '../../src/lib/url';
import { readCredentials } from '../../src/twilio/credentials';
import { assertWithoutToken, createCommand, parseArguments } from '../arguments';
import { deploymentOrigin } from '../deployment';
import { CliError, UsageError } from '../errors';
import type { Terminal } from '../terminal';
import { deploymentUrl, readVariables, type Variables } from '../variables';

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

interface Flags {
  readonly url?: string;
  readonly service?: string;
  readonly studio?: boolean;
  readonly replace?: true;
  readonly remove?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly env?: string;
}

const describeCommand = () =>
  createCommand('setup', '--url https://DOMAIN')
    .description(
      'Register what a deployment needs on its Twilio account: the post-event webhook, and an Event Streams sink if the ' +
        'policy has Studio flows. Prints the plan and asks before it changes anything.',
    )
    .option('--url <url>', 'where it is deployed (default: CONVERSATION_WEBHOOKS_URL)')
    .option('--service <sid>', 'register for one Conversations service only')
    .option('--studio', 'register the Event Streams sink, whatever the policy says')
    .option('--no-studio', 'leave Event Streams alone')
    .option('--replace', "replace somebody else's post-event webhook")
    .option('--remove', 'remove what was registered')
    .option('--dry-run', 'print the plan and stop')
    .option('--yes', 'apply the plan without asking')
    .option('--env <file>', 'file of variables (default: the environment, else .env)')
    .addHelpText(
      'after',
      `
Examples:
  npm run setup -- --url https://my-service-1234-dev.twil.io
  npm run setup -- --url https://my-service-1234-prod.twil.io --env .env.prod --dry-run
  npm run setup -- --url https://my-service-1234-dev.twil.io --remove`,
    );

/** @returns undefined if it printed the help. @throws CliError or ApiError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Options | undefined {
  const command = describeCommand();
  if (!parseArguments(command, args, terminal)) return undefined;
  assertNotBoth(args, '--studio', '--no-studio');
  assertNotBoth(args, '--remove', '--replace');
  const { url, service, studio, replace, remove, dryRun, yes, env: file } = command.opts<Flags>();
  if (service !== undefined && !/^IS[0-9a-f]{32}$/i.test(service))
    throw new UsageError('--service must be the SID of a service: IS and 32 hexadecimal digits');
  const variables = readVariables(file, env, terminal.folder);
  assertWithoutToken(args, variables);
  if (!variables.ACCOUNT_SID && !variables.AUTH_TOKEN)
    throw new CliError(
      `ACCOUNT_SID and AUTH_TOKEN are not set; set them in ${file ?? 'the environment or in .env'}`,
    );
  const origin =
    url === undefined
      ? originOf(deploymentUrl(file, env, variables), 'CONVERSATION_WEBHOOKS_URL', variables)
      : originOf(url, '--url', variables);
  return {
    origin,
    ...(service !== undefined && { service }),
    ...(studio !== undefined && { studio }),
    replace: replace ?? false,
    remove: remove ?? false,
    dryRun: dryRun ?? false,
    yes: yes ?? false,
    variables,
  };
}

/** @throws UsageError if both are there */
function assertNotBoth(args: readonly string[], one: string, other: string): void {
  if (args.includes(one) && args.includes(other))
    throw new UsageError(`${one} cannot be combined with ${other}; use one of them`);
}

// Twilio cannot reach this machine; an emulated API on this machine can.
function originOf(given: string | undefined, name: string, variables: Variables): string {
  if (!given)
    throw new UsageError('--url is missing; use --url https://DOMAIN, or set CONVERSATION_WEBHOOKS_URL');
  const url = deploymentOrigin(given, name);
  if (isLoopback(url.hostname) && !isLoopback(new URL(readCredentials(variables).baseUrl).hostname))
    throw new UsageError(
      `${name} is ${url.origin}, on this machine, where Twilio cannot reach it; use the URL of the deployment`,
    );
  return url.origin;
}
