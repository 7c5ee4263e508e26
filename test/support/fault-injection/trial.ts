import { handler as event } from '../../../src/functions/events/conversation.protected';
import { handler as attach } from '../../../src/functions/webhooks/attach.protected';
import { handler as detach } from '../../../src/functions/webhooks/detach.protected';
import { handler as sync } from '../../../src/functions/webhooks/sync.protected';
import { handler as update } from '../../../src/functions/webhooks/update.protected';
import { emulatorEnvironment } from '../programs';
import type { Point } from './faults';
import { ConversationSid, type Place, type Printed, type Processed } from './place';
import { type Answered, call } from './platform';
import { DOMAIN_NAME } from './policy';
import type { Operation, Situation } from './situations';

const HANDLERS = { attach, detach, update, sync, event };
const ENVIRONMENT = {
  ...emulatorEnvironment(),
  DOMAIN_NAME,
  TWILIO_SERVICE_RETRY_LIMIT: '1',
  TWILIO_SERVICE_MIN_BACKOFF: '0',
  TWILIO_SERVICE_MAX_BACKOFF: '0',
};

/** What one call of a function left behind. */
export interface Trial {
  readonly before: readonly Printed[];
  readonly answered: Answered;
  readonly processed: readonly Processed[];
  readonly after: readonly Printed[];
  readonly heard: readonly string[];
}

/** One function, one situation, as often as one likes: each time in a conversation of its own. */
export class Trials {
  constructor(
    private readonly place: Place,
    private readonly situation: Situation,
    /** Lets the process forget the trial before. */
    private readonly forget: () => void,
  ) {}

  /** The call, with the faults of a point in its way. */
  async first(point?: Point): Promise<Trial> {
    this.forget();
    const { messages = 0, webhooks, age = 600 } = this.situation;
    const before = await this.place.begin(messages, webhooks, age);
    this.place.harm(point?.faults ?? []);
    return this.ask(before, `${before.at(-1)?.sid}`);
  }

  /**
   * The same call once more, with nothing in its way; of an event: once its first run cannot be at work any more, and then
   * a plain sync, as an event of the service's webhook never finishes what another run has begun.
   */
  async again({ before, after }: Trial): Promise<Trial> {
    const sid = `${before.at(-1)?.sid}`;
    if (this.situation.operation !== 'event') return this.ask(after, sid);
    this.place.pass(11);
    const again = await this.ask(after, sid);
    return again.answered.status === 200 ? this.ask(again.after, sid, 'sync') : again;
  }

  private async ask(
    before: readonly Printed[],
    sid: string,
    operation: Operation = this.situation.operation,
  ): Promise<Trial> {
    const input = operation === this.situation.operation ? this.situation.input(sid) : {};
    const context = { ...ENVIRONMENT, TWILIO_API_BASE_URL: this.place.TWILIO_API_BASE_URL };
    const answered = await call(HANDLERS[operation], context, { ...input, ConversationSid });
    const processed = this.place.taken();
    this.place.harm([]);
    return {
      ...{ before, answered, processed },
      ...{ after: await this.place.webhooks(), heard: await this.place.heard() },
    };
  }
}
