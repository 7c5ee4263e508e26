import type { OrderedMap } from './ordered-map';

export type State = 'active' | 'inactive' | 'closed';
export type Source = 'API' | 'SDK' | 'SMS' | 'whatsapp';
export type Target = 'webhook' | 'trigger' | 'studio';
export type Status = 'sent' | 'delivered' | 'read' | 'failed' | 'undelivered';

/** `serial` is the order of creation, which paging relies on. Times are in milliseconds since 1970. */
export interface StoredRecord {
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

export interface Service extends StoredRecord {
  friendlyName: string;
  settings: WebhookSettings;
  conversations: OrderedMap<Conversation>;
  byUniqueName: Map<string, Conversation>;
  users: Map<string, User>;
  byIdentity: Map<string, User>;
}

export interface User extends StoredRecord {
  readonly identity: string;
  friendlyName: string | null;
  attributes: string;
  roleSid: string;
}

export interface Conversation extends StoredRecord {
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
  messages: OrderedMap<Message>;
  webhooks: Map<string, Webhook>;
}

export interface Binding {
  type: 'sms' | 'whatsapp';
  address: string | null;
  proxyAddress: string | null;
  projectedAddress: string | null;
}

export interface Participant extends StoredRecord {
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

export interface Receipt extends StoredRecord {
  readonly participantSid: string;
  readonly channelMessageSid: string;
  status: Status;
  errorCode: number | null;
}

export interface Message extends StoredRecord {
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
  /** As it was sent; null: the default. */
  method: string | null;
  filters: string[] | null;
  triggers: string[] | null;
  flowSid: string | null;
  replayAfter: number | null;
}

export interface Webhook extends Omit<StoredRecord, 'dateUpdated'> {
  readonly target: Target;
  /** Null: never. */
  dateUpdated: number | null;
  configuration: Configuration;
}
