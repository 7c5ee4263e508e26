import { ApiError } from '../../../src/lib/api-error';
import { MAX_WEBHOOKS } from '../../../src/lib/limits';
import type { Policy } from '../../../src/policy/policy';
import { type DesiredState, groupByName, ROUTER } from '../../../src/sync/plan';
import type { Conversation, WebhookList } from '../../../src/webhooks/conversation';
import type { Definition } from '../../../src/webhooks/definition';
import { parseRouter, type RouterState } from '../../../src/webhooks/router';
import type { WebhookConfig } from '../../../src/webhooks/settings';
import type { Webhook } from '../../../src/webhooks/webhook';
import { contentNumber } from './intern';
import { Invariants } from './invariants';

/** One API call of the domain, as a value. */
export type Call = {
  [Method in keyof Conversation]: {
    readonly method: Method;
    readonly args: Readonly<Parameters<Conversation[Method]>>;
  };
}[keyof Conversation];

/** What a call comes back with. */
export type Answer = { readonly value: unknown } | { readonly error: ApiError };

/**
 * How a call goes: done and answered; done, but the answer is an error; not done, and the answer is that same error; a
 * list without the newest write; a create whose SID sorts before all others.
 */
export type Way = 'answered' | 'lost' | 'refused' | 'lagging' | 'first';

export type Fields = Readonly<Record<string, string>>;

export interface Setting {
  readonly policy: Policy;
  readonly desired: DesiredState;
  /** The managed webhooks of a list, by their names, where they were asked for. */
  readonly named: WeakMap<readonly Webhook[], ReadonlyMap<string, readonly Webhook[]>>;
}

interface Message {
  readonly body: string;
  readonly received: readonly string[];
}

const hex = (n: number) => n.toString(16).padStart(32, '0');
const iso = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000', '');
const unanswered = new ApiError(20503, 'Twilio could not be reached (connection lost); try again');

/** A conversation as plain data, which costs little to copy: its webhooks, its messages, who received them, and a clock. */
export class World {
  /** Twilio's clock, in milliseconds. */
  now = 1_790_000_000_000;
  webhooks: readonly Webhook[] = [];
  /** What they were before the newest write: what a list that lags shows. */
  previous: readonly Webhook[] | undefined;
  /** How often the webhooks have been written. */
  version = 0;
  messages: readonly Message[] = [];
  /** Events that the router has been sent and that nobody has reacted to. */
  events: readonly Fields[] = [];
  private runs = 0;
  private first = 0x8000;
  private last = 0x8000;

  invariants = new Invariants();

  constructor(readonly setting: Setting) {}

  copy(): World {
    return Object.assign(new World(this.setting), this);
  }

  /** Equal for worlds in which the same can happen, and is held to be right. */
  key(): string {
    const {
      now,
      webhooks,
      previous = [],
      version,
      messages,
      events,
      runs,
      first,
      last,
      invariants: ledger,
    } = this;
    const parts = [webhooks, previous, messages, events, ledger].map(contentNumber);
    return [now, version, runs, first, last, ...parts].join();
  }

  /** Attaches as somebody else would. */
  plant(definition: Definition, ageInSeconds = 0): Webhook {
    return this.add(definition, this.now - ageInSeconds * 1000, false);
  }

  /** A run begins: its number. `index`: the message that it is about. */
  begin(index: number | undefined): number {
    this.invariants = this.invariants.begun(this.runs, this, index);
    return this.runs++;
  }

  end(run: number, how: 'done' | 'crashed'): void {
    this.invariants = this.invariants.ended(run, how, this);
  }

  write(body: string): void {
    this.invariants = this.invariants.owing(
      this.routers().map(({ Profile }) => Profile),
      this.setting.policy,
    );
    this.messages = [...this.messages, { body, received: [] }];
    for (const webhook of this.webhooks) this.deliver(webhook, this.messages.length - 1);
  }

  perform(run: number, call: Call, way: Way = 'answered'): Answer {
    if (way === 'refused') return { error: unanswered };
    try {
      const value = this.answer(run, call, way);
      return way === 'lost' ? { error: unanswered } : { value };
    } catch (error) {
      if (error instanceof ApiError) return { error };
      throw error;
    }
  }

  routers(): RouterState[] {
    return (this.managed().get(ROUTER) ?? []).map(parseRouter);
  }

  managed(): ReadonlyMap<string, readonly Webhook[]> {
    const { desired, named } = this.setting;
    const found = named.get(this.webhooks) ?? groupByName(this.webhooks, desired);
    named.set(this.webhooks, found);
    return found;
  }

  nameOf(webhook: Webhook): string | undefined {
    for (const [name, all] of this.managed()) if (all.includes(webhook)) return name;
    return undefined;
  }

  private answer(run: number, call: Call, way: Way): unknown {
    switch (call.method) {
      case 'list': {
        const webhooks = way === 'lagging' && this.previous ? this.previous : this.webhooks;
        this.invariants = this.invariants.listed(
          run,
          webhooks === this.webhooks ? this.version : this.version - 1,
        );
        return { webhooks, date: Math.floor(this.now / 1000) };
      }
      case 'fetch':
        return this.find(call.args[0]);
      case 'newestIndex':
        return this.messages.length > 0 ? this.messages.length - 1 : undefined;
      case 'create':
        return this.create(run, call.args[0], call.args[1], way === 'first');
      case 'update':
        return this.update(run, ...call.args);
      case 'remove': {
        const rest = this.webhooks.filter(({ sid }) => sid !== call.args[0]);
        const found = rest.length < this.webhooks.length;
        if (found) this.become(rest);
        return found;
      }
    }
  }

  private create(run: number, definition: Definition, replayAfter: number | undefined, first: boolean) {
    if (this.webhooks.length >= MAX_WEBHOOKS)
      throw new ApiError(50361, 'Too many conversation webhooks', undefined, 403);
    const before = this.copy();
    const webhook = this.add(definition, this.now, first);
    this.invariants = this.invariants.wrote(run, webhook, before, this);
    if (replayAfter !== undefined)
      for (let index = replayAfter; index < this.messages.length; index++) this.deliver(webhook, index);
    return webhook;
  }

  private update(run: number, sid: string, settings: WebhookConfig): Webhook {
    const webhook = this.find(sid);
    const configuration = { ...webhook.configuration, ...configured(settings) };
    const updated = { ...webhook, configuration, date_updated: iso(this.now) };
    const before = this.copy();
    this.become(this.webhooks.map((each) => (each === webhook ? updated : each)));
    if (settings.url !== undefined) this.invariants = this.invariants.wrote(run, updated, before, this);
    return updated;
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
      conversation_sid: `CH${hex(1)}`,
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
    this.webhooks = webhooks;
    this.version += 1;
  }

  private deliver(webhook: Webhook, index: number): void {
    const name = this.nameOf(webhook);
    if (name === undefined) return;
    const message = this.messages[index]!;
    const received = [...new Set([...message.received, name])].sort();
    this.messages = this.messages.with(index, { ...message, received });
    if (name === ROUTER) this.events = [...this.events, this.event(webhook, index, message.body)];
  }

  // What a function sees of it: the query of the router's URL and Twilio's fields, merged.
  private event({ configuration }: Webhook, index: number, Body: string): Fields {
    return {
      ...Object.fromEntries(new URL(configuration.url ?? '').searchParams),
      EventType: 'onMessageAdded',
      ConversationSid: `CH${hex(1)}`,
      Index: `${index}`,
      Body,
      DateCreated: new Date(this.now).toISOString(),
    };
  }
}

function configured({ flowSid, ...rest }: WebhookConfig): Webhook['configuration'] {
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
