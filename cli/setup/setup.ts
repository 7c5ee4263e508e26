import { ownUrl } from '../../src/lib/url';
import { ROUTER_PATH } from '../../src/webhooks/router';
import { confirm } from '../confirm';
import { CliError } from '../errors';
import { hasJsonFlag, printError } from '../print-error';
import { stripControlCharacters } from '../sanitize';
import { createStyles, type Style } from '../style';
import type { Terminal } from '../terminal';
import { onScreen } from '../wrap';
import type { Account } from './account';
import { errorMessage } from './error-message';
import { type Options, readOptions } from './options';
import { dormantEvents, keepsMethod, planSettings, planSettingsRemoval } from './plan-settings';
import { planStreams, planStreamsRemoval } from './plan-streams';
import { type Needs, readNeeds } from './policy';
import { describe, type Settings, type Step, studioDestination } from './step';

/**
 * `npm run setup`: prints what a deployment needs on its account, and registers it; with `--remove`, removes it; with
 * `--check`, finds what keeps conversations out. @returns the exit code: 0 done, or nothing to do; 1 refused or failed; 2 something
 * found, or wrong usage
 */
export async function setUp(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  let options: Options | undefined;
  let account: Account | undefined;
  const styles = createStyles(env, terminal);
  try {
    options = readOptions(args, env, terminal);
    if (!options) return 0;
    // Both load the helper library, which the help and wrong usage do not need.
    if (options.check) return await (await import('./check/check')).check(options, terminal, styles.out);
    const { Account } = await import('./account');
    account = new Account(options.variables, options.service);
    return await register(options, account, terminal, styles.out);
  } catch (error) {
    const message = errorMessage(error, account?.origin ?? 'no request was sent', options?.variables ?? {});
    return printError(error, { json: hasJsonFlag(args), message }, terminal);
  }
}

async function register(
  options: Options,
  account: Account,
  terminal: Terminal,
  style: Style,
): Promise<number> {
  const { origin, remove, variables, json } = options;
  // An earlier policy may have needed the sink, whatever this one says.
  const needs = remove ? { studio: true, formerDomains: [] } : readNeeds(terminal.folder, variables);
  const { steps, notes } = await plan(options, needs, account);
  const described = steps.map((step) => stripControlCharacters(describe(step, whose(options))));
  const out = json ? () => undefined : terminal.out;
  let applied = 0;
  try {
    out(style('bold', `Account ${variables.ACCOUNT_SID} at ${account.origin}`));
    for (const note of notes) out(style('yellow', onScreen(note, terminal.columns)));
    if (steps.length === 0)
      out(`Nothing to do: ${remove ? 'nothing' : 'everything'} is registered for ${origin}.`);
    for (const [i, text] of described.entries()) out(onScreen(`  ${i + 1}. ${text}`, terminal.columns));
    if (options.dryRun || steps.length === 0) return 0;
    await confirm('Apply this plan?', options, terminal);
    for (; applied < steps.length; applied++) await apply(steps[applied]!, applied, options, account);
    out(style('green', 'Done.'));
    return 0;
  } finally {
    if (json) {
      const planned = steps.map(({ kind }, i) => ({ kind, description: described[i], applied: i < applied }));
      const result = { account: variables.ACCOUNT_SID, api: account.origin, deployment: origin };
      terminal.out(JSON.stringify({ ...result, notes, steps: planned }, undefined, 2));
    }
  }
}

async function plan(options: Options, needs: Needs, account: Account) {
  const { origin, service, remove, replace } = options;
  const url = origin + ROUTER_PATH;
  const destination = studioDestination(origin, service);
  const found = await account.settings();
  const former = needs.formerDomains.map((domainName) => ownUrl(ROUTER_PATH, { domainName, local: false }));
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

/** @param i how many steps are done. @throws CliError with what was done */
async function apply(step: Step, i: number, { variables }: Options, account: Account): Promise<void> {
  try {
    await account.apply(step);
  } catch (error) {
    const done = { 0: 'no step is known to be done', 1: 'step 1 is done' }[i] ?? `steps 1 to ${i} are done`;
    throw new CliError(
      `step ${i + 1} failed: ${errorMessage(error, account.origin, variables)}\n${done}; run the command again to continue`,
    );
  }
}

const whose = ({ service }: Options) => (service === undefined ? "the account's" : `service ${service}'s`);
