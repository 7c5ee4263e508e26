import { ApiError } from '../../src/lib/api-error';
import type { Conversation, ConversationFields } from '../../src/webhooks/conversation';
import type { Definition } from '../../src/webhooks/definition';
import type { WebhookConfig } from '../../src/webhooks/settings';
import type { Webhook } from '../../src/webhooks/webhook';

const hex = (n: number) => n.toString(16).padStart(32, '0');
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000', '');

const STARTED_AT = 1_790_000_000;

type Call = 'list' | 'fetch' | 'create' | 'update' | 'remove' | 'fetchFields' | 'newestIndex';

/** A call that goes wrong: Twilio refuses it, or its response is lost. */
interface Failure {
  readonly call: Call;
  readonly error: ApiError;
  readonly applied: boolean;
  times: number;
  /** Which of these calls fail; all by default. */
  readonly on: (subject: string) => boolean;
}

/** A conversation in memory that keeps Twilio's promises, records the calls, and lets a test act between any two. */
export class FakeConversation implements Conversation {
  readonly webhooks: Webhook[] = [];
  readonly calls: string[] = [];
  readonly replays: { sid: string; after: number }[] = [];
  /** When each call was sent, on our clock, and until when it could have been. */
  readonly sent: { call: Call; at: number; sendBefore: number | undefined }[] = [];
  /** Called before each API call with its name; may change the conversation, or throw what Twilio would answer. */
  before: (call: string) => void = () => {};
  newest: number | undefined;
  /** The conversation's own fields. */
  fields: ConversationFields = { Attributes: '{}', State: 'active' };
  /** A closed conversation takes deletes only. */
  closed = false;
  /** Whether Twilio refuses to replay from a message that does not exist yet. */
  refusesFutureReplay = false;
  /** How old the lists are, in milliseconds. */
  lagMs = 0;
  /** How long each call takes, in milliseconds. */
  latencyMs = 0;
  /** Our clock, in milliseconds. */
  clock = 0;
  /** Time as a run sees it: it passes only in calls and sleeps. */
  readonly timing = {
    now: () => this.clock,
    sleep: async (ms: number) => {
      this.clock += ms;
    },
    deadline: 8_750,
  };
  private planted = 0;
  private readonly failures: Failure[] = [];
  private readonly history: { at: number; webhooks: readonly Webhook[] }[] = [];

  /** Twilio's clock, in Unix seconds. */
  get now(): number {
    return STARTED_AT + Math.floor(this.clock / 1000);
  }

  /** Twilio refuses calls, as often as given. `on`: by the SID, the URL or the flow. */
  refuse(
    call: Call,
    error: ApiError,
    { times = 1, on = () => true }: { times?: number; on?: (subject: string) => boolean } = {},
  ): void {
    this.failures.push({ call, error, applied: false, times, on });
  }

  /** The response to the next such call is lost; it was applied or not. */
  lose(call: Call, applied: boolean): void {
    const error = new ApiError(20503, 'connection lost');
    this.failures.push({ call, error, applied, times: 1, on: () => true });
  }

  /** Changes settings of a webhook as somebody else would. */
  rewrite(sid: string, settings: WebhookConfig, at = this.now): void {
    this.replace(sid, settings, at);
  }

  /** Attaches as somebody else would. */
  plant(definition: Definition, at = this.now): Webhook {
    const webhook: Webhook = {
      sid: `WH${hex(++this.planted)}`,
      account_sid: `AC${hex(1)}`,
      conversation_sid: `CH${hex(1)}`,
      target: definition.target,
      url: 'https://conversations.twilio.com/v1',
      configuration: configuration(definition),
      date_created: iso(at),
      date_updated: iso(at),
    };
    this.webhooks.push(webhook);
    return webhook;
  }

  async list() {
    return this.perform('list', '', undefined, () => ({ webhooks: [...this.seen()], date: this.now }));
  }

  async fetch(sid: string) {
    return this.perform('fetch', sid, undefined, () => this.webhooks[this.indexOf(sid)]!);
  }

  async create(definition: Definition, replayAfter?: number, sendBefore?: number) {
    const address = definition.target === 'studio' ? definition.flowSid : definition.url;
    return this.perform('create', address, sendBefore, () => {
      this.assertOpen();
      if (this.webhooks.length >= 5)
        throw new ApiError(50361, 'Too many conversation webhooks', undefined, 403);
      if (this.refusesFutureReplay && (replayAfter ?? 0) > (this.newest ?? -1))
        throw new ApiError(20001, 'ReplayAfter is after the last message');
      const webhook = this.plant(definition);
      if (replayAfter !== undefined) this.replays.push({ sid: webhook.sid, after: replayAfter });
      return webhook;
    });
  }

  async update(sid: string, settings: WebhookConfig, sendBefore?: number) {
    return this.perform('update', sid, sendBefore, () => {
      this.assertOpen();
      return this.replace(sid, settings, this.now);
    });
  }

  async remove(sid: string, sendBefore?: number) {
    return this.perform('remove', sid, sendBefore, () => {
      const at = this.webhooks.findIndex((webhook) => webhook.sid === sid);
      if (at >= 0) this.webhooks.splice(at, 1);
      return at >= 0;
    });
  }

  async fetchFields(sendBefore?: number) {
    return this.perform('fetchFields', '', sendBefore, () => this.fields);
  }

  async newestIndex() {
    return this.perform('newestIndex', '', undefined, () => this.newest);
  }

  private async perform<T>(
    call: Call,
    subject: string,
    sendBefore: number | undefined,
    apply: () => T,
  ): Promise<T> {
    this.before(call);
    this.calls.push(call);
    this.sent.push({ call, at: this.clock, sendBefore });
    this.clock += this.latencyMs;
    const failure = this.failures.find((one) => one.call === call && one.times > 0 && one.on(subject));
    if (failure) failure.times -= 1;
    if (failure && !failure.applied) throw failure.error;
    this.history.push({ at: this.clock, webhooks: [...this.webhooks] });
    const result = apply();
    if (failure) throw failure.error;
    return result;
  }

  // What a list shows: before each call the conversation was as it is in the history.
  private seen(): readonly Webhook[] {
    if (this.lagMs === 0) return this.webhooks;
    return this.history.find(({ at }) => at > this.clock - this.lagMs)?.webhooks ?? this.webhooks;
  }

  private replace(sid: string, settings: WebhookConfig, at: number): Webhook {
    const position = this.indexOf(sid);
    const webhook = this.webhooks[position]!;
    const updated = {
      ...webhook,
      configuration: { ...webhook.configuration, ...configuration(settings) },
      date_updated: iso(at),
    };
    this.webhooks[position] = updated;
    return updated;
  }

  private assertOpen(): void {
    if (this.closed)
      throw new ApiError(50377, "Can't update conversation as it's in final closed state", undefined, 400);
  }

  private indexOf(sid: string): number {
    const at = this.webhooks.findIndex((webhook) => webhook.sid === sid);
    if (at < 0) throw new ApiError(20404, 'The requested resource was not found', undefined, 404);
    return at;
  }
}

function configuration(settings: WebhookConfig & { target?: string }): Webhook['configuration'] {
  const { target: _, flowSid, ...rest } = settings;
  return { ...rest, ...(flowSid !== undefined && { flow_sid: flowSid }) };
}
