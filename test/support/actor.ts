import type { Conversation } from '../../src/webhooks/conversation';

/** A run whose API calls happen one at a time, when the test says so, so that runs can be interleaved at will. */
export class Actor {
  ended: 'done' | 'crashed' | undefined;
  outcome: unknown;
  private release: (() => void) | undefined;
  private standing: Promise<void> = Promise.resolve();
  private stand: () => void = () => {};

  constructor(
    readonly name: string,
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

/** A conversation that waits for its turn before each API call. */
export function inTurns(conversation: Conversation, turn: () => Promise<void>): Conversation {
  const wait =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await turn();
      return call(...args);
    };
  return {
    list: wait(conversation.list),
    fetch: wait(conversation.fetch),
    create: wait(conversation.create),
    update: wait(conversation.update),
    remove: wait(conversation.remove),
    newestIndex: wait(conversation.newestIndex),
  };
}
