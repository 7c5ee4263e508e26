import { Command, CommanderError, type HelpConfiguration } from 'commander';
import type { Environment } from '../src/lib/environment';
import { quote } from '../src/lib/error-text';
import { UsageError } from './errors';
import { heading } from './help';
import type { Terminal } from './terminal';

const SECRET = /^-*(twilio[_-]?)?(auth[_-]?token|api[_-]?(key[_-]?)?secret)([=:]|$)/i;

/** What `npm run NAME` takes. @param usage its arguments and required options */
export function createCommand(name: string, usage: string): Command {
  return new Command(`npm run ${name} --`)
    .usage(`${usage} [options]`.trim())
    .helpOption('-h, --help', 'print this help')
    .configureHelp(HELP)
    .exitOverride();
}

// Whole terms would leave too little room for what the subcommands do.
const HELP: HelpConfiguration = { styleTitle: heading, subcommandTerm: (subcommand) => subcommand.name() };

interface Arguments {
  /** Whether errors may repeat them: not if somebody could take a secret for one. */
  readonly repeatable?: boolean;
}

/**
 * Parses a command line. Secrets are refused and not repeated: every user of a machine can list the arguments of what runs
 * there, and shells keep them.
 * @returns false if it printed the help
 * @throws UsageError
 */
export function parseArguments(
  command: Command,
  args: readonly string[],
  { out }: Terminal,
  { repeatable = false }: Arguments = {},
): boolean {
  if (args.some((arg) => SECRET.test(arg)))
    throw new UsageError(
      'secrets are not accepted as arguments, which other users can read; put them in .env or the environment',
    );
  for (const each of [command, ...command.commands])
    each.configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: () => undefined });
  try {
    command.parse(args, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    const called = command.commands.find((each) => each.name() === args[0]) ?? command;
    throw new UsageError(errorMessage(error, called, repeatable));
  }
}

/** @throws UsageError if an argument contains the token or an API key's secret, under whatever name */
export function assertWithoutToken(
  args: readonly string[],
  { AUTH_TOKEN, TWILIO_API_SECRET }: Environment,
): void {
  const contains = (secret: string | undefined) => secret && args.some((arg) => arg.includes(secret));
  if (contains(AUTH_TOKEN))
    throw new UsageError('an argument contains the auth token, which other users can read; leave it out');
  if (contains(TWILIO_API_SECRET))
    throw new UsageError('an argument contains TWILIO_API_SECRET, which other users can read; leave it out');
}

/** @throws UsageError if `--service` is not the SID of a service */
export const assertService = (service: string | undefined) =>
  assertSid('--service', service, 'IS', 'a service');

/** @throws UsageError if an option is given and is not a SID. @param what has it */
export function assertSid(option: string, sid: string | undefined, prefix: string, what: string): void {
  if (sid !== undefined && !new RegExp(`^${prefix}[0-9a-f]{32}$`, 'i').test(sid))
    throw new UsageError(`${option} must be the SID of ${what}: ${prefix} and 32 hexadecimal digits`);
}

function errorMessage({ code, message }: CommanderError, command: Command, repeatable: boolean): string {
  const name = [command.parent?.name(), command.name()].filter(Boolean).join(' ');
  const help = `; see ${name} --help`;
  // Only the option's name: its value may be a token.
  const [, word, suggestion] = /'([^=']*).*?(?:\(Did you mean (.*)\?\))?$/s.exec(message) ?? [];
  const hint = suggestion ? `; did you mean ${suggestion}?` : help;
  if (code === 'commander.unknownOption') return `unknown option ${word}${hint}`;
  if (code === 'commander.unknownCommand') return `unknown command ${word}${hint}`;
  if (code === 'commander.help') return `command is missing${help}`;
  if (code === 'commander.excessArguments') {
    const argument = repeatable ? ` ${quote(command.args[command.registeredArguments.length])}` : '';
    return `unexpected argument${argument}${help}`;
  }
  return message.replace(/^error: /, '').replaceAll("'", '') + help;
}
