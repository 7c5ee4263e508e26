import { post } from '../support/call';
import { LAG } from './faults';
import type { Subject } from './subject';
import type { Operation } from './workload';

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
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly sid: string,
    readonly foreign: { readonly sid: string; readonly dateUpdated: Date },
    private readonly subject: Subject,
    private readonly emulator: string,
  ) {
    this.manualUrl = `https://own.example/${sid}`;
  }

  async perform(operation: Operation): Promise<void> {
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
        return this.tell(await this.subject.handOver(this.sid, operation.profile));
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

  private async write(Body: string): Promise<void> {
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
