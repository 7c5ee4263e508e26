// Never run: `tsc --noEmit` is the test. Each expected error that is none is an error itself.

import type { DOCUMENTED_FIELDS } from '../../src/events/documented-fields';
import type { EventType } from '../../src/events/event-types';
import { parseConversationEvent } from '../../src/events/parse';
import { messageIndex, type newestDate } from '../../src/events/position';
import type { ConversationEvent } from '../../src/events/types';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_T extends true>() => undefined;
type Of<T extends EventType> = Extract<ConversationEvent, { EventType: T }>;
type FieldNames = { [T in EventType]: Equal<(typeof DOCUMENTED_FIELDS)[T][number], keyof Of<T>> };

// The union has each event once, and the list of documented fields is that of the type.
holds<Equal<ConversationEvent['EventType'], EventType>>();
holds<Equal<FieldNames, Record<EventType, true>>>();
// @ts-expect-error the types must be able to differ
holds<Equal<keyof Of<'onMessageAdded'>, keyof Of<'onMessageRemoved'>>>();

const event = parseConversationEvent({});

// @ts-expect-error it may be an event that is not ours
messageIndex(event);
// @ts-expect-error only an unknown event says so
event.unknown;

if (event.EventType === undefined) {
  holds<Equal<typeof event.unknown, string>>();
  holds<Equal<typeof event.ConversationSid, string | undefined>>();
  // @ts-expect-error nothing is known of its fields
  event.Body;
} else {
  holds<Equal<typeof event, ConversationEvent>>();
  holds<Equal<typeof event.ConversationSid, string>>();
  holds<Equal<ReturnType<typeof messageIndex>, number | undefined>>();
  holds<Equal<ReturnType<typeof newestDate>, Date | undefined>>();
  // @ts-expect-error not every event has a body
  event.Body;
  // @ts-expect-error pre-events are none of these
  event.EventType === 'onMessageAdd';
  // @ts-expect-error read only
  event.ConversationSid = 'CH1';
}

if (event.EventType === 'onMessageAdded') {
  holds<Equal<typeof event, Of<'onMessageAdded'>>>();
  holds<Equal<typeof event.Index, number>>();
  holds<Equal<typeof event.MessageSid, string>>();
  holds<Equal<typeof event.Body, string | undefined>>();
  // @ts-expect-error a message that was added was never removed
  event.DateRemoved;
}

if (event.EventType === 'onMessageRemoved') holds<Equal<typeof event.DateRemoved, string>>();

if (event.EventType === 'onConversationStateUpdated') {
  holds<Equal<typeof event.StateTo, 'active' | 'inactive' | 'closed'>>();
  // @ts-expect-error it has StateTo, and no State
  event.State;
  // @ts-expect-error no such state
  event.StateTo === 'close';
}

if (event.EventType === 'onConversationAdded')
  holds<Equal<(typeof event)['MessagingBinding.AuthorAddress'], string | undefined>>();

if (event.EventType === 'onParticipantAdded') {
  holds<Equal<(typeof event)['MessagingBinding.Type'], string | undefined>>();
  // @ts-expect-error keys with dots are literal
  event.MessagingBinding;
}

if (event.EventType === 'onDeliveryUpdated') {
  holds<Equal<typeof event, Of<'onDeliveryUpdated'>>>();
  // @ts-expect-error a receipt names its message by SID alone
  event.Index;
  // @ts-expect-error it is called Status
  event.DeliveryStatus;
}
