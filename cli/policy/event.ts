import { DOCUMENTED_FIELDS, headOf } from '../../src/events/documented-fields';
import type { EventType } from '../../src/events/event-types';
import { parseConversationEvent } from '../../src/events/parse';
import type { ConversationEvent } from '../../src/events/types';
import { ApiError } from '../../src/lib/api-error';
import { didYouMean, oneOf, quote } from '../../src/lib/error-text';
import { conversationField } from '../../src/policy/conditions/conversation-fields';
import type { Policy } from '../../src/policy/policy';
import type { ConversationFields } from '../../src/webhooks/conversation';

/** When and where an event happens. */
interface Circumstances {
  readonly date: Date;
  readonly fields: ConversationFields;
  /** Index of the newest message, -1 in an empty conversation. */
  readonly newest: number;
}

const sid = (prefix: string, n = 1) => `${prefix}${n.toString(16).padStart(32, '0')}`;

/** Fields that rules are about, and that have no plausible default. */
export const NEEDED_FIELDS: { readonly [T in EventType]?: string } = {
  onConversationStateUpdated: 'StateTo',
  onDeliveryUpdated: 'Status',
};

/** What Twilio documents as always present. */
function defaults(type: EventType, { date, newest, fields }: Circumstances): Record<string, string> {
  const index = Math.max(0, type === 'onMessageAdded' ? newest + 1 : newest);
  const now = date.toISOString();
  const all: Readonly<Record<string, string>> = {
    AccountSid: sid('AC'),
    MessageSid: sid('IM', index + 1),
    Index: String(index),
    DateCreated: now,
    DateUpdated: now,
    DateRemoved: now,
    StateUpdated: now,
    Attributes: '{}',
    ...(type.startsWith('onConversation') && fields),
    StateFrom: fields.State,
    Reason: 'API',
    RoleSid: sid('RL'),
    // Of a message it is optional.
    ...(type.startsWith('onMessage') ? {} : { ParticipantSid: sid('MB') }),
    DeliveryReceiptSid: sid('DY'),
    ChannelMessageSid: sid('SM'),
  };
  const documented: readonly string[] = DOCUMENTED_FIELDS[type];
  return Object.fromEntries(Object.entries(all).filter(([field]) => documented.includes(field)));
}

/** Says what is wrong with the fields of an event, if anything. */
export function fieldIssue(type: EventType, fields: Iterable<string>, { rules }: Policy): string | undefined {
  const given = [...fields];
  const documented: readonly string[] = DOCUMENTED_FIELDS[type];
  const known = new Set([
    ...documented,
    ...rules.flatMap(({ on, when = [] }) =>
      on === type
        ? when.flatMap((fields) =>
            Object.keys(fields)
              .filter((field) => conversationField(field) === undefined)
              .map(headOf),
          )
        : [],
    ),
  ]);
  for (const field of given) {
    if (known.has(field)) continue;
    const head = headOf(field);
    if (head !== field && known.has(head))
      return `${quote(field)} is a path into ${head}; write ${head} as JSON`;
    const hint = didYouMean(field, documented) || `; it has ${oneOf(documented, 'and')}`;
    return `${quote(field)} is not a field of ${type}${hint}`;
  }
  const needed = NEEDED_FIELDS[type];
  return needed && !given.includes(needed) ? `${needed} is missing; ${type} needs it` : undefined;
}

/** Fields that are always JSON, with an example. */
const JSON_FIELDS: Readonly<Record<string, string>> = {
  Attributes: '{"tier": "gold"}',
  'Conversation.Attributes': '{"tier": "gold"}',
  Media: '[{"ContentType": "image/png"}]',
};

/** Says what is wrong with the text of a field that is always JSON, if anything: no condition on a path into it could hold. */
export function jsonIssue(field: string, text: string): string | undefined {
  const example = Object.hasOwn(JSON_FIELDS, field) && JSON_FIELDS[field];
  return example && !isJson(text) ? `${quote(text)} is not JSON; write it like ${example}` : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** An event as the functions parse it, with plausible values of the fields that are not given. @throws Error with what is wrong */
export function completeEvent(
  type: EventType,
  fields: Readonly<Record<string, string>>,
  circumstances: Circumstances,
): ConversationEvent {
  try {
    const event = {
      ...defaults(type, circumstances),
      ConversationSid: sid('CH'),
      ...fields,
      EventType: type,
    };
    return parseConversationEvent(event) as ConversationEvent;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new Error(error.message);
  }
}
