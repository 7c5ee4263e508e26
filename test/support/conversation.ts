import { ApiError } from '../../src/errors';
import type { Conversation } from '../../src/webhooks/conversation';
import type { Definition } from '../../src/webhooks/definition';
import type { Webhook } from '../../src/webhooks/webhook';

const hex = (n: number) => n.toString(16).padStart(32, '0');

/** A conversation in memory that keeps Twilio's promises, records the calls, and lets a test act between any two. */
export class FakeConversation implements Conversation {
  readonly webhooks: Webhook[] = [];
  readonly calls: string[] = [];
  readonly replays: { sid: string; after: number }[] = [];
  /** Called before each API call with its name; may change the conversation, or throw what Twilio would answer. */
  before: (call: string) => void = () => {};
  newest: number | undefined;
  private seconds = 0;

  /** Attaches as somebody else would. */
  plant(definition: Definition, at = this.seconds): Webhook {
    const date = new Date(Date.UTC(2026, 0, 1, 0, 0, at)).toISOString().replace('.000', '');
    const webhook: Webhook = {
      sid: `WH${hex(this.webhooks.length + this.calls.length + 1)}`,
      account_sid: `AC${hex(1)}`,
      conversation_sid: `CH${hex(1)}`,
      target: definition.target,
      url: 'https://conversations.twilio.com/v1',
      configuration: configuration(definition),
      date_created: date,
      date_updated: date,
    };
    this.webhooks.push(webhook);
    return webhook;
  }

  async list() {
    this.note('list');
    return { webhooks: [...this.webhooks], date: 0 };
  }

  async fetch(sid: string) {
    this.note('fetch');
    const webhook = this.webhooks.find((candidate) => candidate.sid === sid);
    if (!webhook) throw new ApiError(20404, 'not found', undefined, 404);
    return webhook;
  }

  async create(definition: Definition, replayAfter?: number) {
    this.note('create');
    if (this.webhooks.length >= 5)
      throw new ApiError(50361, 'Too many conversation webhooks', undefined, 403);
    const webhook = this.plant(definition, ++this.seconds);
    if (replayAfter !== undefined) this.replays.push({ sid: webhook.sid, after: replayAfter });
    return webhook;
  }

  async update(sid: string, settings: Partial<Definition>) {
    this.note('update');
    const at = this.webhooks.findIndex((candidate) => candidate.sid === sid);
    const webhook = this.webhooks[at];
    if (!webhook) throw new ApiError(20404, 'not found', undefined, 404);
    const updated = { ...webhook, configuration: { ...webhook.configuration, ...configuration(settings) } };
    this.webhooks[at] = updated;
    return updated;
  }

  async remove(sid: string) {
    this.note('remove');
    const at = this.webhooks.findIndex((candidate) => candidate.sid === sid);
    if (at >= 0) this.webhooks.splice(at, 1);
    return at >= 0;
  }

  async newestIndex() {
    this.note('newestIndex');
    return this.newest;
  }

  private note(call: string) {
    this.before(call);
    this.calls.push(call);
  }
}

function configuration(definition: Partial<Definition>): Webhook['configuration'] {
  const { target, flowSid, ...rest } = definition as { target?: string; flowSid?: string };
  return { ...rest, ...(flowSid && { flow_sid: flowSid }) };
}
