import type { Command } from 'commander';
import { didYouMean, oneOf, quote } from '../../src/lib/error-text';
import { parseHost } from '../../src/lib/host';
import { parseReplayAfter } from '../../src/webhooks/replay-after';
import { assertService, createCommand, parseArguments } from '../arguments';
import { readAccountVariables, readOrigin } from '../deployment';
import { UsageError } from '../errors';
import { help } from '../help';
import type { Terminal } from '../terminal';
import type { Variables } from '../variables';
import { assertHostPattern } from './known-hosts';
import type { Filter } from './list';

export interface SharedOptions {
  readonly origin: string;
  readonly variables: Variables;
  readonly filter: Filter;
  /** Host patterns of webhooks that belong to somebody. */
  readonly ignore: readonly string[];
  /** The profile that conversations enter that are not managed. */
  readonly profile?: string | undefined;
}

export interface ReportOptions extends SharedOptions {
  readonly command: 'report';
  /** Where the lines of JSON go: a file, or STDOUT. */
  readonly json?: string | undefined;
  readonly markdown: boolean;
}

/** What commands have that change conversations. */
export interface ChangeOptions extends SharedOptions {
  /** How many conversations to change at most. */
  readonly limit?: number | undefined;
  readonly journal: string;
  readonly resume: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

export interface SyncOptions extends ChangeOptions {
  readonly command: 'sync';
  readonly plan?: string | undefined;
  readonly replayAfter?: string | undefined;
  readonly force: boolean;
}

export interface RetireOptions extends ChangeOptions {
  readonly command: 'retire';
  /** A former domain; today's if left out. */
  readonly domain?: string | undefined;
}

export type Options = ReportOptions | SyncOptions | RetireOptions;

interface Flags {
  readonly url?: string;
  readonly env?: string;
  readonly service?: string;
  readonly state?: string;
  readonly since?: string;
  readonly until?: string;
  readonly address?: string;
  readonly ignore?: readonly string[];
  readonly profile?: string;
  readonly json?: string | true;
  readonly markdown?: boolean;
  readonly plan?: string;
  readonly replayAfter?: string;
  readonly force?: true;
  readonly limit?: number;
  readonly journal: string;
  readonly resume?: boolean;
  readonly yes?: boolean;
  readonly domain?: string;
}

/** For `--json`: not a file. */
export const STDOUT = '-';
const STATES = ['active', 'inactive', 'closed'];

/** @returns undefined if it printed the help. @throws CliError or ApiError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Options | undefined {
  let options: Options | undefined;
  const command = describeCommands((name, flags) => {
    if (name === 'sync') assertPlanAlone(flags);
    const known = shared(flags, args, env, terminal);
    options = { report: reportOptions, sync: syncOptions, retire: retireOptions }[name](flags, known);
  });
  return parseArguments(command, args, terminal) ? options : undefined;
}

/** Whether a command prints JSON, even if it was typed wrong: a report may write it to a file. */
export function printsJson(args: readonly string[]): boolean {
  const i = args.indexOf('--json');
  const next = args[i + 1];
  return i < 0 ? args.includes(`--json=${STDOUT}`) : args[0] !== 'report' || !next || next.startsWith('-');
}

function shared(flags: Flags, args: readonly string[], env: NodeJS.ProcessEnv, { folder }: Terminal) {
  const { url, env: file, service, state, since, until, address, profile, ignore = [] } = flags;
  assertService(service);
  if (state !== undefined && !STATES.includes(state))
    throw new UsageError(`--state must be ${oneOf(STATES)}${didYouMean(state, STATES)}`);
  assertDay('--since', since);
  assertDay('--until', until);
  ignore.forEach(assertHostPattern);
  const variables = readAccountVariables(args, file, env, folder);
  return {
    origin: readOrigin(url, file, env, variables),
    variables,
    filter: { service, state, since, until, address },
    ignore,
    profile,
  };
}

function reportOptions({ json, markdown = false }: Flags, known: SharedOptions): ReportOptions {
  const target = json === true ? STDOUT : json;
  if (target === STDOUT && markdown)
    throw new UsageError('--markdown cannot be combined with --json on stdout; use --json FILE');
  return { command: 'report', ...known, json: target, markdown };
}

function syncOptions(flags: Flags, known: SharedOptions): SyncOptions {
  const { plan, replayAfter, force } = flags;
  parseReplayAfter(replayAfter);
  if (replayAfter !== undefined && plan === undefined && known.profile === undefined)
    throw new UsageError(
      '--replay-after needs --profile or --plan; conversations that are managed replay nothing',
    );
  return { command: 'sync', ...changeOptions(flags, known), plan, replayAfter, force: force ?? false };
}

function retireOptions(flags: Flags, known: SharedOptions): RetireOptions {
  const { domain } = flags;
  const host = domain === undefined ? undefined : parseHost(domain)?.host;
  if (domain !== undefined && !host)
    throw new UsageError('--domain must be a host such as my-service-1234-dev.twil.io');
  if (host === new URL(known.origin).host)
    throw new UsageError('--domain is where it is deployed; leave it out to retire the deployment');
  return { command: 'retire', ...changeOptions(flags, known), domain: host };
}

function changeOptions(
  { limit, journal, resume = false, yes = false, json }: Flags,
  known: SharedOptions,
): ChangeOptions {
  return { ...known, limit, journal, resume, yes, json: json !== undefined };
}

/** A plan says which conversations, and where they go. */
function assertPlanAlone({ plan, profile, service, state, since, until, address }: Flags): void {
  const filters = { profile, service, state, since, until, address };
  const [other] = Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (plan !== undefined && other)
    throw new UsageError(`--plan cannot be combined with --${other}; use it with the report`);
}

type Choose = (name: Options['command'], flags: Flags) => void;

const DEPLOYED = '--url https://my-service-1234-prod.twil.io';

function describeCommands(choose: Choose): Command {
  const program = createCommand('fleet', '<command>')
    .description(
      'Compare all conversations of an account with the policy, bring them to it, or take it off them.',
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      help(
        [
          `npm run fleet -- report ${DEPLOYED} --json report.jsonl`,
          `npm run fleet -- sync ${DEPLOYED} --plan report.jsonl`,
          `npm run fleet -- retire ${DEPLOYED} --domain my-service-1234-dev.twil.io`,
        ],
        {
          0: 'done, or everything is in order',
          1: 'refused, or something failed',
          2: 'something is not in order (report alone), or wrong usage',
        },
      ),
    );

  withFilters(program.command('report'))
    .description('Compare every conversation with the policy. Changes nothing.')
    .option('--profile <name>', 'plan to move conversations to this profile that are not managed')
    .option(
      '--ignore <host>',
      'host of webhooks that belong to somebody else, such as *.example.com; repeatable',
      append,
    )
    .option('--json [file]', 'print lines of JSON, one for each conversation, or write them to a file')
    .option('--markdown', 'print Markdown')
    .addHelpText(
      'after',
      help(
        [
          `npm run fleet -- report ${DEPLOYED}`,
          'npm run fleet -- report --service IS00000000000000000000000000000001 --state active --since 2026-11-01',
          'npm run fleet -- report --json report.jsonl --markdown',
        ],
        {
          0: 'every managed conversation is as the policy wants it',
          1: 'something failed',
          2: 'a conversation is not as the policy wants it, or wrong usage',
        },
      ),
    )
    .action((flags: Flags) => choose('report', flags));

  withChanges(withFilters(program.command('sync')))
    .description('Bring conversations to the policy. Prints a plan and asks before it changes anything.')
    .option('--plan <file>', 'carry out a report, and skip conversations that have changed since')
    .option('--profile <name>', 'move conversations to this profile that are not managed')
    .option(
      '--replay-after <index>',
      'first message that those replay: start, next or an index (default: none of the past)',
    )
    .option('--force', 'even if more than 30 % of the managed conversations would change')
    .addHelpText(
      'after',
      help(
        [
          `npm run fleet -- sync ${DEPLOYED} --plan report.jsonl --limit 20`,
          `npm run fleet -- sync ${DEPLOYED} --profile bot`,
          `npm run fleet -- sync ${DEPLOYED} --plan report.jsonl --resume --yes`,
        ],
        CHANGE_EXIT_CODES,
      ),
    )
    .action((flags: Flags) => choose('sync', flags));

  withChanges(withFilters(program.command('retire')))
    .description('Remove the router and the managed webhooks of every conversation. Asks before it does.')
    .option('--domain <host>', 'those of a former domain')
    .addHelpText(
      'after',
      help(
        [
          `npm run fleet -- retire ${DEPLOYED}`,
          `npm run fleet -- retire ${DEPLOYED} --domain my-service-1234-dev.twil.io`,
        ],
        CHANGE_EXIT_CODES,
      ),
    )
    .action((flags: Flags) => choose('retire', flags));
  return program;
}

const CHANGE_EXIT_CODES = {
  0: 'done, or nothing to do',
  1: 'refused, or something failed',
  2: 'wrong usage',
};

function withChanges(command: Command): Command {
  return command
    .option('--limit <number>', 'change so many conversations at most', parseLimit)
    .option('--journal <file>', 'where the run writes down what it has done', 'fleet.journal.jsonl')
    .option('--resume', 'resume the run of the journal')
    .option('--yes', 'do it without asking')
    .option('--json', 'print the totals and results as JSON');
}

function parseLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--limit must be a number from 1 on, not ${quote(text)}`);
}

function withFilters(command: Command): Command {
  return command
    .option('--url <url>', 'where it is deployed (default: CONVERSATION_WEBHOOKS_URL)')
    .option('--env <file>', 'file of variables (default: the environment, else .env)')
    .option('--service <sid>', 'conversations of one Conversations service only')
    .option('--state <state>', 'active, inactive or closed conversations only')
    .option('--since <date>', 'conversations created on this day or later, such as 2026-11-28')
    .option('--until <date>', 'conversations created on this day or before')
    .option(
      '--address <address>',
      'conversations of a participant with this address, such as +4915112345678',
    );
}

function append(item: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, item];
}

function assertDay(option: string, day: string | undefined): void {
  if (day === undefined) return;
  const date = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined;
  // The 31st of June would be the 1st of July.
  if (!date || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(day))
    throw new UsageError(`${option} must be a day such as 2026-11-28`);
}
