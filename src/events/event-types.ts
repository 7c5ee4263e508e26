import { SCOPED_EVENTS } from './scoped-events';

/**
 * The post-events that rules can match: those of scoped webhooks, and the one that reports a new conversation to a service's
 * or account's webhook. https://www.twilio.com/docs/conversations/conversations-webhooks
 */
export const EVENT_TYPES = ['onConversationAdded', ...SCOPED_EVENTS] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** The events that have the index of a message. */
export const MESSAGE_EVENTS = [
  'onMessageAdded',
  'onMessageUpdated',
  'onMessageRemoved',
] as const satisfies readonly EventType[];

export function isMessageEvent(type: EventType): type is (typeof MESSAGE_EVENTS)[number] {
  return (MESSAGE_EVENTS as readonly EventType[]).includes(type);
}
