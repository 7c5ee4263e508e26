import type { Definition } from './definition';
import type { WebhookConfig } from './settings';
import type { Webhook } from './webhook';

/** The webhooks of a conversation, and when that was so on Twilio's clock, in Unix seconds. */
export interface WebhookList {
  readonly webhooks: readonly Webhook[];
  readonly date: number;
}

/**
 * One conversation, as far as this product needs it: what the operations work on, and what the Twilio API is reached by.
 * Every method is one API call and throws ApiError with Twilio's own status and code.
 */
export interface Conversation {
  list(): Promise<WebhookList>;
  fetch(sid: string): Promise<Webhook>;
  /** `replayAfter`: index of the first message that is delivered again, inclusive. */
  create(definition: Definition, replayAfter?: number): Promise<Webhook>;
  update(sid: string, settings: WebhookConfig): Promise<Webhook>;
  /** False where there was nothing to delete. */
  remove(sid: string): Promise<boolean>;
  /** Index of the newest message; undefined in an empty conversation. */
  newestIndex(): Promise<number | undefined>;
}
