import fc from 'fast-check';
import { EVENT_TYPES, MESSAGE_EVENTS } from '../../src/events/event-types';
import { parseConversationEvent } from '../../src/events/parse';
import { ApiError } from '../../src/lib/api-error';

const ConversationSid = `CH${'1'.repeat(32)}`;
// As Twilio sent it in 2026.
const added = {
  AccountSid: `AC${'0'.repeat(32)}`,
  Attributes: '{}',
  Author: '+15550001111',
  Body: 'hello',
  ConversationSid,
  DateCreated: '2026-08-11T13:03:28.879Z',
  EventType: 'onMessageAdded',
  Index: '1',
  MessageSid: `IM${'2'.repeat(32)}`,
  RetryCount: '0',
  Source: 'SMS',
};
const refused = (sentence: string) =>
  expect.objectContaining({ code: 20001, status: 400, message: expect.stringContaining(sentence) });

test('parses an added message: all fields as sent, the index as a number', () => {
  expect(parseConversationEvent(added)).toEqual({ ...added, Index: 1 });
});

test.each(EVENT_TYPES)('parses %s', (EventType) => {
  const sent = {
    EventType,
    ConversationSid,
    ...(MESSAGE_EVENTS.includes(EventType as never) && { Index: '0' }),
  };
  expect(parseConversationEvent(sent).EventType).toBe(EventType);
});

test('keeps unknown fields and keys with dots, and drops what the runtime adds', () => {
  const sent = {
    EventType: 'onParticipantAdded',
    ConversationSid,
    'MessagingBinding.Address': '+15550001111',
    Tomorrow: 'x',
    Index: 'not that of a message',
  };
  expect(parseConversationEvent({ ...sent, request: { headers: {} } })).toEqual(sent);
});

test('takes the first value of a repeated key', () => {
  expect(parseConversationEvent({ ...added, Body: ['a', 'b'], Index: ['7', '8'], Source: [] })).toEqual({
    ...added,
    Body: 'a',
    Index: 7,
    Source: undefined,
  });
});

test('takes numbers and booleans of JSON as strings', () => {
  const sent = { ...added, Index: 7, Media: 5, Attributes: true, Author: null, Body: { text: 'hello' } };
  expect(parseConversationEvent(sent)).toEqual({
    ...added,
    Index: 7,
    Media: '5',
    Attributes: 'true',
    Author: undefined,
    Body: undefined,
  });
});

test('takes an empty SID for a missing one, and keeps other empty fields', () => {
  const sent = { ...added, Body: '', ChatServiceSid: '', ServiceSid: '', ParticipantSid: [''] };
  expect(parseConversationEvent(sent)).toEqual({ ...added, Body: '', Index: 1 });
});

test.each(['onMessageAdd', 'onUserAdded', 'onTypingStarted', 'toString'])(
  'returns %s as an unknown event',
  (EventType) => {
    expect(parseConversationEvent({ ...added, EventType })).toEqual({ unknown: EventType, ConversationSid });
    expect(parseConversationEvent({ EventType })).toEqual({ unknown: EventType });
  },
);

test.each([
  [{}, 'EventType is missing'],
  [{ ...added, EventType: '' }, 'EventType is missing: send an event of Twilio Conversations'],
  [{ ...added, EventType: {} }, 'EventType is missing'],
  [{ ...added, ConversationSid: undefined }, 'ConversationSid is missing: every onMessageAdded'],
  [{ ...added, ConversationSid: '' }, 'ConversationSid is missing'],
  [{ ...added, Index: undefined }, 'Index is missing: every onMessageAdded event has it'],
  [{ ...added, Index: '' }, 'Index is missing'],
  [{ ...added, Index: '-1' }, 'Index "-1" is not a message index'],
  [{ ...added, Index: '1.5' }, 'Index "1.5" is not a message index'],
  [{ ...added, Index: '9'.repeat(16) }, 'is not a message index'],
])('rejects %j: %s', (params, sentence) => {
  expect(() => parseConversationEvent(params)).toThrow(refused(sentence));
});

test('returns a valid event or a clear error, whatever is sent', () => {
  const value = fc.oneof(
    fc.string(),
    fc.array(fc.string()),
    fc.jsonValue(),
    fc.constantFrom('0', '12', ['3', '4']),
  );
  const key = fc.oneof(fc.constantFrom(...Object.keys(added), 'request', '__proto__'), fc.string());
  const params = fc
    .tuple(
      fc.dictionary(key, value),
      fc.subarray(Object.entries(added)),
      fc.constantFrom(...EVENT_TYPES, 'other'),
    )
    .map(([noise, fields, EventType]) => ({ ...Object.fromEntries(fields), EventType, ...noise }));
  fc.assert(
    fc.property(params, (sent) => {
      let event: ReturnType<typeof parseConversationEvent>;
      try {
        event = parseConversationEvent(sent);
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError);
        expect(error).toMatchObject({ code: 20001, status: 400 });
        return;
      }
      if (event.EventType === undefined) return expect(EVENT_TYPES).not.toContain(event.unknown);
      expect(EVENT_TYPES).toContain(event.EventType);
      expect(event.ConversationSid).toMatch(/./s);
      if ('Index' in event && MESSAGE_EVENTS.includes(event.EventType as never))
        expect(Number.isSafeInteger(event.Index)).toBe(true);
      for (const [name, field] of Object.entries(event))
        expect(typeof field).toBe(name === 'Index' && typeof field === 'number' ? 'number' : 'string');
    }),
    { numRuns: 500 },
  );
});
