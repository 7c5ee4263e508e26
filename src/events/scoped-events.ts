import { didYouMean, oneOf, quote } from '../lib/messages';

/**
 * The events that a Conversation Scoped Webhook can receive: post-events of a conversation that exists already.
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

// Names of Twilio's own examples that no event has.
const LEGACY: Readonly<Record<string, ScopedEvent>> = {
  onMessageSent: 'onMessageAdded',
  onConversationDestroyed: 'onConversationRemoved',
};

export function isScopedEvent(name: string): name is ScopedEvent {
  return (SCOPED_EVENTS as readonly string[]).includes(name);
}

/** Any event name that Twilio has or had, pre-events included. */
export function isEventName(name: string): boolean {
  return (
    (POST_EVENTS as readonly string[]).includes(name) || name in LEGACY || postEventOf(name) !== undefined
  );
}

/** Why `name` cannot be a filter of a scoped webhook, and what to send instead. */
export function filterIssue(name: string): string {
  if (Object.hasOwn(LEGACY, name)) return `${quote(name)} is no event; did you mean ${quote(LEGACY[name])}?`;
  const post = postEventOf(name);
  const known = POST_EVENTS.find((event) => event === (post ?? name));
  if (known && !isScopedEvent(known))
    return `${quote(name)} never reaches a scoped webhook; set ${known} on the service's or account's own webhook`;
  if (post)
    return `${quote(name)} is a pre-event, which no scoped webhook receives; did you mean ${quote(post)}?`;
  return `${quote(name)} is no event of a scoped webhook${didYouMean(name, SCOPED_EVENTS) || `; send ${oneOf(SCOPED_EVENTS)}`}`;
}

// onMessageAdd → onMessageAdded, onMessageUpdate → onMessageUpdated, onMessageRemove → onMessageRemoved
function postEventOf(name: string) {
  return POST_EVENTS.find((event) => name === event.replace(/ed$/, '') || `${name}d` === event);
}
