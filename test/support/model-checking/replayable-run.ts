import { ApiError } from '../../../src/lib/api-error';
import type { Timing } from '../../../src/sync/timing';
import type { Conversation } from '../../../src/webhooks/conversation';
import type { Call } from './call';
import { type Answer, answerKey } from './world';

/** The code of a run: what a function does with a conversation, and with time in milliseconds since it began. */
export type Work = (conversation: Conversation, timing: Timing) => Promise<unknown>;

/** How a run came to its end. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** An answer that a run is given, and when: in milliseconds since it began. */
interface Line {
  readonly answer: Answer;
  readonly at: number;
}

/** A place in the code of a run: the call that it makes there, or its end. */
export interface Place {
  readonly lines: readonly Line[];
  readonly call?: Call;
  /** The call is made after a wait: in milliseconds since the run began. */
  readonly notBefore?: number;
  readonly outcome?: Outcome;
  readonly next: Map<string, Place>;
}

/** How long a function has, in milliseconds. */
export const DEADLINE = 9_000;

/**
 * A run as a tree of its answers. What a run does next follows from what it was answered before and when, so the real code
 * is run from its beginning once for each course of answers, and everybody who comes the same way finds the place there.
 */
export class ReplayableRun {
  private constructor(
    private readonly work: Work,
    readonly start: Place,
  ) {}

  static async of(work: Work): Promise<ReplayableRun> {
    return new ReplayableRun(work, await place(work, []));
  }

  /** Where the run is after one more answer. A promise only where nobody has been there. */
  after({ lines, next }: Place, answer: Answer, at: number): Place | Promise<Place> {
    const key = `${at} ${answerKey(answer)}`;
    return (
      next.get(key) ??
      place(this.work, [...lines, { answer, at }]).then((found) => {
        next.set(key, found);
        return found;
      })
    );
  }
}

function place(work: Work, lines: readonly Line[]): Promise<Place> {
  return new Promise((resolve) => {
    let at = 0;
    let now = 0;
    let notBefore: number | undefined;
    const arrive = (found: Pick<Place, 'call' | 'notBefore' | 'outcome'>) =>
      resolve({ lines, ...found, next: new Map() });
    const ask =
      (method: Call['method']) =>
      (...args: readonly unknown[]): Promise<never> => {
        const line = lines[at++];
        if (!line) {
          const call = { method, args } as unknown as Call;
          arrive(notBefore === undefined ? { call } : { call, notBefore });
          return new Promise(() => {});
        }
        now = line.at;
        notBefore = undefined;
        const { answer } = line;
        return 'error' in answer ? Promise.reject(answer.error) : Promise.resolve(answer.value as never);
      };
    const conversation: Conversation = {
      list: ask('list'),
      fetch: ask('fetch'),
      create: ask('create'),
      update: ask('update'),
      remove: ask('remove'),
      fetchFields: ask('fetchFields'),
      newestIndex: ask('newestIndex'),
    };
    const timing: Timing = {
      now: () => now,
      // Nothing else happens in a run that waits: its next call comes after the wait.
      sleep: async (ms) => {
        now += ms;
        notBefore = now;
      },
      deadline: DEADLINE,
    };
    work(conversation, timing).then(
      (value) => arrive({ outcome: { value } }),
      (error) => arrive({ outcome: { error } }),
    );
  });
}

/** What a run came to, in a few words. */
export function inShort(outcome: Outcome): string {
  if ('error' in outcome)
    return outcome.error instanceof ApiError
      ? `error ${outcome.error.code} ${outcome.error.message}`
      : `threw ${outcome.error}`;
  const { value } = outcome;
  return typeof value === 'object' && value !== null && 'result' in value ? `${value.result}` : 'done';
}
