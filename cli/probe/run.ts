import { ApiError } from '../../src/lib/api-error';
import { CliError } from '../errors';
import type { Api } from './api';
import { RefusedError, StoppedError } from './api';
import { Cleanup } from './cleanup';
import type { Answer, Question } from './question';
import type { Receiver } from './receiver';
import { Session, type Settings } from './session';

export type Outcome =
  | { readonly question: Question; readonly kind: 'answered'; readonly answer: Answer }
  | { readonly question: Question; readonly kind: 'failed'; readonly reason: string };

export interface Run {
  readonly outcomes: readonly Outcome[];
  /** What could not be removed. */
  readonly left: readonly string[];
  /** Why it ended before the last question. */
  readonly ended?: string;
}

interface Asking {
  /** Sends nothing once the signal aborts. */
  readonly api: Api;
  /** Cleans up, whatever happens. */
  readonly cleaner: Api;
  readonly settings: Settings;
  readonly receiver: Receiver | undefined;
  readonly signal: AbortSignal;
  onQuestion(question: Question, index: number): void;
}

/** Asks the questions, one after the other, and cleans up after each. */
export async function run(
  ask: readonly Question[],
  { cleaner, onQuestion, ...context }: Asking,
): Promise<Run> {
  const cleanup = new Cleanup();
  const session = new Session(context, cleanup);
  const outcomes: Outcome[] = [];
  const left: string[] = [];
  let ended: string | undefined;
  try {
    await session.begin();
    for (const [index, question] of ask.entries()) {
      onQuestion(question, index);
      const own = new Cleanup();
      try {
        outcomes.push(await askOne(question, session.for(question.name, own)));
      } finally {
        left.push(...(await own.run(cleaner)));
      }
    }
  } catch (error) {
    if (error instanceof StoppedError) ended = 'stopped';
    else if (error instanceof ApiError || error instanceof CliError || error instanceof RefusedError)
      ended = error.message;
    else throw error;
  } finally {
    left.push(...(await cleanup.run(cleaner)));
  }
  return { outcomes, left, ...(ended !== undefined && { ended }) };
}

async function askOne(question: Question, session: Session): Promise<Outcome> {
  try {
    return { question, kind: 'answered', answer: await question.ask(session) };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { question, kind: 'failed', reason: error.message };
  }
}
