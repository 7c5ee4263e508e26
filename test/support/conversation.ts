import { ApiError } from '../../src/lib/api-error';
import type { Conversation } from '../../src/webhooks/conversation';
import type { Definition } from '../../src/webhooks/definition';
import type { WebhookConfig } from '../../src/webhooks/settings';
import type { Webhook } from '../../src/webhooks/webhook';

const hex = (n: number) => n.toString(16).padStart(32, '0');
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000', '');

/** A conversation in memory that keeps Twilio's promises, records the calls, and lets a test act between any two. */
export class FakeConversation implements Conversation {
  readonly webhooks: Webhook[] = [];
  readonly calls: string[] = [];
  readonly replays: { sid: string; after: number }[] = [];
  /** Called before each API call with its name; may change the conversation, or throw what Twilio would answer. */
  before: (call: string) => void = () => {};
  newest: number | undefined;
  /** Twilio's clock, in Unix seconds. */
  now = 1_790_000_000;
  private planted = 0;

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
    this.note('list');
    return { webhooks: [...this.webhooks], date: this.now };
  }

  async fetch(sid: string) {
    this.note('fetch');
    return this.webhooks[this.indexOf(sid)]!;
  }

  async create(definition: Definition, replayAfter?: number) {
    this.note('create');
    if (this.webhooks.length >= 5)
      throw new ApiError(50361, 'Too many conversation webhooks', undefined, 403);
    const webhook = this.plant(definition);
    if (replayAfter !== undefined) this.replays.push({ sid: webhook.sid, after: replayAfter });
    return webhook;
  }

  async update(sid: string, settings: WebhookConfig) {
    this.note('update');
    const at = this.indexOf(sid);
    const webhook = this.webhooks[at]!;
    const updated = {
      ...webhook,
      configuration: { ...webhook.configuration, ...configuration(settings) },
      date_updated: iso(this.now),
    };
    this.webhooks[at] = updated;
    return updated;
  }

  async remove(sid: string) {
    this.note('remove');
    const at = this.webhooks.findIndex((webhook) => webhook.sid === sid);
    if (at >= 0) this.webhooks.splice(at, 1);
    return at >= 0;
  }

  async newestIndex() {
    this.note('newestIndex');
    return this.newest;
  }

  private indexOf(sid: string): number {
    const at = this.webhooks.findIndex((webhook) => webhook.sid === sid);
    if (at < 0) throw new ApiError(20404, 'The requested resource was not found', undefined, 404);
    return at;
  }

  private note(call: string) {
    this.before(call);
    this.calls.push(call);
  }
}

function configuration(settings: WebhookConfig & { target?: string }): Webhook['configuration'] {
  const { target: _, flowSid, ...rest } = settings;
  return { ...rest, ...(flowSid !== undefined && { flow_sid: flowSid }) };
}
