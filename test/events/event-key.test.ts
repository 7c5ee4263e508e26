import fc from 'fast-check';
import { eventKey } from '../../src/events/event-key';
import { EVENT_TYPES } from '../../src/events/event-types';
import { parseConversationEvent } from '../../src/events/parse';
import type { ConversationEvent } from '../../src/events/types';

const DATE = '2026-08-11T13:03:28.879Z';
const LATER = '2026-08-11T13:03:29.000Z';
const FIELDS = {
  AccountSid: 'AC1',
  ChatServiceSid: 'IS1',
  MessageSid: 'IM1',
  Index: '3',
  Body: 'hello',
  Author: 'ann',
  Source: 'API',
  ParticipantSid: 'MB1',
  DeliveryReceiptSid: 'DY1',
  Status: 'sent',
  Attributes: '{}',
  FriendlyName: 'a',
  UniqueName: 'b',
  State: 'active',
  StateFrom: 'active',
  StateTo: 'inactive',
  Reason: 'TIMER',
  StateUpdated: DATE,
  DateCreated: '2026-08-11T13:00:00Z',
  DateUpdated: DATE,
  DateRemoved: '2026-08-11T13:01:00Z',
  LastReadMessageIndex: '2',
};
const keyOf = (EventType: string, more: object = {}, fields: object = FIELDS) =>
  eventKey(
    parseConversationEvent({ ConversationSid: 'CH1', EventType, ...fields, ...more }) as ConversationEvent,
  );

test.each(EVENT_TYPES)('is the same when %s is delivered again', (type) => {
  const key = keyOf(type);
  expect(key).toMatch(/^[\w-]{5}$/);
  expect(keyOf(type, { RetryCount: '2', WebhookSid: 'WH2', WebhookType: 'webhook' })).toBe(key);
  expect(keyOf(type, { Banana: '1' })).toBe(key);
});

test.each(EVENT_TYPES)('is the same when %s without any of its own fields is delivered again', (type) => {
  const bare = type.startsWith('onMessage') ? { Index: '3' } : { AccountSid: 'AC1' };
  const key = keyOf(type, {}, bare);
  expect(keyOf(type, { RetryCount: '2', WebhookSid: 'WH2', WebhookType: 'webhook' }, bare)).toBe(key);
});

test('differs from type to type', () => {
  expect(new Set(EVENT_TYPES.map((type) => keyOf(type))).size).toBe(EVENT_TYPES.length);
});

test.each([
  ['onMessageAdded', { Index: '4' }],
  ['onMessageUpdated', { Index: '4' }],
  ['onMessageUpdated', { DateUpdated: LATER }],
  ['onMessageRemoved', { DateRemoved: LATER }],
  ['onParticipantAdded', { ParticipantSid: 'MB2' }],
  ['onParticipantAdded', { DateCreated: LATER }],
  ['onParticipantUpdated', { Attributes: '{"a":1}' }],
  ['onParticipantUpdated', { LastReadMessageIndex: '3' }],
  ['onParticipantUpdated', { DateUpdated: LATER }],
  ['onParticipantRemoved', { DateRemoved: LATER }],
  ['onConversationRemoved', { DateRemoved: LATER }],
  ['onConversationUpdated', { DateUpdated: LATER }],
  ['onConversationUpdated', { Attributes: '{"a":1}' }],
  ['onConversationUpdated', { FriendlyName: 'c' }],
  ['onConversationUpdated', { UniqueName: 'c' }],
  ['onConversationUpdated', { State: 'inactive' }],
  ['onConversationStateUpdated', { StateUpdated: LATER }],
  ['onConversationStateUpdated', { StateTo: 'closed' }],
  ['onDeliveryUpdated', { DeliveryReceiptSid: 'DY2' }],
  ['onDeliveryUpdated', { Status: 'read' }],
  ['onDeliveryUpdated', { DateUpdated: LATER }],
])('differs for %s with %j', (type, change) => {
  expect(keyOf(type, change)).not.toBe(keyOf(type));
});

test.each([
  ['onConversationAdded', { DateCreated: LATER, Attributes: '{"a":1}' }],
  ['onMessageAdded', { Body: 'bye', DateCreated: LATER, Attributes: '{"a":1}' }],
  ['onMessageUpdated', { Body: 'bye' }],
  ['onConversationStateUpdated', { Reason: 'API' }],
  ['onParticipantAdded', { DateUpdated: '2026-08-11T12:00:00Z' }],
])('does not depend, for %s, on %j', (type, change) => {
  expect(keyOf(type, change)).toBe(keyOf(type));
});

test('tells events without any of their own fields apart by those that Twilio documents', () => {
  const bare = (more: object) => keyOf('onConversationStateUpdated', more, {});
  expect(bare({ Reason: 'API' })).not.toBe(bare({ Reason: 'TIMER' }));
  expect(bare({ Reason: 'API', Banana: '1' })).toBe(bare({ Reason: 'API' }));
});

test('does not mix up values that change places', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      fc.pre(a !== b);
      const swapped = { FriendlyName: b, UniqueName: a };
      expect(keyOf('onConversationUpdated', { FriendlyName: a, UniqueName: b })).not.toBe(
        keyOf('onConversationUpdated', swapped),
      );
    }),
  );
});

test('differs from message to message', () => {
  const keys = Array.from({ length: 2_000 }, (_, index) => keyOf('onMessageAdded', { Index: `${index}` }));
  expect(new Set(keys).size).toBe(keys.length);
});
