import type { Conversation } from '../../src/webhooks/conversation';

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
 * A conversation that holds back each answer until its turn has come, and the clock of the run over it, on which a list is
 * as old as it really is: what a run does between two calls, such as looking at the clock, it does when it goes on.
 */
export function inTurns(conversation: Conversation, turn: () => Promise<void>, now: () => number) {
  let listed: number | undefined;
  const held =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const result = await call(...args);
      await turn();
      return result;
    };
  const inTurns: Conversation = {
    list: held(async () => {
      const listing = await conversation.list();
      listed = now();
      return listing;
    }),
    fetch: held(conversation.fetch),
    create: held(conversation.create),
    update: held(conversation.update),
    remove: held(conversation.remove),
    newestIndex: held(conversation.newestIndex),
  };
  const clock = () => {
    const time = listed ?? now();
    listed = undefined;
    return time;
  };
  return { conversation: inTurns, clock };
}
