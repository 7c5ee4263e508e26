import { ApiError } from '../../../src/lib/api-error';
import type { Conversation } from '../../../src/webhooks/conversation';
import { type Answer, answerKey, type Call } from './world';

/** The code of a run: what a function does with a conversation, and with a clock in milliseconds. */
export type Work = (conversation: Conversation, clock: () => number) => Promise<unknown>;

/** How a run came to its end. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** An answer that a run is given, when the newest list was this many milliseconds old. */
interface Line {
  readonly answer: Answer;
  readonly age: number;
}

/** A place in the code of a run: the call that it makes there, or its end. */
export interface Place {
  readonly lines: readonly Line[];
  readonly call?: Call;
  readonly outcome?: Outcome;
  readonly next: Map<string, Place>;
}

/**
 * A run as a tree of its answers. What a run does next follows from what it was answered before, so the real code is run
 * from its beginning once for each course of answers, and everybody who comes the same way finds the place there.
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
  after({ lines, next }: Place, answer: Answer, age: number): Place | Promise<Place> {
    const key = `${age} ${answerKey(answer)}`;
    return (
      next.get(key) ??
      place(this.work, [...lines, { answer, age }]).then((found) => {
        next.set(key, found);
        return found;
      })
    );
  }
}

function place(work: Work, lines: readonly Line[]): Promise<Place> {
  return new Promise((resolve) => {
    let at = 0;
    let lists = 0;
    let now = 0;
    let listed: number | undefined;
    const arrive = (found: Pick<Place, 'call' | 'outcome'>) => resolve({ lines, ...found, next: new Map() });
    const ask =
      (method: Call['method']) =>
      (...args: readonly unknown[]): Promise<never> => {
        const line = lines[at++];
        if (!line) {
          arrive({ call: { method, args } as unknown as Call });
          return new Promise(() => {});
        }
        const { answer, age } = line;
        if (method === 'list') listed = ++lists * 1e6;
        now = lists * 1e6 + age;
        return 'error' in answer ? Promise.reject(answer.error) : Promise.resolve(answer.value as never);
      };
    // The first look at the clock after a list is about the list: it is as old as it really is.
    const clock = () => {
      const time = listed ?? now;
      listed = undefined;
      return time;
    };
    const conversation: Conversation = {
      list: ask('list'),
      fetch: ask('fetch'),
      create: ask('create'),
      update: ask('update'),
      remove: ask('remove'),
      newestIndex: ask('newestIndex'),
    };
    work(conversation, clock).then(
      (value) => arrive({ outcome: { value } }),
      (error) => arrive({ outcome: { error } }),
    );
  });
}

/** What a run came to, in a few words. */
export function inShort(outcome: Outcome): string {
  if ('error' in outcome)
    return outcome.error instanceof ApiError ? `error ${outcome.error.code}` : `threw ${outcome.error}`;
  const { value } = outcome;
  return typeof value === 'object' && value !== null && 'result' in value ? `${value.result}` : 'done';
}
