import { type ParameterName, spellingsOf } from './parameters';

/** The event by which a function takes itself to be called; others come by the same URL and are not for it. */
export const CONVERSATION_ADDED = 'onConversationAdded';

/**
 * The call of a function that is itself the target of Twilio's webhook: its parameters are in the URL's query, and the event
 * is the form. The conversation and its service are the event's, and its other fields are dropped. Undefined if there is no event.
 */
export function splitEvent(
  event: object,
  names: readonly ParameterName[],
): { readonly EventType: string; readonly parameters: object } | undefined {
  const { EventType, ConversationSid, ChatServiceSid, ...rest } = event as Readonly<Record<string, unknown>>;
  if (typeof EventType !== 'string' || EventType === '') return undefined;
  const own = names
    .filter((name) => name !== 'ConversationSid' && name !== 'ServiceSid')
    .flatMap(spellingsOf);
  const query = Object.fromEntries(Object.entries(rest).filter(([name]) => own.includes(name)));
  return { EventType, parameters: { ...query, ConversationSid, ChatServiceSid } };
}
