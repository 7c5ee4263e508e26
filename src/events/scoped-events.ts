import { didYouMean, oneOf, quote } from '../lib/error-text';

/**
 * The events that a Conversation Scoped Webhook can receive: post-events of an existing conversation.
 * https://www.twilio.com/docs/conversations/conversations-webhooks
 */
export const SCOPED_EVENTS = [
  'onMessageAdded',
  'onMessageUpdated',
  'onMessageRemoved',
  'onConversationUpdated',
  'onConversationStateUpdated',
  'onConversationRemoved',
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
  'onDeliveryUpdated',
] as const;

export type ScopedEvent = (typeof SCOPED_EVENTS)[number];

const NOT_SCOPED = ['onConversationAdded', 'onUserAdded', 'onUserUpdated'] as const;
const POST_EVENTS = [...SCOPED_EVENTS, ...NOT_SCOPED];

// Names in Twilio's own examples that are not events.
const LEGACY: Readonly<Record<string, ScopedEvent>> = {
  onMessageSent: 'onMessageAdded',
  onConversationDestroyed: 'onConversationRemoved',
};

export function isScopedEvent(name: string): name is ScopedEvent {
  return (SCOPED_EVENTS as readonly string[]).includes(name);
}

/** Whether Twilio has or had an event of this name, pre-events included. */
export function isEventName(name: string): boolean {
  const isPostEvent = (POST_EVENTS as readonly string[]).includes(name);
  return isPostEvent || Object.hasOwn(LEGACY, name) || postEventOf(name) !== undefined;
}

/** Says why `name` is not a filter of a scoped webhook, and what to send instead. */
export function filterIssue(name: string): string {
  if (Object.hasOwn(LEGACY, name))
    return `${quote(name)} is not an event; did you mean ${quote(LEGACY[name])}?`;
  const post = postEventOf(name);
  const known = POST_EVENTS.find((event) => event === (post ?? name));
  if (known && !isScopedEvent(known))
    return `${quote(name)} is never sent to a scoped webhook; use ${known} on the service's or account's webhook`;
  if (post)
    return `${quote(name)} is a pre-event, which scoped webhooks do not receive; did you mean ${quote(post)}?`;
  return `${quote(name)} is not an event of scoped webhooks${didYouMean(name, SCOPED_EVENTS) || `; send ${oneOf(SCOPED_EVENTS)}`}`;
}

// onMessageAdd → onMessageAdded, onMessageUpdate → onMessageUpdated, onMessageRemove → onMessageRemoved
function postEventOf(name: string) {
  return POST_EVENTS.find((event) => name === event.replace(/(?<=Add)ed$|d$/, ''));
}
