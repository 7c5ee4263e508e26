import { messageIndex, newestDate } from '../../src/events/position';
import type { ConversationEvent } from '../../src/events/types';
import { stateHash } from '../../src/lib/hash';
import type { Policy } from '../../src/policy/policy';
import { PLACEHOLDER_SITE } from '../../src/policy/schema/schema';
import { type DesiredState, desiredState } from '../../src/sync/desired-state';
import { handleEvent } from '../../src/sync/handle-event';
import { groupByName, ROUTER } from '../../src/sync/managed-webhooks';
import { SettledConversations } from '../../src/sync/settled';
import { sync } from '../../src/sync/sync';
import type { Timing } from '../../src/sync/timing';
import type { Conversation, ConversationFields } from '../../src/webhooks/conversation';
import type { Definition } from '../../src/webhooks/definition';
import { parseRouter } from '../../src/webhooks/router';
import type { WebhookConfig } from '../../src/webhooks/settings';
import type { Webhook } from '../../src/webhooks/webhook';
import { CachedPatterns } from './cached-patterns';

/** What an event did to a conversation. */
export interface Played {
  readonly event: ConversationEvent;
  /** When it happened, for calendars. */
  readonly at: Date;
  /** The conversation's own fields when it happened. */
  readonly fields: ConversationFields;
  readonly before: string | undefined;
  readonly profile: string | undefined;
  /** Position of the rule that decided. */
  readonly rule?: number;
  /** Index of the first message that the new profile's webhooks receive. */
  readonly replay?: number;
  /** Why nothing was done. */
  readonly why?: string;
  readonly attached: readonly string[];
  readonly detached: readonly string[];
  readonly warnings: readonly string[];
}

/** What a list of webhooks says about its conversation. */
interface Managed {
  readonly webhooks: readonly Webhook[];
  readonly profile: string | undefined;
  readonly names: readonly string[];
}

const NEW_FIELDS: ConversationFields = { Attributes: '{}', State: 'active' };
const RUN_MS = 9_000;
const BETWEEN_EVENTS_MS = 60_000;

/** A conversation in memory, on which the code of the functions plays events. Time passes only there. */
export class Simulation {
  private readonly desired: DesiredState;
  private readonly conversation: MemoryConversation;
  private clock = 0;
  private managed: Managed | undefined;

  /** @param newest index of the newest message at the start */
  constructor(
    private readonly policy: Policy,
    private readonly startedAt: Date,
    newest = -1,
  ) {
    this.desired = desiredState(policy, PLACEHOLDER_SITE, undefined);
    this.conversation = new MemoryConversation(() => this.date, newest);
  }

  /** Another conversation that is as this one is now. */
  copy(): Simulation {
    const copy = new Simulation(this.policy, this.startedAt);
    copy.clock = this.clock;
    copy.managed = this.managed;
    copy.conversation.copyFrom(this.conversation);
    return copy;
  }

  get date(): Date {
    return new Date(this.startedAt.getTime() + this.clock);
  }

  /** Index of the newest message, -1 in an empty conversation. */
  get newest(): number {
    return this.conversation.newest;
  }

  /** The conversation's own fields. */
  get fields(): ConversationFields {
    return this.conversation.fields;
  }

  /** Those that differ from a new conversation's. */
  get ownFields(): Partial<ConversationFields> {
    const entries = Object.entries(this.fields) as [keyof ConversationFields, string][];
    return Object.fromEntries(entries.filter(([name, value]) => value !== NEW_FIELDS[name]));
  }

  /** Changes some of the conversation's own fields. */
  update(fields: Partial<ConversationFields> = {}): void {
    this.conversation.fields = { ...this.fields, ...fields };
  }

  /** The current profile; undefined if the conversation is not managed. */
  get profile(): string | undefined {
    return this.current().profile;
  }

  /** The attached webhooks, without the router. */
  get webhooks(): string[] {
    return [...this.current().names];
  }

  /**
   * The conversation is in a profile, as if a call of sync had put it there before; into one that the policy does not have, an
   * earlier policy did.
   */
  async enter(profile: string): Promise<void> {
    const trigger = { kind: 'request', key: stateHash(profile), profile } as const;
    const desired =
      profile in this.desired.profiles
        ? this.desired
        : { ...this.desired, profiles: { ...this.desired.profiles, [profile]: [] } };
    const entered = this.clock;
    this.clock -= BETWEEN_EVENTS_MS;
    await sync(this.conversation, { desired, trigger, timing: this.timing() });
    this.clock = entered;
  }

  async play(event: ConversationEvent): Promise<Played> {
    const before = { profile: this.profile, webhooks: this.webhooks };
    const about = messageIndex(event) ?? -1;
    this.conversation.newest = Math.max(this.conversation.newest, about);
    const at = newestDate(event) ?? this.date;
    this.conversation.fields = fieldsAfter(event, this.fields);
    // As the webhook of a service sends it: such an event decides, and repairs nothing.
    const result = await handleEvent(this.conversation, {
      policy: this.policy,
      desired: this.desired,
      event,
      router: undefined,
      settled: new SettledConversations(() => this.clock),
      timing: this.timing(),
      now: this.date.getTime() / 1000,
      budget: new CachedPatterns(),
    });
    this.clock += BETWEEN_EVENTS_MS;
    const { webhooks } = this;
    return {
      event,
      at,
      fields: this.fields,
      before: before.profile,
      profile: this.profile,
      ...('rule' in result && { rule: this.positionOf(result.rule), replay: result.replay }),
      ...('why' in result && { why: result.why }),
      attached: webhooks.filter((name) => !before.webhooks.includes(name)),
      detached: before.webhooks.filter((name) => !webhooks.includes(name)),
      warnings: 'warnings' in result ? (result.warnings ?? []) : [],
    };
  }

  // Read once for each list of webhooks, which is never changed in place.
  private current(): Managed {
    const { webhooks } = this.conversation;
    if (this.managed?.webhooks === webhooks) return this.managed;
    const groups = groupByName(webhooks, this.desired);
    const router = groups.get(ROUTER)?.[0];
    this.managed = {
      webhooks,
      profile: router && parseRouter(router).Profile,
      names: [...groups.keys()].filter((name) => name !== ROUTER),
    };
    return this.managed;
  }

  private positionOf(rule: string | number): number {
    return typeof rule === 'number' ? rule : this.policy.rules.findIndex(({ name }) => name === rule);
  }

  private timing(): Timing {
    return {
      now: () => this.clock,
      sleep: async (ms) => {
        this.clock += ms;
      },
      deadline: this.clock + RUN_MS,
    };
  }
}

/** Twilio's side: slots, as far as a plan needs them, and no faults. */
class MemoryConversation implements Conversation {
  webhooks: readonly Webhook[] = [];
  fields = NEW_FIELDS;
  private created = 0;

  constructor(
    private readonly now: () => Date,
    public newest: number,
  ) {}

  copyFrom({ webhooks, fields, created, newest }: MemoryConversation): void {
    Object.assign(this, { webhooks, fields, created, newest });
  }

  async list() {
    return { webhooks: this.webhooks, date: Math.floor(this.now().getTime() / 1000) };
  }

  async fetch(sid: string) {
    return this.webhooks.find((webhook) => webhook.sid === sid)!;
  }

  async create(definition: Definition) {
    const webhook: Webhook = {
      sid: `WH${(++this.created).toString(16).padStart(32, '0')}`,
      account_sid: '',
      conversation_sid: '',
      url: '',
      target: definition.target,
      configuration: configurationOf(definition),
      date_created: this.now().toISOString(),
      date_updated: this.now().toISOString(),
    };
    this.webhooks = [...this.webhooks, webhook];
    return webhook;
  }

  async update(sid: string, settings: WebhookConfig) {
    const found = await this.fetch(sid);
    const updated: Webhook = {
      ...found,
      configuration: { ...found.configuration, ...configurationOf(settings) },
      date_updated: this.now().toISOString(),
    };
    this.webhooks = this.webhooks.map((webhook) => (webhook.sid === sid ? updated : webhook));
    return updated;
  }

  async remove(sid: string) {
    this.webhooks = this.webhooks.filter((webhook) => webhook.sid !== sid);
    return true;
  }

  async fetchFields() {
    return this.fields;
  }

  async newestIndex() {
    return this.newest < 0 ? undefined : this.newest;
  }
}

/** What a conversation is like once an event tells of it. */
function fieldsAfter(event: ConversationEvent, before: ConversationFields): ConversationFields {
  switch (event.EventType) {
    case 'onConversationAdded':
    case 'onConversationUpdated': {
      const { Attributes, FriendlyName, UniqueName, State } = event;
      return {
        Attributes,
        ...(FriendlyName !== undefined && { FriendlyName }),
        ...(UniqueName !== undefined && { UniqueName }),
        State,
      };
    }
    case 'onConversationStateUpdated':
      return { ...before, State: event.StateTo };
    default:
      return before;
  }
}

function configurationOf({
  flowSid,
  ...rest
}: WebhookConfig & { target?: string }): Webhook['configuration'] {
  const { target: _, ...settings } = rest;
  return { ...settings, ...(flowSid !== undefined && { flow_sid: flowSid }) };
}
