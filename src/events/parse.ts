import { ApiError } from '../lib/api-error';
import { quote } from '../lib/messages';
import { EVENT_TYPES, type EventType, isMessageEvent } from './event-types';
import type { ConversationEvent } from './types';

/** An event that no rule can be about: a pre-event, one of a user, one that Twilio has added since. */
export interface UnknownEvent {
  /** Never there, so that it tells the two apart. */
  readonly EventType?: never;
  /** What Twilio calls it. */
  readonly unknown: string;
  readonly ConversationSid?: string;
}

/**
 * Reads an event of a conversation from a function's own event, which merges query and form. Fields that are not
 * documented stay; of a key that is repeated the first value counts; what is no text is dropped.
 * @throws ApiError 20001 where EventType, ConversationSid or the index of a message is missing or makes no sense
 */
export function parseConversationEvent(params: object): ConversationEvent | UnknownEvent {
  const fields = new Map(Object.entries(params).flatMap(([name, sent]) => textField(name, sent)));
  const name = required(fields, 'EventType', 'send an event of Twilio Conversations');
  const type = EVENT_TYPES.find((known) => known === name);
  const sid = fields.get('ConversationSid');
  if (type === undefined) return { unknown: name, ...(sid && { ConversationSid: sid }) };
  // Beyond these three the type states what Twilio documents.
  return {
    ...Object.fromEntries(fields),
    EventType: type,
    ConversationSid: required(fields, 'ConversationSid', `every ${type} of Twilio carries it`),
    ...(isMessageEvent(type) && { Index: parseIndex(fields, type) }),
  } as ConversationEvent;
}

function parseIndex(fields: ReadonlyMap<string, string>, type: EventType): number {
  const text = required(fields, 'Index', `every ${type} of Twilio carries it`);
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ApiError(20001, `Index ${quote(text)} is no message index (0, 1, …)`);
}

function required(fields: ReadonlyMap<string, string>, name: string, why: string): string {
  const value = fields.get(name);
  if (value) return value;
  throw new ApiError(20001, `${name} is missing: ${why}`);
}

function textField(name: string, sent: unknown): [string, string][] {
  const [value] = [sent].flat();
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [[name, String(value)]]
    : [];
}
