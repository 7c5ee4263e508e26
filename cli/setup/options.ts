import { assertService, createCommand, parseArguments } from '../arguments';
import { readAccountVariables, readOrigin, readUncheckedVariables } from '../deployment';
import { UsageError } from '../errors';
import { help } from '../help';
import type { Terminal } from '../terminal';
import type { Variables } from '../variables';

export interface Options {
  readonly origin: string;
  /** Of the variables, as `--env` names it. */
  readonly file?: string;
  readonly service?: string;
  /** Undefined: as the policy needs it. */
  readonly studio?: boolean;
  readonly replace: boolean;
  readonly remove: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly check: boolean;
  readonly json: boolean;
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
  readonly check?: true;
  readonly json?: true;
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
    .option('--replace', "replace somebody else's post-event webhook, and drop filters without a URL")
    .option('--remove', 'remove what was registered')
    .option('--dry-run', 'print the plan and stop')
    .option('--yes', 'apply the plan without asking')
    .option('--check', 'find what keeps conversations out, and change nothing')
    .option('--json', 'print the plan and what was applied, or what was found, as JSON')
    .option('--env <file>', 'file of variables (default: the environment, else .env)')
    .addHelpText(
      'after',
      help(
        [
          'npm run setup -- --url https://my-service-1234-dev.twil.io',
          'npm run setup -- --url https://my-service-1234-prod.twil.io --env .env.prod --dry-run',
          'npm run setup -- --url https://my-service-1234-dev.twil.io --remove',
          'npm run setup -- --url https://my-service-1234-dev.twil.io --check',
        ],
        {
          0: 'done, nothing to do, or nothing found',
          1: 'refused, or something failed or could not be checked',
          2: 'something found, or wrong usage; nothing was changed',
        },
      ),
    );

/** @returns undefined if it printed the help. @throws CliError or ApiError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Options | undefined {
  const command = describeCommand();
  if (!parseArguments(command, args, terminal)) return undefined;
  assertNotBoth(args, '--studio', '--no-studio');
  assertNotBoth(args, '--remove', '--replace');
  for (const flag of ['--replace', '--remove', '--dry-run', '--yes']) assertNotBoth(args, '--check', flag);
  const {
    url,
    service,
    studio,
    replace,
    remove,
    dryRun,
    yes,
    check = false,
    json = false,
    env: file,
  } = command.opts<Flags>();
  assertService(service);
  // An API key is a finding.
  const variables = (check ? readUncheckedVariables : readAccountVariables)(args, file, env, terminal.folder);
  return {
    origin: readOrigin(url, file, env, variables),
    ...(file !== undefined && { file }),
    ...(service !== undefined && { service }),
    ...(studio !== undefined && { studio }),
    replace: replace ?? false,
    remove: remove ?? false,
    dryRun: dryRun ?? false,
    yes: yes ?? false,
    check,
    json,
    variables,
  };
}

/** @throws UsageError if both are there */
function assertNotBoth(args: readonly string[], one: string, other: string): void {
  if (args.includes(one) && args.includes(other))
    throw new UsageError(`${one} cannot be combined with ${other}; use one of them`);
}
