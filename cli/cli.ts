import { createCommand, parseArguments } from './arguments';
import { help } from './help';
import { hasJsonFlag, printError } from './print-error';
import type { Terminal } from './terminal';

/** A subcommand of the program. @returns the exit code */
type Run = (args: string[], env: NodeJS.ProcessEnv, terminal: Terminal) => Promise<number>;

interface Subcommand {
  readonly description: string;
  /** Imports it: no other subcommand needs what it does. */
  readonly load: () => Promise<Run>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  setup: {
    description: 'register what a deployment needs on its Twilio account',
    load: async () => (await import('./setup/setup')).setUp,
  },
  call: {
    description: 'call a function of the bundle as Twilio does',
    load: async () => (await import('./call/call')).call,
  },
  policy: {
    description: 'check, test, explain, draw and compare policies, offline',
    load: async () => (await import('./policy/policy')).policy,
  },
  events: {
    description: 'follow the events of the emulator',
    load: async () => (await import('./events/events')).events,
  },
  why: {
    description: 'tell why a message did, or did not, reach its webhooks',
    load: async () => (await import('./why/why')).why,
  },
  fleet: {
    description: 'compare all conversations with the policy, and bring them to it',
    load: async () => (await import('./fleet/fleet')).fleet,
  },
  probe: {
    description: 'ask an account what is not documented, for the emulator',
    load: async () => (await import('./probe/probe')).probe,
  },
  studio: {
    description: 'print a Studio flow to import, with your URLs filled in',
    load: async () => (await import('./studio/studio')).studio,
  },
};

/** The program of operators: runs one of its subcommands, or lists them. @returns the exit code: that of the subcommand, or 2 for an unknown one */
export async function cli(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  const [name = '--help', ...rest] = args;
  if (Object.hasOwn(SUBCOMMANDS, name)) return (await SUBCOMMANDS[name]!.load())(rest, env, terminal);
  try {
    parseArguments(describeCommand(), [name, ...rest], terminal);
    return 0;
  } catch (error) {
    return printError(error, { json: hasJsonFlag(args) }, terminal);
  }
}

function describeCommand() {
  const program = createCommand('cli', '<command>')
    .description('What operators of a deployment run. npm run NAME -- is short for npm run cli -- NAME.')
    .helpCommand(false)
    .addHelpText(
      'after',
      help(['npm run setup -- --help', 'npm run policy -- check', 'npm run cli -- policy check'], {
        0: 'done',
        1: 'refused, or something failed; --help of each command says more',
        2: 'wrong usage',
      }),
    );
  for (const [name, { description }] of Object.entries(SUBCOMMANDS))
    program.command(name).description(description).helpOption(false);
  return program;
}
