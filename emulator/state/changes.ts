import type { Delivery, RecordedEvent } from './history';
import { Recent } from './recent';
import type { Conversation, Message } from './records';
import type { Execution } from './studio';

/** Something that a client of `/_emulator/stream` wants to know. It refers to the record, so that a late reader sees it as it is now. */
export type Change =
  | { type: 'conversation' | 'conversation_removed'; conversation: Conversation }
  | { type: 'participants' | 'webhooks'; conversation: Conversation }
  | { type: 'message' | 'message_removed'; conversation: Conversation; message: Message }
  | { type: 'event'; event: RecordedEvent }
  | { type: 'delivery'; delivery: Delivery }
  | { type: 'execution'; execution: Execution }
  | { type: 'settings' | 'reset' };

/** The changes of the state, numbered, and the last of them for those who come back. */
export class Changes {
  readonly #kept = new Recent<Change>(2_000);
  // The time, so that a number from before a restart is never taken for one from after it.
  readonly #firstId = Date.now();
  readonly #listeners = new Set<() => void>();

  get lastId(): number {
    return this.#firstId + this.#kept.total;
  }

  emit(change: Change): void {
    this.#kept.add(change);
    for (const listener of this.#listeners) listener();
  }

  /** The changes after this number, oldest first; undefined if some are not kept any more, or the number is not from here. */
  since(id: number): readonly Change[] | undefined {
    const kept = this.#kept.all();
    const missed = this.lastId - id;
    return missed >= 0 && missed <= kept.length ? kept.slice(kept.length - missed) : undefined;
  }

  /** Calls the listener after each change, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
