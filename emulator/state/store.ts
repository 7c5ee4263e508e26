export type State = 'active' | 'inactive' | 'closed';
export type Source = 'API' | 'SDK' | 'SMS' | 'whatsapp';
export type Target = 'webhook' | 'trigger' | 'studio';
export type Status = 'sent' | 'delivered' | 'read' | 'failed' | 'undelivered';

/** `serial` is the order of creation, which pages are cut by. Times are in milliseconds since 1970. */
export interface Stored {
  readonly serial: number;
  readonly sid: string;
  dateCreated: number;
  dateUpdated: number;
}

export interface WebhookSettings {
  preWebhookUrl: string | null;
  postWebhookUrl: string | null;
  filters: string[] | null;
  method: string | null;
  target: string;
}

export interface Service extends Stored {
  friendlyName: string;
  settings: WebhookSettings;
  conversations: Map<string, Conversation>;
  names: Map<string, Conversation>;
}

export interface Conversation extends Stored {
  readonly service: Service;
  messagingServiceSid: string;
  friendlyName: string | null;
  uniqueName: string | null;
  attributes: string;
  state: State;
  dateInactive: number | null;
  dateClosed: number | null;
  nextIndex: number;
  participants: Map<string, Participant>;
  messages: Map<string, Message>;
  webhooks: Map<string, Webhook>;
}

export interface Binding {
  type: 'sms' | 'whatsapp';
  address: string | null;
  proxyAddress: string | null;
  projectedAddress: string | null;
}

export interface Participant extends Stored {
  identity: string | null;
  binding: Binding | null;
  attributes: string;
  roleSid: string;
  lastReadMessageIndex: number | null;
  lastReadTimestamp: string | null;
}

export interface Media {
  sid: string;
  filename: string | null;
  contentType: string;
  size: number;
}

export interface Receipt extends Stored {
  readonly participantSid: string;
  readonly channelMessageSid: string;
  status: Status;
  errorCode: number | null;
}

export interface Message extends Stored {
  readonly index: number;
  readonly source: Source;
  readonly clientIdentity: string | null;
  author: string;
  body: string | null;
  media: Media[];
  attributes: string;
  participantSid: string | null;
  contentSid: string | null;
  /** By participant. */
  receipts: Map<string, Receipt>;
}

export interface Configuration {
  url: string | null;
  /** As it was sent; null where the default holds. */
  method: string | null;
  filters: string[] | null;
  triggers: string[] | null;
  flowSid: string | null;
  replayAfter: number | null;
}

export interface Webhook extends Stored {
  readonly target: Target;
  configuration: Configuration;
}

export const unset = (): WebhookSettings => ({
  preWebhookUrl: null,
  postWebhookUrl: null,
  filters: null,
  method: null,
  target: 'webhook',
});

/** Everything the account owns. Finding one thing never walks over the others. */
export class Store {
  settings = unset();
  readonly services = new Map<string, Service>();
  readonly conversations = new Map<string, Conversation>();
  /** Address and proxy address → the conversation that has the pair. */
  readonly pairs = new Map<string, Conversation>();
  #serial = 0;

  serial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  empty(): void {
    this.settings = unset();
    this.services.clear();
    this.conversations.clear();
    this.pairs.clear();
  }
}

/** By SID or unique name, wherever a path takes a conversation. */
export function findConversation(service: Service, key: string): Conversation | undefined {
  return service.conversations.get(key) ?? service.names.get(key);
}
