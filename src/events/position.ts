import type { ConversationEvent } from './types';

/** The position of the event's message in the conversation; undefined where the event is about no message. */
export function messageIndex(event: ConversationEvent): number | undefined {
  // Elsewhere it would be a field that Twilio does not document, and a text.
  return 'Index' in event && typeof event.Index === 'number' ? event.Index : undefined;
}

interface Dates {
  readonly DateCreated?: string;
  readonly DateUpdated?: string;
  readonly DateRemoved?: string;
  readonly StateUpdated?: string;
}

/** When it happened: the newest of the event's own dates; undefined where it has none that can be read. */
export function newestDate(event: ConversationEvent): Date | undefined {
  const { DateCreated, DateUpdated, DateRemoved, StateUpdated }: Dates = event;
  const times = [DateCreated, DateUpdated, DateRemoved, StateUpdated]
    .map((date) => Date.parse(date ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}
