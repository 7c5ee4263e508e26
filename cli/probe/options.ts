import { parseUrl } from '../../src/lib/parse-url';
import { isLoopback } from '../../src/lib/url';
import { readCredentials } from '../../src/twilio/credentials';
import { assertService, assertSid, createCommand, parseArguments } from '../arguments';
import { deploymentOrigin, readAccountVariables } from '../deployment';
import { UsageError } from '../errors';
import { help } from '../help';
import type { Terminal } from '../terminal';
import { deploymentUrl, type Variables } from '../variables';
import { questions } from './questions';
import type { Settings } from './session';

const DEFAULT_WAIT_S = 10;
const MAX_WAIT_S = 60;
const DEFAULT_PORT = '4020';
const DEFAULT_FILE = 'probe-options.json';

export interface Options {
  readonly settings: Settings;
  /** Where Twilio sends events, and the port of this machine to which that leads. */
  readonly receiver: { readonly url: URL; readonly port: number } | undefined;
  readonly variables: Variables;
  /** Only removes what an earlier run has left behind. */
  readonly clean: boolean;
  /** Whether the account's webhook may be changed. */
  readonly accountWebhook: boolean;
  /** Whether webhooks of the account and the service may get what the probe does. */
  readonly allowWebhooks: boolean;
  /** The names of the questions to ask; undefined: all. */
  readonly only: readonly string[] | undefined;
  readonly out: string;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

interface Flags {
  readonly service?: string;
  readonly receiver?: string;
  readonly port: string;
  readonly clean?: true;
  readonly flow?: string;
  readonly customer?: string;
  readonly number?: string;
  readonly url?: string;
  readonly accountWebhook?: true;
  readonly allowWebhooks?: true;
  readonly only?: readonly string[];
  readonly wait: string;
  readonly out: string;
  readonly json?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly env?: string;
}

const describeCommand = () =>
  createCommand('probe', '')
    .description(
      'Ask an account what nobody has documented, in a conversation of its own: what is found becomes a file of options for ' +
        'the emulator. Prints the plan and asks before it begins, and removes whatever it creates.',
    )
    .option('--receiver <url>', 'the public URL of a tunnel to --port of this machine, for events')
    .option('--port <number>', 'where to listen for what comes through the tunnel', DEFAULT_PORT)
    .option('--flow <sid>', 'a Studio flow that may be started and ended')
    .option('--customer <address>', 'of a participant by SMS or WhatsApp, for contact-address; with --number')
    .option('--number <address>', 'your Twilio number for that participant')
    .option('--url <url>', 'where the bundle is deployed (default: CONVERSATION_WEBHOOKS_URL)')
    .option('--account-webhook', "set the account's webhook for a moment; only if there is none")
    .option('--allow-webhooks', 'go on if webhooks of the account or the service get events of the probe')
    .option('--service <sid>', 'Conversations service (default: the default service)')
    .option('--only <names...>', 'ask these questions only')
    .option('--clean', 'ask nothing, and remove what an earlier run that was killed has left behind')
    .option('--wait <seconds>', 'how long to wait for what may not come', `${DEFAULT_WAIT_S}`)
    .option('--out <file>', 'where to write the options', DEFAULT_FILE)
    .option('--json', 'print the results as JSON, and everything else on stderr')
    .option('--dry-run', 'print the plan and stop')
    .option('--yes', 'begin without asking')
    .option('--env <file>', 'file of variables (default: the environment, else .env)')
    .addHelpText(
      'after',
      help(
        [
          'npm run probe -- --dry-run',
          'npm run probe -- --receiver https://my-tunnel.example --flow FW00000000000000000000000000000001',
          'npm run probe -- --clean',
        ],
        {
          0: 'every question of the plan has an answer, or nothing is left behind',
          1: 'refused, stopped, a question failed, or something is left behind',
          2: 'wrong usage; nothing was sent',
        },
      ),
    );

/** @returns undefined if it printed the help. @throws CliError or ApiError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Options | undefined {
  const command = describeCommand();
  if (!parseArguments(command, args, terminal)) return undefined;
  const flags = command.opts<Flags>();
  const { service, flow, customer, number, only, out } = flags;
  assertService(service);
  assertSid('--flow', flow, 'FW', 'a flow');
  if ((customer === undefined) !== (number === undefined))
    throw new UsageError('--customer and --number need each other');
  for (const name of only ?? []) assertQuestion(name);
  const waitMs = readWait(flags.wait);
  const variables = readAccountVariables(args, flags.env, env, terminal.folder);
  const receiver = readReceiver(flags, readCredentials(variables).baseUrl);
  return {
    settings: {
      service,
      flow,
      customer,
      number,
      deployment: readDeployment(flags, env, variables),
      authToken: variables.AUTH_TOKEN,
      waitMs,
    },
    receiver,
    clean: flags.clean ?? false,
    variables,
    accountWebhook: flags.accountWebhook ?? false,
    allowWebhooks: flags.allowWebhooks ?? false,
    only,
    out,
    json: flags.json ?? false,
    dryRun: flags.dryRun ?? false,
    yes: flags.yes ?? false,
  };
}

function assertQuestion(name: string): void {
  const known = questions.map((question) => question.name);
  if (!known.includes(name)) throw new UsageError(`--only must be one or more of ${known.join(', ')}`);
}

function readWait(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0 && seconds <= MAX_WAIT_S) return seconds * 1000;
  throw new UsageError(`--wait must be a number of seconds, up to ${MAX_WAIT_S}`);
}

function readReceiver({ receiver: text, port }: Flags, baseUrl: string): Options['receiver'] {
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535)
    throw new UsageError('--port must be a number from 1 to 65535');
  if (text === undefined) return undefined;
  const url = parseUrl(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash)
    throw new UsageError('--receiver must be a URL such as https://my-tunnel.example');
  if (isLoopback(url.hostname) && !isLoopback(new URL(baseUrl).hostname))
    throw new UsageError(`--receiver is ${url.origin}, on this machine, where Twilio cannot reach it`);
  return { url, port: Number(port) };
}

function readDeployment({ url, env: file }: Flags, env: NodeJS.ProcessEnv, variables: Variables) {
  if (url !== undefined) return deploymentOrigin(url, '--url');
  const given = deploymentUrl(file, env, variables);
  return given ? deploymentOrigin(given, 'CONVERSATION_WEBHOOKS_URL') : undefined;
}
