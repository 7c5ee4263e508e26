import { ApiError } from '../../src/lib/api-error';
import { sleep } from '../../src/lib/sleep';
import type { Terminal } from '../terminal';
import { counted } from './format';
import type { Journal, JournalLine, Result } from './journal';
import type { Pace } from './pace';
import { paceLine } from './print-report';
import { workThrough } from './queue';
import { FailuresInARow } from './scan';

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

/**
 * Changes conversations, and writes each into the journal before and after it.
 * @param change `attempt` counts from 0; a later one goes on where the one before ended
 * @returns the exit code. @throws ApiError for what stops everything
 */
export async function changeEach<T extends { readonly conversation: string }>(
  items: readonly T[],
  { journal, pace, verb }: { journal: Journal; pace: Pace; verb: string },
  terminal: Terminal,
  change: (item: T, attempt: number) => Promise<Outcome>,
): Promise<number> {
  const failures = new FailuresInARow();
  const results = new Map<Result, number>();
  pace.begin(verb, items.length);
  await workThrough(
    items,
    () => pace.concurrency.limit,
    async (item) => {
      const { conversation } = item;
      journal.note({ conversation, result: 'begun' });
      // A run that was killed may have changed a part of it.
      const first = journal.results.has(conversation) ? 1 : 0;
      const outcome = await attempts((attempt) => change(item, first + attempt), failures);
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
export async function isConfirmed(
  question: string,
  yes: boolean,
  { confirm, err }: Terminal,
): Promise<boolean> {
  if (yes) return true;
  if (!confirm) err('not a terminal, so nobody can confirm; nothing was changed; use --yes');
  else if (await confirm(`${question} [y/N] `)) return true;
  else err('nothing was changed');
  return false;
}
