import { ROUTER_PATH } from '../../src/webhooks/router';
import { printable } from '../plain';
import { Refusal } from '../refusal';
import { Account } from './account';
import { sentenceOf } from './failure';
import { type Options, readOptions } from './options';
import { keepsMethod, planSettings, planSettingsRemoval } from './plan-settings';
import { planStreams, planStreamsRemoval } from './plan-streams';
import { type Needs, readNeeds } from './policy';
import { describe, type Settings, type Step } from './step';

export interface Terminal {
  /** Where the project is. */
  readonly folder: string;
  say(line: string): void;
  complain(sentence: string): void;
  /** A question to be answered with y or n; not there where nobody could answer. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
}

/**
 * `npm run setup`: registers what a deployment needs at its account, or with `--remove` takes it away, after it has shown
 * what that is. @returns the exit code: 0 done, or nothing to do; 1 refused or failed
 */
export async function setUp(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  let options: Options | undefined;
  let account: Account | undefined;
  try {
    options = readOptions(args, env, terminal.folder);
    account = new Account(options.variables, options.service);
    return await registration(options, account, terminal);
  } catch (error) {
    terminal.complain(sentenceOf(error, account?.origin ?? '', options?.variables ?? {}));
    return error instanceof Refusal ? error.exitCode : 1;
  }
}

async function registration(options: Options, account: Account, terminal: Terminal): Promise<number> {
  const { origin, remove, variables } = options;
  // Whatever the policy says today, an earlier one may have needed it.
  const needs = remove ? { studio: true, formerDomains: [] } : readNeeds(terminal.folder, variables);
  const { steps, notes } = await plan(options, needs, account);
  terminal.say(`Account ${variables.ACCOUNT_SID} at ${account.origin}`);
  for (const note of notes) terminal.say(note);
  if (steps.length === 0) {
    terminal.say(`Nothing to do: ${remove ? 'nothing' : 'all'} of ${origin} is registered.`);
    return 0;
  }
  for (const [i, step] of steps.entries())
    terminal.say(printable(`  ${i + 1}. ${describe(step, whose(options))}`));
  if (options.dryRun) return 0;
  if (!options.yes && !(await agreed(terminal))) return 1;
  return carryOut(steps, options, account, terminal);
}

async function plan(options: Options, needs: Needs, account: Account) {
  const { origin, service, remove, replace } = options;
  const url = origin + ROUTER_PATH;
  const destination = `${origin}/events/studio${service === undefined ? '' : `?ServiceSid=${service}`}`;
  const found = await account.settings();
  const former = needs.formerDomains.map((host) => `https://${host}${ROUTER_PATH}`);
  const settings = remove
    ? planSettingsRemoval(found, { url })
    : planSettings(found, { url, former, replace, whose: whose(options) });
  const studio = options.studio ?? needs.studio;
  const sinks = studio ? await account.sinks(destination) : [];
  const streams = () => (remove ? planStreamsRemoval(sinks) : planStreams(sinks, destination));
  return {
    steps: studio ? [...settings, ...streams()] : settings,
    notes: remove ? [] : notes(found, options.studio === undefined && !studio),
  };
}

function notes(found: Settings, withoutStudio: boolean): string[] {
  return [
    ...(keepsMethod(found) ? ['The method stays GET: the pre-event webhook has the same one.'] : []),
    ...(found.target === 'flex'
      ? ["The account's webhooks have Target flex: whether Twilio then calls a URL as well is not known."]
      : []),
    ...(withoutStudio ? ['No Studio flow is among the webhooks of the policy: no sink is needed.'] : []),
  ];
}

async function agreed({ ask, complain }: Terminal): Promise<boolean> {
  if (!ask) {
    complain('Nothing was changed: nobody is at a terminal to agree; --yes carries it out without asking.');
    return false;
  }
  if (await ask('Carry this out? [y/N] ')) return true;
  complain('Nothing was changed.');
  return false;
}

async function carryOut(
  steps: readonly Step[],
  { variables }: Options,
  account: Account,
  { say, complain }: Terminal,
): Promise<number> {
  for (const [i, step] of steps.entries()) {
    try {
      await account.carryOut(step);
    } catch (error) {
      const done = { 0: 'No step is known to be done', 1: 'Step 1 is done' }[i] ?? `Steps 1 to ${i} are done`;
      complain(`Step ${i + 1}: ${sentenceOf(error, account.origin, variables)}`);
      complain(`${done}; run it again to go on.`);
      return 1;
    }
  }
  say('Done.');
  return 0;
}

const whose = ({ service }: Options) => (service === undefined ? "the account's" : `service ${service}'s`);
