import { stateHash } from '../lib/hash';
import { DOCUMENTED_FIELDS } from './documented-fields';
import type { EventType } from './event-types';
import { newestDate } from './position';
import type { ConversationEvent } from './types';

const CONVERSATION = ['DateUpdated', 'Attributes', 'FriendlyName', 'UniqueName', 'State'] as const;
const CHANGED_MESSAGE = ['Index', 'DateUpdated', 'DateRemoved'] as const;
const PARTICIPANT = ['ParticipantSid', 'Attributes', 'LastReadMessageIndex'] as const;

interface Identity {
  readonly fields: readonly string[];
  /** Whether the newest of the event's dates counts too. */
  readonly newest?: boolean;
}

/** What distinguishes an event from others of its type. A conversation is added only once. */
const IDENTITY: Readonly<Record<EventType, Identity>> = {
  onConversationAdded: { fields: [] },
  onConversationUpdated: { fields: CONVERSATION },
  onConversationStateUpdated: { fields: ['StateUpdated', 'StateTo'] },
  onConversationRemoved: { fields: ['DateRemoved'] },
  onMessageAdded: { fields: ['Index'] },
  onMessageUpdated: { fields: CHANGED_MESSAGE },
  onMessageRemoved: { fields: CHANGED_MESSAGE },
  onParticipantAdded: { fields: PARTICIPANT, newest: true },
  onParticipantUpdated: { fields: PARTICIPANT, newest: true },
  onParticipantRemoved: { fields: PARTICIPANT, newest: true },
  onDeliveryUpdated: { fields: ['DeliveryReceiptSid', 'Status'], newest: true },
};

// They say how an event was delivered, not what happened, and may differ when Twilio retries.
const DELIVERY = new Set(['RetryCount', 'WebhookSid', 'WebhookType']);

/** The key of an event: equal when the same event is delivered again, different for any other event. */
export function eventKey(event: ConversationEvent): string {
  const { fields, newest } = IDENTITY[event.EventType];
  const date = newest && newestDate(event)?.toISOString();
  const values = [...valuesOf(event, fields), ...(date ? [['newest', date]] : [])];
  const known = fields.length === 0 || values.length > 0;
  const documented = DOCUMENTED_FIELDS[event.EventType].filter((field) => !DELIVERY.has(field));
  return stateHash(JSON.stringify([event.EventType, known ? values : valuesOf(event, documented)]));
}

function valuesOf(event: ConversationEvent, fields: readonly string[]): string[][] {
  const values = event as unknown as Readonly<Record<string, unknown>>;
  return fields.flatMap((field) => (values[field] === undefined ? [] : [[field, `${values[field]}`]]));
}
