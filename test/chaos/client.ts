import { post } from '../support/call';
import { LAG } from './faults';
import type { Profile, Subject } from './subject';
import type { ConversationOperation } from './workload';

/** How long an event may be delivered, handled and delivered again. */
const UNDER_WAY_MS = 20_000;

/** One conversation, what is done to it, and what its callers were told. */
export class Client {
  /** What the last answer about the webhook of their own said. */
  manual: 'attached' | 'detached' | 'unknown' = 'detached';
  /** Index of the first message that a managed listener must have. */
  enteredAt = Number.POSITIVE_INFINITY;
  messages = 0;
  operations = 0;
  refused = 0;
  readonly manualUrl: string;
  /** The profile that the last caller was told of, if nobody can have decided since. */
  decided: Profile | undefined;
  private asked = 0;
  private askedAt = Number.NEGATIVE_INFINITY;
  private decisions: Promise<unknown> = Promise.resolve();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly sid: string,
    readonly foreign: { readonly sid: string; readonly dateUpdated: Date },
    private readonly subject: Subject,
    private readonly emulator: string,
  ) {
    this.manualUrl = `https://own.example/${sid}`;
  }

  async perform(operation: ConversationOperation): Promise<void> {
    this.operations += 1;
    switch (operation.do) {
      case 'write':
        return this.write(operation.body);
      case 'attach':
        return this.manually('attached', () =>
          this.times(operation.times, () => this.subject.attach(this.sid, this.manualUrl)),
        );
      case 'detach':
        return this.manually('detached', () => this.subject.detach(this.sid, this.manualUrl));
      case 'hand over':
        return this.handOver(operation.profile);
      case 'sync':
        return this.tell(await this.subject.sync(this.sid));
    }
  }

  async enter(): Promise<void> {
    // Tried again, as a flow does that comes back to its widget.
    for (let tries = 0; tries < 5; tries++)
      if (await this.subject.enter(this.sid)) {
        this.enteredAt = this.messages;
        return;
      }
  }

  /**
   * One after the other. What the last caller was told holds until somebody decides again: a message that asks for a human
   * does, where the bot is, and so may one whose event is still under way.
   */
  private handOver(profile: Profile): Promise<void> {
    const done = this.decisions.then(async () => {
      const asked = this.asked;
      this.decided = undefined;
      const told = await this.subject.handOver(this.sid, profile);
      const isOverturned =
        profile === 'bot' && (this.asked > asked || Date.now() - this.askedAt < UNDER_WAY_MS);
      this.decided = told && !isOverturned ? profile : undefined;
      this.tell(told);
    });
    this.decisions = done;
    return done;
  }

  private async write(Body: string): Promise<void> {
    if (Body.includes('human')) {
      this.asked += 1;
      this.askedAt = Date.now();
      if (this.decided === 'bot') this.decided = undefined;
    }
    await post(`${this.emulator}/_emulator/conversations/${this.sid}/messages`, { Source: 'SMS', Body });
    this.messages += 1;
  }

  /** One after the other, so that it is known what the last one asked for. */
  private manually(wanted: 'attached' | 'detached', work: () => Promise<boolean>): Promise<void> {
    const done = this.turn.then(async () => {
      this.manual = 'unknown';
      const told = await work();
      if (told) this.manual = wanted;
      this.tell(told);
      // A list that is late shows what was before: docs/promises.md.
      await new Promise((resolve) => setTimeout(resolve, LAG * 1.2));
    });
    this.turn = done;
    return done;
  }

  private async times(count: number, work: () => Promise<boolean>): Promise<boolean> {
    const told = await Promise.all(Array.from({ length: count }, work));
    return told.some(Boolean);
  }

  private tell(told: boolean): void {
    if (!told) this.refused += 1;
  }
}
