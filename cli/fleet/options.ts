import type { Command } from 'commander';
import { assertService, createCommand, parseArguments } from '../arguments';
import { readAccountVariables, readOrigin } from '../deployment';
import { UsageError } from '../errors';
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
  readonly json?: string | undefined;
  readonly markdown: boolean;
}

export type Options = ReportOptions;

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
  readonly json?: string;
  readonly markdown?: true;
}

const STATES = ['active', 'inactive', 'closed'];

/** @returns undefined if it printed the help. @throws CliError or ApiError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Options | undefined {
  let options: Options | undefined;
  const command = describeCommands((flags) => {
    options = { command: 'report', ...shared(flags, args, env, terminal), ...reportOptions(flags) };
  });
  return parseArguments(command, args, terminal) ? options : undefined;
}

function shared(flags: Flags, args: readonly string[], env: NodeJS.ProcessEnv, { folder }: Terminal) {
  const { url, env: file, service, state, since, until, address, profile, ignore = [] } = flags;
  assertService(service);
  if (state !== undefined && !STATES.includes(state))
    throw new UsageError('--state must be active, inactive or closed');
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

function reportOptions({ json, markdown }: Flags) {
  return { json, markdown: markdown ?? false };
}

function describeCommands(choose: (flags: Flags) => void): Command {
  const program = createCommand('fleet', '<command>')
    .description('Compare all conversations of an account with the policy, and bring them to it.')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  npm run fleet -- report --url https://my-service-1234-prod.twil.io --env .env.prod`,
    );
  withFilters(program.command('report'))
    .description('Compare every conversation with the policy. Changes nothing.')
    .option('--profile <name>', 'plan to move conversations to this profile that are not managed')
    .option(
      '--ignore <host>',
      'host of webhooks that belong to somebody else, such as *.example.com; repeatable',
      append,
    )
    .option('--json <file>', 'write one line of JSON for each conversation')
    .option('--markdown', 'print Markdown')
    .addHelpText(
      'after',
      `
Exit codes:
  0  every managed conversation is as the policy wants it
  1  something failed
  2  a conversation is not as the policy wants it, or wrong usage

Examples:
  npm run fleet -- report --url https://my-service-1234-prod.twil.io
  npm run fleet -- report --service IS00000000000000000000000000000001 --state active --since 2026-11-01
  npm run fleet -- report --json report.jsonl --markdown`,
    )
    .action(choose);
  return program;
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
