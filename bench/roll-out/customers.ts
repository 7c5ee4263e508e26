import { setTimeout } from 'node:timers/promises';
import type { JournalTail } from './journal-tail';

const PAUSE_MS = 25;
/** One message of so many asks for a human. */
const HAND_OFF_EVERY = 4;

/** Customers who write to one conversation after the other, and what they wrote. */
export class Customers {
  /** The conversation of each message, by its SID. */
  readonly sent = new Map<string, string>();
  /** The messages that ask for a human, and their conversations. */
  readonly handOffs = new Map<string, string>();
  #isOpen = false;
  #writing = Promise.resolve();
  #next = 0;
  /** Of the conversations that have moved. */
  #considered = 0;

  /**
   * @param conversations which they write to
   * @param bots those of them that a bot talks to
   */
  constructor(
    private readonly emulator: string,
    private readonly conversations: readonly string[],
    private readonly bots: ReadonlySet<string>,
  ) {}

  /** Begins to write. @param moved once a conversation has moved, its customer may ask for a human; nobody does without it */
  open(moved?: JournalTail): void {
    this.#isOpen = true;
    this.#writing = (async () => {
      for (let i = 0; this.#isOpen; i++) {
        this.#next = (this.#next + 7) % this.conversations.length;
        this.sent.set(...(await this.#write(this.conversations[this.#next]!, 'hello')));
        if (moved && i % HAND_OFF_EVERY === 0) await this.#handOff(moved);
        await setTimeout(PAUSE_MS);
      }
    })();
  }

  /** Stops, and waits until everything is delivered. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#writing;
    await fetch(`${this.emulator}/_emulator/idle`);
  }

  /** The next one that has moved, and that a bot talks to. */
  async #handOff(moved: JournalTail): Promise<void> {
    moved.read();
    const position = moved.changed.findIndex((sid, i) => i >= this.#considered && this.bots.has(sid));
    this.#considered = position < 0 ? moved.changed.length : position + 1;
    if (position < 0) return;
    const [sid, conversation] = await this.#write(moved.changed[position]!, 'a human, please');
    this.sent.set(sid, conversation);
    this.handOffs.set(sid, conversation);
  }

  async #write(conversation: string, Body: string): Promise<[sid: string, conversation: string]> {
    const response = await fetch(`${this.emulator}/_emulator/conversations/${conversation}/messages`, {
      method: 'POST',
      body: new URLSearchParams({ Source: 'SDK', Body }),
    });
    const { sid } = (await response.json()) as { sid: string };
    return [sid, conversation];
  }
}
