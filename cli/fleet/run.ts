import { ApiError } from '../../src/lib/api-error';
import { sleep } from '../../src/lib/sleep';
import { send } from '../../src/twilio/transport';
import type { Terminal } from '../terminal';
import { Client } from './client';
import { counted } from './format';
import { Journal, type JournalContent, type JournalHeader, type JournalLine, type Result } from './journal';
import type { ChangeOptions } from './options';
import { Pace } from './pace';
import { paceLine } from './print-report';
import { type Rest, workThrough } from './queue';
import { FailuresInARow } from './scan';
import { observed, readOnly } from './transport';

/** How often a conversation is tried that Twilio was too busy for, or failed at. */
const MAX_ATTEMPTS = 3;
const BETWEEN_ATTEMPTS_MS = 2_000;

export type Outcome = Omit<JournalLine, 'conversation'>;

/** Something in a conversation is not as it was planned for: it is left alone. */
export class SkippedError extends Error {}

const WORDS: Readonly<Record<Exclude<Result, 'begun'>, string>> = {
  changed: 'changed',
  unchanged: 'in order already',
  skipped: 'skipped: changed since the report; run it again',
  refused: 'changed in part: Twilio refused a step',
  failed: 'failed; run the command again',
};

/** What a command does to conversations. */
export interface Task<T extends { readonly conversation: string }> {
  readonly header: JournalHeader;
  /** Finds the conversations, with a client that only reads. @param earlier the run that this one resumes */
  find(client: Client, pace: Pace, earlier: JournalContent | undefined): Promise<readonly T[]>;
  /** Printed if there are none. */
  readonly nothing: string;
  /** What is printed of those that were chosen of so many. */
  planLines(chosen: readonly T[], found: number): readonly string[];
  /** @param conversations how many, in words */
  question(conversations: string): string;
  /** As the progress shows it. */
  readonly verb: string;
  readonly change: Change<T>;
}

/** @param attempt counts from 0; a later one goes on where the one before ended, maybe in another run */
type Change<T> = (client: Client, item: T, attempt: number, rest: Rest) => Promise<Outcome>;

/** Finds conversations, asks, and changes them. @returns the exit code. @throws CliError, ApiError */
export async function run<T extends { readonly conversation: string }>(
  task: Task<T>,
  { variables, journal: file, resume, limit, yes }: ChangeOptions,
  terminal: Terminal,
): Promise<number> {
  const openJournal = () => Journal.open(terminal.folder, file, task.header, resume);
  const earlier = Journal.find(terminal.folder, file, task.header, resume);
  const pace = new Pace(terminal);
  const transport = observed(send, pace);
  const found = await task.find(new Client(variables, readOnly(transport)), pace, earlier);
  if (found.length === 0) {
    // It was killed after its last conversation.
    if (earlier) openJournal().finish();
    terminal.out(task.nothing);
    return 0;
  }
  const chosen = found.slice(0, limit);
  for (const line of task.planLines(chosen, found.length)) terminal.out(line);
  if (!(await isConfirmed(task.question(counted(chosen.length, 'conversation')), yes, terminal))) return 1;
  return changeEach(
    chosen,
    task,
    { client: new Client(variables, transport), journal: openJournal(), pace },
    terminal,
  );
}

/** Whether an earlier run has begun with a conversation, and may have changed a part of it. */
export function isBegun(conversation: string, earlier: JournalContent | undefined): boolean {
  const result = earlier?.results.get(conversation);
  return result === 'begun' || result === 'failed';
}

/** Whether an earlier run has not dealt with a conversation. */
export function isToDo(conversation: string, earlier: JournalContent | undefined): boolean {
  return !earlier?.results.has(conversation) || isBegun(conversation, earlier);
}

/** Changes conversations, and writes each into the journal before and after it. */
async function changeEach<T extends { readonly conversation: string }>(
  items: readonly T[],
  { verb, change }: Task<T>,
  { client, journal, pace }: { client: Client; journal: Journal; pace: Pace },
  terminal: Terminal,
): Promise<number> {
  const failures = new FailuresInARow();
  const results = new Map<Result, number>();
  pace.begin(verb, items.length);
  await workThrough(
    items,
    () => pace.concurrency.limit,
    async (item, rest) => {
      const { conversation } = item;
      journal.note({ conversation, result: 'begun' });
      // A run that was killed may have changed a part of it.
      const first = journal.results.has(conversation) ? 1 : 0;
      const outcome = await attempts((attempt) => change(client, item, first + attempt, rest), failures);
      results.set(outcome.result, (results.get(outcome.result) ?? 0) + 1);
      if (outcome.result === 'refused' || outcome.result === 'failed')
        terminal.err(`${conversation}: ${outcome.why}`);
      journal.note({ conversation, ...outcome });
      pace.step();
    },
  );
  pace.end();
  journal.finish();
  for (const [result, words] of Object.entries(WORDS)) {
    const number = results.get(result as Result) ?? 0;
    if (number > 0) terminal.out(`${counted(number, 'conversation')} ${words}`);
  }
  terminal.out(paceLine(pace));
  return results.has('failed') || results.has('refused') ? 1 : 0;
}

async function attempts(
  change: (attempt: number) => Promise<Outcome>,
  failures: FailuresInARow,
): Promise<Outcome> {
  for (let attempt = 0; ; attempt++) {
    try {
      const outcome = await change(attempt);
      failures.reset();
      return outcome;
    } catch (error) {
      if (error instanceof SkippedError) return { result: 'skipped', why: error.message };
      const passes =
        error instanceof ApiError && (error.isThrottled || error.status >= 500 || error.isConflict);
      if (!passes || attempt + 1 >= MAX_ATTEMPTS) {
        const why = failures.note(error);
        return why === undefined ? { result: 'unchanged', why: 'it is gone' } : { result: 'failed', why };
      }
      await sleep(BETWEEN_ATTEMPTS_MS);
    }
  }
}

/** Asks before anything is changed. */
async function isConfirmed(question: string, yes: boolean, { confirm, err }: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!confirm) err('not a terminal, so nobody can confirm; nothing was changed; use --yes');
  else if (await confirm(`${question} [y/N] `)) return true;
  else err('nothing was changed');
  return false;
}
