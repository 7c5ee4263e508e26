import { ApiError } from '../lib/api-error';
import { quote } from '../lib/error-text';
import { EVENT_TYPES, type EventType, isMessageEvent } from './event-types';
import type { ConversationEvent } from './types';

/** An event that no rule can match: a pre-event, a user's event, or one that Twilio added since. */
export interface UnknownEvent {
  /** Never set: the discriminant. */
  readonly EventType?: never;
  /** What Twilio calls it. */
  readonly unknown: string;
  readonly ConversationSid?: string;
}

/**
 * Parses an event of a conversation from a function's event, which merges query and form. Undocumented fields stay; the
 * first value of a repeated key counts; values that are not scalar are dropped, and so are empty SIDs. Other empty fields
 * stay: a message without a text matches `"Body": ""`.
 * @throws ApiError 20001 if EventType, ConversationSid or a message's Index is missing or not valid
 */
export function parseConversationEvent(params: object): ConversationEvent | UnknownEvent {
  const fields = new Map(Object.entries(params).flatMap(([name, value]) => scalarField(name, value)));
  const name = required(fields, 'EventType', 'send an event of Twilio Conversations');
  const type = EVENT_TYPES.find((known) => known === name);
  const sid = fields.get('ConversationSid');
  if (type === undefined) return { unknown: name, ...(sid && { ConversationSid: sid }) };
  // The rest of the type is what Twilio documents, unchecked.
  return {
    ...Object.fromEntries(fields),
    EventType: type,
    ConversationSid: required(fields, 'ConversationSid', `every ${type} event has it`),
    ...(isMessageEvent(type) && { Index: parseIndex(fields, type) }),
  } as ConversationEvent;
}

function parseIndex(fields: ReadonlyMap<string, string>, type: EventType): number {
  const text = required(fields, 'Index', `every ${type} event has it`);
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ApiError(20001, `Index ${quote(text)} is not a message index (0, 1, …)`);
}

function required(fields: ReadonlyMap<string, string>, name: string, why: string): string {
  const value = fields.get(name);
  if (value) return value;
  throw new ApiError(20001, `${name} is missing: ${why}`);
}

function scalarField(name: string, values: unknown): [string, string][] {
  const [value] = [values].flat();
  if (value === '' && name.endsWith('Sid')) return [];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [[name, String(value)]]
    : [];
}
