import type { EmulatorContext } from '../context';
import type { Conversation } from '../state/records';
import { ACCOUNT_SID } from '../twilio/account';
import type { EventParams, EventType } from '../twilio/event-types';
import type { Actor } from './actor';
import type { Fields } from './payload';

export interface ConversationEvent {
  conversation: Conversation;
  type: EventType;
  params: EventParams;
}

/** Adds the parameters of every event. A delivery receipt has no Source: it comes from the carrier. */
export function createEvent(
  context: EmulatorContext,
  conversation: Conversation,
  type: EventType,
  fields: Fields,
  { source, clientIdentity }: Pick<Actor, 'source' | 'clientIdentity'>,
): ConversationEvent {
  const params = toParams({
    AccountSid: ACCOUNT_SID,
    EventType: type,
    RetryCount: '0',
    ...(type === 'onDeliveryUpdated' ? {} : { Source: source, ClientIdentity: clientIdentity }),
    ...(context.options.chatServiceSid === 'always' ? { ChatServiceSid: conversation.service.sid } : {}),
    ...fields,
    ...(type === 'onMessageAdded' && context.options.messageServiceSids === 'absent'
      ? { ChatServiceSid: null, MessagingServiceSid: null }
      : {}),
  });
  return { conversation, type, params };
}

// An absent parameter is left out, never sent empty.
function toParams(fields: Fields): EventParams {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}
