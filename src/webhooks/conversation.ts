import type { Definition } from './definition';
import type { WebhookConfig } from './settings';
import type { Webhook } from './webhook';

/** The webhooks of a conversation, and the time of the response on Twilio's clock, in Unix seconds. */
export interface WebhookList {
  readonly webhooks: readonly Webhook[];
  readonly date: number;
}

/** A conversation's own fields, as its events spell them. */
export interface ConversationFields {
  /** JSON */
  readonly Attributes: string;
  readonly FriendlyName?: string;
  readonly UniqueName?: string;
  readonly State: string;
}

/**
 * The port to the API: one conversation and its webhooks. Every method is one API call, and throws ApiError with Twilio's
 * status and code. `sendBefore`: when a request is too late to be sent again, on the clock of performance.now(). Until then it is
 * retried if Twilio was too busy; after that the error says so.
 */
export interface Conversation {
  list(): Promise<WebhookList>;
  fetch(sid: string): Promise<Webhook>;
  /** `replayAfter`: index of the first message to replay, inclusive. */
  create(definition: Definition, replayAfter?: number, sendBefore?: number): Promise<Webhook>;
  update(sid: string, settings: WebhookConfig, sendBefore?: number): Promise<Webhook>;
  /** False if there was nothing to delete. */
  remove(sid: string, sendBefore?: number): Promise<boolean>;
  fetchFields(sendBefore?: number): Promise<ConversationFields>;
  /** Index of the newest message; undefined in an empty conversation. */
  newestIndex(): Promise<number | undefined>;
}
