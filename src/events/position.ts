import type { ConversationEvent } from './types';

/** The index of the event's message; undefined if the event has no message. */
export function messageIndex(event: ConversationEvent): number | undefined {
  // In other events `Index` would be an undocumented field, and a string.
  return 'Index' in event && typeof event.Index === 'number' ? event.Index : undefined;
}

interface Dates {
  readonly DateCreated?: string;
  readonly DateUpdated?: string;
  readonly DateRemoved?: string;
  readonly StateUpdated?: string;
}

/** When the event happened: the newest of its dates; undefined without a valid one. */
export function newestDate(event: ConversationEvent): Date | undefined {
  const { DateCreated, DateUpdated, DateRemoved, StateUpdated }: Dates = event;
  const times = [DateCreated, DateUpdated, DateRemoved, StateUpdated]
    .map((date) => Date.parse(date ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}
