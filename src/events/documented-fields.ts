import type { EventType } from './event-types';
import type { ConversationEvent } from './types';

type Fields = { readonly [T in EventType]: readonly (keyof Extract<ConversationEvent, { EventType: T }>)[] };

const COMMON = [
  'EventType',
  'ConversationSid',
  'AccountSid',
  'ChatServiceSid',
  'MessagingServiceSid',
  'Source',
  'ClientIdentity',
  'RetryCount',
  'WebhookSid',
  'WebhookType',
] as const;

const MESSAGE = [
  ...COMMON,
  'MessageSid',
  'Index',
  'DateCreated',
  'Body',
  'Author',
  'ParticipantSid',
  'Attributes',
  'Media',
] as const;

const CONVERSATION = [
  ...COMMON,
  'DateCreated',
  'DateUpdated',
  'FriendlyName',
  'UniqueName',
  'Attributes',
  'State',
] as const;

const ADDRESSES = [
  'MessagingBinding.ProxyAddress',
  'MessagingBinding.Address',
  'MessagingBinding.ProjectedAddress',
] as const;

const PARTICIPANT = [
  ...COMMON,
  'ParticipantSid',
  'DateCreated',
  'Identity',
  'RoleSid',
  'Attributes',
  ...ADDRESSES,
  'MessagingBinding.Type',
] as const;

/** The fields that Twilio documents for each event. https://www.twilio.com/docs/conversations/conversations-webhooks */
export const DOCUMENTED_FIELDS = {
  onConversationAdded: [...CONVERSATION, ...ADDRESSES, 'MessagingBinding.AuthorAddress'],
  onConversationUpdated: CONVERSATION,
  onConversationStateUpdated: [...COMMON, 'StateUpdated', 'StateFrom', 'StateTo', 'Reason'],
  onConversationRemoved: [...CONVERSATION, 'DateRemoved'],
  onMessageAdded: MESSAGE,
  onMessageUpdated: [...MESSAGE, 'DateUpdated'],
  onMessageRemoved: [...MESSAGE, 'DateUpdated', 'DateRemoved'],
  onParticipantAdded: PARTICIPANT,
  onParticipantUpdated: [...PARTICIPANT, 'DateUpdated', 'LastReadMessageIndex'],
  onParticipantRemoved: [...PARTICIPANT, 'DateUpdated', 'DateRemoved'],
  onDeliveryUpdated: [
    ...COMMON,
    'MessageSid',
    'DeliveryReceiptSid',
    'ChannelMessageSid',
    'ParticipantSid',
    'Status',
    'ErrorCode',
    'DateCreated',
    'DateUpdated',
  ],
} as const satisfies Fields;

/**
 * The field that a condition reads, without a path into it: `Attributes` of `Attributes.tier`, `Conversation.Attributes` of
 * `Conversation.Attributes.tier`. Fields of `MessagingBinding` have dots in their names.
 */
export function headOf(field: string): string {
  return field.startsWith('MessagingBinding.') ? field : /^(?:Conversation\.)?[^.]*/.exec(field)![0];
}
