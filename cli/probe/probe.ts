import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { redact } from '../../src/handler/redact';
import { confirm } from '../confirm';
import { CliError } from '../errors';
import { counted } from '../format';
import { apiErrorMessage, hasJsonFlag, printError } from '../print-error';
import { sanitize } from '../sanitize';
import { createStyles, type Style } from '../style';
import { table } from '../table';
import type { Terminal } from '../terminal';
import { Api, RefusedError } from './api';
import { findLeftovers } from './leftovers';
import { type Options, readOptions } from './options';
import { describe, type Plan, plan, reactions } from './plan';
import { HEADER, planToJson, toJson, toOptions, toRows } from './print';
import { Receiver } from './receiver';
import { type Run, run } from './run';

/** Where to print what is not the result. */
type Say = (text: string) => void;

/**
 * `npm run probe`: asks an account what is not documented, and writes the emulator's options. @returns the exit code: 0 if every
 * question of the plan has an answer; 1 refused, stopped, failed, or something is left behind; 2 wrong usage
 */
export async function probe(args: string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(args, env, terminal);
    if (!options) return 0;
    const { json, variables } = options;
    const say: Say = (text) => (json ? terminal.err : terminal.out)(sanitize(text, variables));
    return await start(options, say, terminal, createStyles(env, terminal).out);
  } catch (error) {
    const variables = options?.variables ?? {};
    const message =
      error instanceof RefusedError ? sanitize(error.message, variables) : apiErrorMessage(error, variables);
    return printError(error, { json: hasJsonFlag(args), message, discreetly: 'probe' }, terminal);
  }
}

async function start(options: Options, say: Say, terminal: Terminal, style: Style): Promise<number> {
  const { variables, settings, json, dryRun, clean } = options;
  const api = new Api(variables);
  const planned = clean ? undefined : await plan(api, options);
  const leftovers = await findLeftovers(api, settings.service);
  const { steps } = leftovers.cleanup;
  say(`Account ${variables.ACCOUNT_SID} at ${api.origin}`);
  for (const key of leftovers.unread) say(`Cannot list ${key}, in which an earlier run may have left some.`);
  for (const step of steps) say(`Left behind by an earlier run, to be removed first: ${step}`);
  if (planned) {
    for (const line of describe(planned, options, terminal.columns)) say(line);
    assertNoReaction(planned, options);
    if (planned.ask.length === 0) throw new CliError('no question can be asked');
  } else if (steps.length === 0) say('Nothing is left behind.');
  if (dryRun || (!planned && steps.length === 0)) {
    if (json)
      printJson(planned ? { questions: planToJson(planned) } : { left_behind: steps }, options, terminal);
    return 0;
  }
  await confirm(planned ? 'Ask these questions?' : 'Remove it?', options, terminal);
  const signal = terminal.untilStopped?.() ?? new AbortController().signal;
  const left = await leftovers.cleanup.run(api);
  if (left.length > 0 || !planned) {
    if (json) printJson({ left_behind: left }, options, terminal);
    return reportLeft(left, options, terminal);
  }
  const needsReceiver = planned.ask.some(({ needs }) => needs?.includes('receiver'));
  const receiver = options.receiver && needsReceiver ? await Receiver.start(options.receiver) : undefined;
  try {
    const result = await run(planned.ask, {
      api: new Api(variables, signal),
      cleaner: api,
      settings,
      receiver,
      signal,
      onQuestion: ({ name }, index) => terminal.status?.(`${index + 1}/${planned.ask.length} ${name}`),
    });
    terminal.status?.('');
    return report(result, planned, options, say, terminal, style);
  } finally {
    receiver?.stop();
  }
}

function printJson(result: object, { variables }: Options, { out }: Terminal): void {
  out(JSON.stringify(redact(result, variables), undefined, 2));
}

function assertNoReaction(planned: Plan, { allowWebhooks }: Options): void {
  const found = reactions(planned);
  if (found.length === 0 || allowWebhooks) return;
  throw new CliError(
    `${found.join('; ')}, which the probe causes; nothing was changed; use --allow-webhooks if its receiver may react, ` +
      'or --only with other questions',
  );
}

function report(
  { outcomes, left, ended }: Run,
  planned: Plan,
  options: Options,
  say: Say,
  terminal: Terminal,
  style: Style,
): number {
  const { variables, out, json } = options;
  const found = toOptions(outcomes);
  if (json) {
    const questions = toJson(outcomes, planned);
    const result = { questions, options: found, left_behind: left, ...(ended !== undefined && { ended }) };
    printJson(result, options, terminal);
  } else {
    const rows = toRows(outcomes, planned).map((row) => row.map((cell) => sanitize(cell, variables)));
    const heading = (text: string) => style('bold', text);
    for (const line of table(rows, { header: HEADER, heading, width: terminal.columns })) terminal.out(line);
  }
  const number = Object.keys(found).length;
  if (number > 0) {
    writeFileSync(resolve(terminal.folder, out), `${JSON.stringify(found, undefined, 2)}\n`);
    say(`${counted(number, 'option')} in ${out}: npm run emulator -- --options ${out}`);
  }
  if (ended !== undefined) terminal.err(sanitize(`ended before the last question: ${ended}`, variables));
  const failed = ended !== undefined || outcomes.some(({ kind }) => kind === 'failed');
  return Math.max(reportLeft(left, options, terminal), failed ? 1 : 0);
}

/** @returns the exit code */
function reportLeft(left: readonly string[], { variables }: Options, { err }: Terminal): number {
  for (const each of left) err(sanitize(`left behind: ${each}; remove it with --clean`, variables));
  return left.length > 0 ? 1 : 0;
}
