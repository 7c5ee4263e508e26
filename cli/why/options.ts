import { ApiError } from '../../src/lib/api-error';
import { validateConversationSid } from '../../src/lib/sids';
import { createCommand, parseArguments } from '../arguments';
import { readAccountVariables, readOrigin } from '../deployment';
import { UsageError } from '../errors';
import { help } from '../help';
import type { Terminal } from '../terminal';
import type { Variables } from '../variables';

export interface Options {
  /** Its SID or unique name. */
  readonly conversation: string;
  /** The SID of the message in question; the newest if left out. */
  readonly message: string | undefined;
  /** How far back the time line begins. */
  readonly sinceMs: number;
  readonly service: string | undefined;
  readonly bodies: boolean;
  readonly json: boolean;
  readonly origin: string;
  /** As --env names it. */
  readonly envFile: string | undefined;
  readonly variables: Variables;
}

interface Flags {
  readonly message?: string;
  readonly since?: string;
  readonly service?: string;
  readonly bodies?: true;
  readonly json?: true;
  readonly env?: string;
  readonly url?: string;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Twilio keeps logs and alerts for so long. */
const MAX_DAYS = 30;

const describeCommand = () =>
  createCommand('why', '<conversation>')
    .description(
      'Tell why a message of a conversation did, or did not, reach its webhooks and change its profile. Changes nothing.',
    )
    .argument('<conversation>', 'its SID or unique name')
    .option('--message <sid>', 'the message in question (default: the newest)')
    .option('--since <time>', 'how far back to look, such as 90m, 2h or 7d (default: 24h)')
    .option('--service <sid>', 'the Conversations service, if it is not the default one')
    .option('--bodies', 'print what messages say')
    .option('--json', 'print everything that was read, and the verdict, as JSON')
    .option('--url <url>', 'where it is deployed (default: CONVERSATION_WEBHOOKS_URL)')
    .option('--env <file>', 'file of environment variables (default: .env)')
    .addHelpText(
      'after',
      help(
        [
          'npm run why -- CH00000000000000000000000000000001',
          'npm run why -- CH00000000000000000000000000000001 --message IM00000000000000000000000000000001',
          'npm run why -- CH00000000000000000000000000000001 --url http://localhost:3000 --env .env.emulator',
        ],
        { 0: 'it was printed', 1: 'something could not be read', 2: 'wrong usage' },
        { CONVERSATION_WEBHOOKS_URL: 'where the bundle is deployed, unless --url is given' },
      ),
    );

/** @returns undefined if it printed the help. @throws CliError or ApiError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Options | undefined {
  const command = describeCommand();
  if (!parseArguments(command, args, terminal)) return undefined;
  const {
    message,
    since = '24h',
    service,
    bodies = false,
    json = false,
    env: file,
    url,
  } = command.opts<Flags>();
  if (message !== undefined) assertSid('--message', 'IM', message);
  if (service !== undefined) assertSid('--service', 'IS', service);
  const [conversation = ''] = command.args;
  assertConversation(conversation);
  const sinceMs = readSince(since);
  const variables = readAccountVariables(args, file, env, terminal.folder);
  const origin = readOrigin(url, file, env, variables);
  return { conversation, message, sinceMs, service, bodies, json, origin, envFile: file, variables };
}

/** As the functions do. */
function assertConversation(name: string): void {
  try {
    validateConversationSid(name || undefined);
  } catch (error) {
    throw error instanceof ApiError ? new UsageError(error.message) : error;
  }
}

function assertSid(name: string, prefix: string, sid: string): void {
  if (!new RegExp(`^${prefix}[0-9a-f]{32}$`, 'i').test(sid))
    throw new UsageError(`${name} must be a SID such as ${prefix}00000000000000000000000000000001`);
}

function readSince(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? 0);
  if (ms > 0 && ms <= MAX_DAYS * 86_400_000) return ms;
  throw new UsageError(`--since must be a time such as 90m, 2h or 7d, up to ${MAX_DAYS}d`);
}
