import { ROUTER_PATH } from '../../src/webhooks/router';
import { CliError } from '../errors';
import { stripControlCharacters } from '../sanitize';
import type { Terminal } from '../terminal';
import type { Account } from './account';
import { errorMessage } from './error-message';
import { type Options, readOptions } from './options';
import { dormantEvents, keepsMethod, planSettings, planSettingsRemoval } from './plan-settings';
import { planStreams, planStreamsRemoval } from './plan-streams';
import { type Needs, readNeeds } from './policy';
import { describe, type Settings, type Step } from './step';

/**
 * `npm run setup`: prints what a deployment needs on its account, and registers it; with `--remove`, removes it. @returns the
 * exit code: 0 done, or nothing to do; 1 refused or failed; 2 wrong usage
 */
export async function setUp(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  let options: Options | undefined;
  let account: Account | undefined;
  try {
    options = readOptions(args, env, terminal);
    if (!options) return 0;
    // It loads the helper library, which the help and wrong usage do not need.
    const { Account } = await import('./account');
    account = new Account(options.variables, options.service);
    return await register(options, account, terminal);
  } catch (error) {
    terminal.err(errorMessage(error, account?.origin ?? 'no request was sent', options?.variables ?? {}));
    return error instanceof CliError ? error.exitCode : 1;
  }
}

async function register(options: Options, account: Account, terminal: Terminal): Promise<number> {
  const { origin, remove, variables } = options;
  // An earlier policy may have needed the sink, whatever this one says.
  const needs = remove ? { studio: true, formerDomains: [] } : readNeeds(terminal.folder, variables);
  const { steps, notes } = await plan(options, needs, account);
  terminal.out(`Account ${variables.ACCOUNT_SID} at ${account.origin}`);
  for (const note of notes) terminal.out(note);
  if (steps.length === 0) {
    terminal.out(`Nothing to do: ${remove ? 'nothing' : 'everything'} is registered for ${origin}.`);
    return 0;
  }
  for (const [i, step] of steps.entries())
    terminal.out(stripControlCharacters(`  ${i + 1}. ${describe(step, whose(options))}`));
  if (options.dryRun) return 0;
  if (!options.yes && !(await isConfirmed(terminal))) return 1;
  return apply(steps, options, account, terminal);
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
    notes: remove ? [] : notes(found, replace, options.studio === undefined && !studio),
  };
}

function notes(found: Settings, replace: boolean, withoutStudio: boolean): string[] {
  const dormant = dormantEvents(found).join(', ');
  const effect = replace ? 'Step 1 drops them.' : 'Step 1 begins to send them here; --replace drops them.';
  return [
    ...(dormant ? [`Filtered without a URL: ${dormant}. ${effect}`] : []),
    ...(keepsMethod(found) ? ['The method stays GET, which the pre-event webhook shares.'] : []),
    ...(found.target === 'flex'
      ? ["The account's webhooks have Target flex. Whether Twilio then calls the URL too is not documented."]
      : []),
    ...(withoutStudio ? ['The policy has no Studio flow, so no Event Streams sink is needed.'] : []),
  ];
}

async function isConfirmed({ confirm, err }: Terminal): Promise<boolean> {
  if (!confirm) {
    err('not a terminal, so nobody can confirm; nothing was changed; use --yes');
    return false;
  }
  if (await confirm('Apply this plan? [y/N] ')) return true;
  err('nothing was changed');
  return false;
}

async function apply(
  steps: readonly Step[],
  { variables }: Options,
  account: Account,
  { out, err }: Terminal,
): Promise<number> {
  for (const [i, step] of steps.entries()) {
    try {
      await account.apply(step);
    } catch (error) {
      const done = { 0: 'no step is known to be done', 1: 'step 1 is done' }[i] ?? `steps 1 to ${i} are done`;
      err(`step ${i + 1} failed: ${errorMessage(error, account.origin, variables)}`);
      err(`${done}; run the command again to continue`);
      return 1;
    }
  }
  out('Done.');
  return 0;
}

const whose = ({ service }: Options) => (service === undefined ? "the account's" : `service ${service}'s`);
