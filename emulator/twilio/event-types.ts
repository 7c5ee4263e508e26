/** Post-events a scoped webhook may filter: https://www.twilio.com/docs/conversations/conversations-webhooks */
export const scopedEvents = [
  'onMessageAdded',
  'onMessageUpdated',
  'onMessageRemoved',
  'onConversationUpdated',
  'onConversationRemoved',
  'onConversationStateUpdated',
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
  'onDeliveryUpdated',
] as const;

/** Post-events that exist, but not for a webhook that hangs on one conversation. */
export const otherPostEvents = ['onConversationAdded', 'onUserAdded', 'onUserUpdated'] as const;

export const preEvents = [
  'onMessageAdd',
  'onMessageUpdate',
  'onMessageRemove',
  'onConversationAdd',
  'onConversationUpdate',
  'onConversationRemove',
  'onParticipantAdd',
  'onParticipantUpdate',
  'onParticipantRemove',
  'onUserUpdate',
] as const;

export type EventType = (typeof scopedEvents)[number] | 'onConversationAdded';

/** What is sent; all values are text, absent ones are left out. */
export type EventParams = { [name: string]: string };
