import { ApiError } from '../../src/lib/api-error';
import type { Conversation } from '../../src/webhooks/conversation';
import type { Call } from './model-checking/call';
import { isLate } from './model-checking/trace';

/** A run whose API calls happen one at a time, when the test says so, so that runs can be interleaved at will. */
export class Actor {
  ended: 'done' | 'crashed' | undefined;
  outcome: unknown;
  private release: (() => void) | undefined;
  private standing: Promise<void> = Promise.resolve();
  private stand: () => void = () => {};

  constructor(
    readonly born: number,
    work: (turn: () => Promise<void>) => Promise<unknown>,
  ) {
    this.arm();
    const end = (outcome: unknown) => {
      if (this.ended === undefined) this.ended = 'done';
      this.outcome = outcome;
      this.stand();
    };
    work(() => this.turn()).then(end, end);
  }

  /** Lets it make its next API call, and waits until it stands before another one or has ended. */
  async step(): Promise<void> {
    await this.standing;
    if (this.ended !== undefined) return;
    const release = this.release;
    this.arm();
    release?.();
    await this.standing;
  }

  /** Its process is gone: nothing after the last call happens. */
  crash(): void {
    this.ended ??= 'crashed';
  }

  private turn(): Promise<void> {
    return new Promise((resolve) => {
      this.release = resolve;
      this.stand();
    });
  }

  private arm(): void {
    this.standing = new Promise((resolve) => {
      this.stand = resolve;
    });
  }
}

/**
 * A conversation in which each call waits for its turn, and then for nothing: what a run does between two calls, such as
 * looking at the clock, it does as soon as it is answered. A write that must be sent earlier than `now` is not sent.
 */
export function inTurns(
  conversation: Conversation,
  turn: () => Promise<void>,
  now: () => number,
): Conversation {
  const held =
    <A extends unknown[], R>(method: Call['method'], call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await turn();
      if (isLate({ method, args } as unknown as Call, now()))
        throw new ApiError(20429, 'Too many requests', undefined, 429);
      return call(...args);
    };
  return {
    list: held('list', conversation.list),
    fetch: held('fetch', conversation.fetch),
    create: held('create', conversation.create),
    update: held('update', conversation.update),
    remove: held('remove', conversation.remove),
    fetchFields: held('fetchFields', conversation.fetchFields),
    newestIndex: held('newestIndex', conversation.newestIndex),
  };
}
