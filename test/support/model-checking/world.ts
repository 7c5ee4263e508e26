import { ApiError } from '../../../src/lib/api-error';
import { MAX_WEBHOOKS } from '../../../src/lib/limits';
import type { WebhookList } from '../../../src/webhooks/conversation';
import type { Definition } from '../../../src/webhooks/definition';
import type { WebhookConfig } from '../../../src/webhooks/settings';
import type { Webhook } from '../../../src/webhooks/webhook';
import type { Call, Way } from './call';
import { contentNumber } from './intern';
import { Invariants } from './invariants';
import { nameOf, ROUTER, routersIn, type Trigger } from './oracle';
import type { Version } from './policies';

/** What a call comes back with. */
export type Answer = { readonly value: unknown } | { readonly error: ApiError };

export type Fields = Readonly<Record<string, string>>;

interface Message {
  readonly body: string;
  /** When it was written, in milliseconds. */
  readonly at: number;
  readonly received: readonly string[];
}

/** By how many milliseconds a list may be stale. */
const LAG_MS = 500;
const hex = (n: number) => n.toString(16).padStart(32, '0');
const iso = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000', '');
const NOT_DONE: Readonly<Partial<Record<Way, ApiError>>> = {
  dropped: new ApiError(20503, 'Twilio could not be reached (connection lost); try again'),
  conflict: new ApiError(50304, 'Conflict', undefined, 409),
  refused: new ApiError(50372, 'Url is not valid'),
  late: new ApiError(20429, 'Too many requests', undefined, 429),
};
export const ConversationSid = `CH${hex(1)}`;

/** A conversation as plain data, which costs little to copy: its webhooks, its messages, who received them, and a clock. */
export class World {
  /** Twilio's clock, in milliseconds. */
  now = 1_790_000_000_000;
  webhooks: readonly Webhook[] = [];
  /** What they were before the newest write, and when that was: what a list that lags shows. */
  previous: readonly Webhook[] | undefined;
  changedAt = 0;
  messages: readonly Message[] = [];
  /** Events that the router has been sent and that nobody has reacted to. */
  events: readonly Fields[] = [];
  /** Nothing can be written to it any more. */
  closed = false;
  /** Which of the versions is deployed. */
  deployed = 0;
  private runs = 0;
  private first = 0x8000;
  private last = 0x8000;

  invariants: Invariants;

  constructor(readonly versions: readonly Version[]) {
    this.invariants = new Invariants(versions);
  }

  copy(): World {
    return Object.assign(Object.create(World.prototype), this);
  }

  /** Equal for worlds in which the same can happen, and is held to be right. */
  key(): string {
    const {
      now,
      webhooks,
      previous = [],
      changedAt,
      messages,
      events,
      closed,
      deployed,
      runs,
      first,
      last,
    } = this;
    const parts = [webhooks, previous, messages, events].map(contentNumber);
    const { invariants } = this;
    return [now, changedAt, closed, deployed, runs, first, last, ...parts, invariants.key()].join();
  }

  /** Whether a list may not show the newest write yet. */
  get isStale(): boolean {
    return this.previous !== undefined && this.now - this.changedAt < LAG_MS;
  }

  /** Attaches as somebody else would. */
  plant(definition: Definition, ageInSeconds = 0): Webhook {
    return this.add(definition, this.now - ageInSeconds * 1000, false);
  }

  /** A run begins: its number. */
  begin(trigger: Trigger): number {
    this.invariants = this.invariants.begun(this.runs, trigger, this);
    return this.runs++;
  }

  end(run: number, how: 'done' | 'crashed' | 'failed'): void {
    this.invariants = this.invariants.ended(run, how, this);
  }

  /** So many messages were written and handled long ago. */
  remember(count: number): void {
    const received = this.webhooks.flatMap((webhook) => this.nameOf(webhook) ?? []).sort();
    for (let i = 0; i < count; i++) {
      this.messages = [...this.messages, { body: 'hello', at: this.now - 600_000, received }];
      this.invariants = this.invariants.remembered();
    }
  }

  write(body: string): void {
    this.invariants = this.invariants.written(this);
    this.messages = [...this.messages, { body, at: this.now, received: [] }];
    for (const webhook of this.webhooks) this.deliver(webhook, this.messages.length - 1, false);
  }

  /** Something else happens of which the routers hear. */
  announce(fields: Fields): void {
    for (const router of routersIn(this.webhooks))
      this.events = [...this.events, { ...queryOf(router), ConversationSid, ...fields }];
  }

  /** Somebody else deletes all that a name stands for. */
  uproot(name: string): void {
    this.become(this.webhooks.filter((webhook) => this.nameOf(webhook) !== name));
  }

  perform(run: number, call: Call, way: Way = 'answered'): Answer {
    const error = NOT_DONE[way];
    if (error) {
      this.invariants = this.invariants.notDone(run, call, way, this);
      return { error };
    }
    try {
      const value = this.answer(run, call, way);
      return way === 'lost' ? { error: NOT_DONE.dropped! } : { value };
    } catch (reason) {
      if (reason instanceof ApiError) return { error: reason };
      throw reason;
    }
  }

  nameOf(webhook: Webhook): string | undefined {
    return nameOf(webhook, this.versions);
  }

  private answer(run: number, call: Call, way: Way): unknown {
    this.invariants = this.invariants.called(run);
    switch (call.method) {
      case 'list': {
        const webhooks = way === 'lagging' && this.previous ? this.previous : this.webhooks;
        this.invariants = this.invariants.listed(run, webhooks);
        return { webhooks, date: Math.floor(this.now / 1000) };
      }
      case 'fetch':
        return this.find(call.args[0]);
      case 'fetchFields':
        return { Attributes: '{}', State: 'active' };
      case 'newestIndex':
        return this.messages.length > 0 ? this.messages.length - 1 : undefined;
      case 'create':
        this.checkOpen(run, call);
        return this.create(run, call.args[0], call.args[1], way === 'first');
      case 'update':
        this.checkOpen(run, call);
        return this.update(run, call.args[0], call.args[1]);
      case 'remove':
        return this.remove(call.args[0]);
    }
  }

  private checkOpen(run: number, call: Call): void {
    if (!this.closed) return;
    this.invariants = this.invariants.foundClosed(run, call);
    throw new ApiError(50377, 'Conversation is closed');
  }

  private create(run: number, definition: Definition, replayAfter: number | undefined, first: boolean) {
    if (this.webhooks.length >= MAX_WEBHOOKS)
      throw new ApiError(50361, 'Too many conversation webhooks', undefined, 403);
    const before = this.copy();
    const webhook = this.add(definition, this.now, first);
    this.invariants = this.invariants.created(run, webhook, replayAfter, before, this);
    if (replayAfter !== undefined)
      for (let index = replayAfter; index < this.messages.length; index++) this.deliver(webhook, index, true);
    return webhook;
  }

  private update(run: number, sid: string, settings: WebhookConfig): Webhook {
    const webhook = this.find(sid);
    const configuration = { ...webhook.configuration, ...configured(settings) };
    const updated = { ...webhook, configuration, date_updated: iso(this.now) };
    const before = this.copy();
    this.become(this.webhooks.map((each) => (each === webhook ? updated : each)));
    this.invariants = this.invariants.updated(run, updated, before, this);
    return updated;
  }

  private remove(sid: string): boolean {
    const removed = this.webhooks.find((webhook) => webhook.sid === sid);
    if (!removed) return false;
    this.become(this.webhooks.filter((webhook) => webhook !== removed));
    this.invariants = this.invariants.removed(removed, this);
    return true;
  }

  private find(sid: string): Webhook {
    const found = this.webhooks.find((webhook) => webhook.sid === sid);
    if (!found) throw new ApiError(20404, 'The requested resource was not found', undefined, 404);
    return found;
  }

  private add(definition: Definition, at: number, first: boolean): Webhook {
    const { target, ...settings } = definition;
    const webhook: Webhook = {
      sid: `WH${hex(first ? --this.first : ++this.last)}`,
      account_sid: `AC${hex(1)}`,
      conversation_sid: ConversationSid,
      target,
      url: 'https://conversations.twilio.com/v1',
      configuration: configured(settings),
      date_created: iso(at),
      date_updated: iso(at),
    };
    this.become([...this.webhooks, webhook]);
    return webhook;
  }

  private become(webhooks: readonly Webhook[]): void {
    this.previous = this.webhooks;
    this.changedAt = this.now;
    this.webhooks = webhooks;
  }

  private deliver(webhook: Webhook, index: number, isReplay: boolean): void {
    const name = this.nameOf(webhook);
    if (name === undefined) return;
    const message = this.messages[index]!;
    if (isReplay) this.invariants = this.invariants.replayed(index, name, message.received);
    this.invariants = this.invariants.delivered(index, name);
    const received = [...new Set([...message.received, name])].sort();
    this.messages = this.messages.with(index, { ...message, received });
    // What a function sees of it: the query of the router's URL and Twilio's fields, merged.
    if (name === ROUTER)
      this.events = [...this.events, { ...queryOf(webhook), ...messageAdded(index, message) }];
  }
}

const queryOf = ({ configuration }: Webhook): Fields =>
  Object.fromEntries(new URL(configuration.url ?? '').searchParams);

function messageAdded(index: number, { body, at }: Message): Fields {
  return {
    EventType: 'onMessageAdded',
    ConversationSid,
    Index: `${index}`,
    Body: body,
    DateCreated: new Date(at).toISOString(),
  };
}

function configured(settings: WebhookConfig): Webhook['configuration'] {
  const { flowSid, target: _, ...rest }: WebhookConfig & { target?: string } = settings;
  return { ...rest, ...(flowSid !== undefined && { flow_sid: flowSid }) };
}

/** An answer in short: equal for equal ones. */
export function answerKey(answer: Answer): string {
  if ('error' in answer) return `${answer.error.code}`;
  const { value } = answer;
  if (typeof value !== 'object' || value === null) return `${value}`;
  if (!('webhooks' in value)) return `#${contentNumber(value)}`;
  const { webhooks, date } = value as WebhookList;
  return `${date}#${contentNumber(webhooks)}`;
}
