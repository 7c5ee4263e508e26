import { DOCUMENTED_FIELDS, headOf } from '../../src/events/documented-fields';
import { EVENT_TYPES, type EventType } from '../../src/events/event-types';

const MESSAGE: readonly EventType[] = ['onMessageAdded', 'onMessageUpdated', 'onMessageRemoved'];
const CONVERSATION: readonly EventType[] = [
  'onConversationAdded',
  'onConversationUpdated',
  'onConversationRemoved',
];
const PARTICIPANT: readonly EventType[] = [
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
];
const REMOVED: readonly EventType[] = ['onMessageRemoved', 'onConversationRemoved', 'onParticipantRemoved'];

// https://www.twilio.com/docs/conversations/conversations-webhooks, read by field instead of by event.
test.each<[field: string, events: readonly EventType[]]>([
  ['EventType', EVENT_TYPES],
  ['ConversationSid', EVENT_TYPES],
  ['AccountSid', EVENT_TYPES],
  ['ChatServiceSid', EVENT_TYPES],
  ['MessagingServiceSid', EVENT_TYPES],
  ['Source', EVENT_TYPES],
  ['ClientIdentity', EVENT_TYPES],
  ['RetryCount', EVENT_TYPES],
  ['WebhookSid', EVENT_TYPES],
  ['WebhookType', EVENT_TYPES],
  ['MessageSid', [...MESSAGE, 'onDeliveryUpdated']],
  ['Index', MESSAGE],
  ['Body', MESSAGE],
  ['Author', MESSAGE],
  ['Media', MESSAGE],
  ['Attributes', [...MESSAGE, ...CONVERSATION, ...PARTICIPANT]],
  ['ParticipantSid', [...MESSAGE, ...PARTICIPANT, 'onDeliveryUpdated']],
  ['DateCreated', [...MESSAGE, ...CONVERSATION, ...PARTICIPANT, 'onDeliveryUpdated']],
  [
    'DateUpdated',
    [
      'onMessageUpdated',
      'onMessageRemoved',
      ...CONVERSATION,
      'onParticipantUpdated',
      'onParticipantRemoved',
      'onDeliveryUpdated',
    ],
  ],
  ['DateRemoved', REMOVED],
  ['FriendlyName', CONVERSATION],
  ['UniqueName', CONVERSATION],
  ['State', CONVERSATION],
  ['StateUpdated', ['onConversationStateUpdated']],
  ['StateFrom', ['onConversationStateUpdated']],
  ['StateTo', ['onConversationStateUpdated']],
  ['Reason', ['onConversationStateUpdated']],
  ['Identity', PARTICIPANT],
  ['RoleSid', PARTICIPANT],
  ['LastReadMessageIndex', ['onParticipantUpdated']],
  ['MessagingBinding.Type', PARTICIPANT],
  ['MessagingBinding.Address', [...PARTICIPANT, 'onConversationAdded']],
  ['MessagingBinding.ProxyAddress', [...PARTICIPANT, 'onConversationAdded']],
  ['MessagingBinding.ProjectedAddress', [...PARTICIPANT, 'onConversationAdded']],
  ['MessagingBinding.AuthorAddress', ['onConversationAdded']],
  ['DeliveryReceiptSid', ['onDeliveryUpdated']],
  ['ChannelMessageSid', ['onDeliveryUpdated']],
  ['Status', ['onDeliveryUpdated']],
  ['ErrorCode', ['onDeliveryUpdated']],
])('knows which events have %s', (field, events) => {
  const found = EVENT_TYPES.filter((type) => (DOCUMENTED_FIELDS[type] as readonly string[]).includes(field));
  expect(found.sort()).toEqual([...events].sort());
});

test.each([
  ['Body', 'Body'],
  ['Attributes.tier', 'Attributes'],
  ['Attributes.order.id', 'Attributes'],
  ['Media.0.ContentType', 'Media'],
  ['MessagingBinding.Type', 'MessagingBinding.Type'],
  ['Conversation.FriendlyName', 'Conversation.FriendlyName'],
  ['Conversation.Attributes.tier.level', 'Conversation.Attributes'],
  // Not at its beginning.
  ['Attributes.MessagingBinding.Type', 'Attributes'],
  ['Attributes.Conversation.tier', 'Attributes'],
])('finds the field of %s: %s', (path, field) => {
  expect(headOf(path)).toBe(field);
});
