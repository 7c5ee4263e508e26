import { ApiError } from '../../src/lib/api-error';
import { sleep } from '../../src/lib/sleep';
import { send } from '../../src/twilio/transport';
import { Client } from '../client';
import { confirm } from '../confirm';
import { count, counted } from '../format';
import { table } from '../table';
import type { Terminal } from '../terminal';
import { readOnly } from '../transport';
import { Journal, type JournalContent, type JournalHeader, type JournalLine, type Result } from './journal';
import type { ChangeOptions } from './options';
import { Pace } from './pace';
import { paceAsJson, paceLine } from './print-report';
import { type Rest, workThrough } from './queue';
import { FailuresInARow } from './scan';
import { observed } from './transport';

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
  failed: 'failed; correct what the errors say, and run the command again',
};
const RESULTS = Object.keys(WORDS) as Exclude<Result, 'begun'>[];
const MAX_STEPS = 20;

/** What a command does to conversations. */
export interface Task<T extends { readonly conversation: string }> {
  readonly header: JournalHeader;
  /** Finds the conversations, with a client that only reads. @param earlier the run that this one resumes */
  find(client: Client, pace: Pace, earlier: JournalContent | undefined): Promise<readonly T[]>;
  /** Printed if there are none. */
  readonly nothing: string;
  /** What would be done to those that were chosen, and to how many of them; the most frequent first. */
  steps?(chosen: readonly T[]): ReadonlyMap<string, number>;
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
  options: ChangeOptions,
  terminal: Terminal,
): Promise<number> {
  const { variables, journal: file, resume, limit, json } = options;
  const openJournal = () => Journal.open(terminal.folder, file, task.header, resume);
  const earlier = Journal.find(terminal.folder, file, task.header, resume);
  const pace = new Pace(terminal);
  const transport = observed(send, pace);
  const found = await task.find(new Client(variables, readOnly(transport)), pace, earlier);
  const chosen = found.slice(0, limit);
  const steps = task.steps?.(chosen);
  const outcomes = new Outcomes();
  const print = json ? { ...terminal, out: () => undefined, err: () => undefined } : terminal;
  try {
    if (found.length === 0) {
      // It was killed after its last conversation.
      if (earlier) openJournal().finish();
      print.out(task.nothing);
      return 0;
    }
    if (steps) for (const line of stepLines(steps, chosen.length, found.length)) print.out(line);
    await confirm(task.question(counted(chosen.length, 'conversation')), options, terminal);
    const client = new Client(variables, transport);
    await changeEach(chosen, task, { client, journal: openJournal(), pace, outcomes }, print);
    for (const line of outcomes.lines()) print.out(line);
    print.out(paceLine(pace));
    return outcomes.failures.length > 0 ? 1 : 0;
  } finally {
    if (json) {
      const { command, account, deployment, policy } = task.header;
      const result = { command, account, deployment, policy, found: found.length, chosen: chosen.length };
      const planned = steps && { steps: Object.fromEntries(steps) };
      const document = { ...result, ...planned, ...outcomes.asJson(), ...paceAsJson(pace) };
      terminal.out(JSON.stringify(document, undefined, 2));
    }
  }
}

function stepLines(steps: ReadonlyMap<string, number>, chosen: number, found: number): string[] {
  const rows = [...steps].map(([name, number]) => [count(number), name]);
  return [
    `${counted(chosen, 'conversation')}${chosen < found ? ` of ${count(found)} that are out of order` : ''}:`,
    ...table(rows.slice(0, MAX_STEPS), { indent: '  ', isNumbered: true }),
    ...(rows.length > MAX_STEPS ? [`  and ${count(rows.length - MAX_STEPS)} other kinds of steps`] : []),
  ];
}

/** What became of the conversations of a run. */
class Outcomes {
  readonly #results = new Map<Result, number>();
  readonly failures: { readonly conversation: string; readonly result: Result; readonly why?: string }[] = [];

  add(conversation: string, { result, why = '' }: Outcome): void {
    this.#results.set(result, (this.#results.get(result) ?? 0) + 1);
    if (result === 'refused' || result === 'failed') this.failures.push({ conversation, result, why });
  }

  lines(): string[] {
    return RESULTS.flatMap((result) => {
      const number = this.#results.get(result) ?? 0;
      return number > 0 ? [`${counted(number, 'conversation')} ${WORDS[result]}`] : [];
    });
  }

  asJson(): object {
    const results = RESULTS.map((result) => [result, this.#results.get(result) ?? 0]);
    return { results: Object.fromEntries(results), failures: this.failures };
  }
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
  { client, journal, pace, outcomes }: { client: Client; journal: Journal; pace: Pace; outcomes: Outcomes },
  { err }: Terminal,
): Promise<void> {
  const failures = new FailuresInARow();
  pace.progress.begin(verb, items.length);
  await workThrough(
    items,
    () => pace.concurrency.limit,
    async (item, rest) => {
      const { conversation } = item;
      journal.note({ conversation, result: 'begun' });
      // A run that was killed may have changed a part of it.
      const first = journal.results.has(conversation) ? 1 : 0;
      const outcome = await attempts((attempt) => change(client, item, first + attempt, rest), failures);
      outcomes.add(conversation, outcome);
      if (outcome.result === 'refused' || outcome.result === 'failed') err(`${conversation}: ${outcome.why}`);
      journal.note({ conversation, ...outcome });
      pace.progress.step();
    },
  );
  pace.progress.end();
  journal.finish();
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
