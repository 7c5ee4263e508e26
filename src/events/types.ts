import type { EventType } from './event-types';

/**
 * Fields and values are Twilio's, as strings, as on the wire; a field is required if Twilio documents it as always present.
 * The parser guarantees only EventType, ConversationSid and a message's Index: Twilio adds and drops fields.
 */
interface Common<T extends EventType> {
  readonly EventType: T;
  readonly ConversationSid: string;
  readonly AccountSid: string;
  readonly ChatServiceSid?: string;
  readonly MessagingServiceSid?: string;
  /** `SDK`, `API`, `SMS`, `whatsapp` … */
  readonly Source?: string;
  /** Only if the source is an SDK. */
  readonly ClientIdentity?: string;
  readonly RetryCount?: string;
  /** Only if a scoped webhook sent it. */
  readonly WebhookSid?: string;
  readonly WebhookType?: string;
}

interface Message<T extends EventType> extends Common<T> {
  readonly MessageSid: string;
  /** Position in the conversation, from 0; the only field that is not a string. */
  readonly Index: number;
  readonly DateCreated: string;
  /** May be missing if the message is media only. */
  readonly Body?: string;
  readonly Author?: string;
  readonly ParticipantSid?: string;
  /** JSON */
  readonly Attributes: string;
  /** JSON: an array of `{Sid, Filename, ContentType, Size}` */
  readonly Media?: string;
}

interface Conversation<T extends EventType> extends Common<T> {
  readonly DateCreated: string;
  readonly DateUpdated: string;
  readonly FriendlyName?: string;
  readonly UniqueName?: string;
  /** JSON */
  readonly Attributes: string;
  readonly State: State;
}

interface Participant<T extends EventType> extends Common<T> {
  readonly ParticipantSid: string;
  readonly DateCreated: string;
  readonly Identity?: string;
  readonly RoleSid: string;
  /** JSON */
  readonly Attributes: string;
  readonly 'MessagingBinding.ProxyAddress'?: string;
  readonly 'MessagingBinding.Address'?: string;
  readonly 'MessagingBinding.ProjectedAddress'?: string;
  /** `SMS`, `CHAT`, `WHATSAPP` … */
  readonly 'MessagingBinding.Type'?: string;
}

type State = 'active' | 'inactive' | 'closed';

interface MessageAdded extends Message<'onMessageAdded'> {}

interface MessageUpdated extends Message<'onMessageUpdated'> {
  readonly DateUpdated: string;
}

interface MessageRemoved extends Message<'onMessageRemoved'> {
  readonly DateUpdated: string;
  readonly DateRemoved: string;
}

interface ConversationAdded extends Conversation<'onConversationAdded'> {
  readonly 'MessagingBinding.ProxyAddress'?: string;
  readonly 'MessagingBinding.Address'?: string;
  readonly 'MessagingBinding.ProjectedAddress'?: string;
  readonly 'MessagingBinding.AuthorAddress'?: string;
}

interface ConversationUpdated extends Conversation<'onConversationUpdated'> {}

interface ConversationRemoved extends Conversation<'onConversationRemoved'> {
  readonly DateRemoved: string;
}

/** Has `StateTo` in place of `State`. */
interface ConversationStateUpdated extends Common<'onConversationStateUpdated'> {
  readonly StateUpdated: string;
  readonly StateFrom: State;
  readonly StateTo: State;
  readonly Reason: 'API' | 'TIMER' | 'EVENT';
}

interface ParticipantAdded extends Participant<'onParticipantAdded'> {}

interface ParticipantUpdated extends Participant<'onParticipantUpdated'> {
  readonly DateUpdated: string;
  readonly LastReadMessageIndex?: string;
}

interface ParticipantRemoved extends Participant<'onParticipantRemoved'> {
  readonly DateUpdated: string;
  readonly DateRemoved: string;
}

/** Has the SID of its message, but no `Index`. */
interface DeliveryUpdated extends Common<'onDeliveryUpdated'> {
  readonly MessageSid: string;
  readonly DeliveryReceiptSid: string;
  readonly ChannelMessageSid: string;
  readonly ParticipantSid: string;
  readonly Status: 'sent' | 'delivered' | 'read' | 'failed' | 'undelivered';
  readonly ErrorCode?: string;
  readonly DateCreated: string;
  readonly DateUpdated: string;
}

/** An event of a conversation, discriminated by `EventType`. */
export type ConversationEvent =
  | ConversationAdded
  | ConversationUpdated
  | ConversationStateUpdated
  | ConversationRemoved
  | MessageAdded
  | MessageUpdated
  | MessageRemoved
  | ParticipantAdded
  | ParticipantUpdated
  | ParticipantRemoved
  | DeliveryUpdated;
