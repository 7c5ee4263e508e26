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

/** Post-events that a scoped webhook cannot get. */
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

/** The parameters of a delivery. */
export type EventParams = { [name: string]: string };
