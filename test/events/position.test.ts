import { parseConversationEvent } from '../../src/events/parse';
import { messageIndex, newestDate } from '../../src/events/position';
import type { ConversationEvent } from '../../src/events/types';

const event = (fields: object) =>
  parseConversationEvent({
    ConversationSid: 'CH1',
    EventType: 'onConversationUpdated',
    ...fields,
  }) as ConversationEvent;

test('returns an index only for the event of a message', () => {
  expect(messageIndex(event({ EventType: 'onMessageRemoved', Index: '0' }))).toBe(0);
  expect(messageIndex(event({ EventType: 'onMessageAdded', Index: '12' }))).toBe(12);
  expect(messageIndex(event({ EventType: 'onDeliveryUpdated' }))).toBeUndefined();
});

test('ignores an Index that is not that of a message', () => {
  expect(messageIndex(event({ EventType: 'onDeliveryUpdated', Index: '3' }))).toBeUndefined();
});

test.each([
  [{ DateCreated: '2026-08-11T13:03:28.879Z' }, '2026-08-11T13:03:28.879Z'],
  [{ DateCreated: '2026-01-01T00:00:00Z', DateUpdated: '2026-03-01T00:00:00Z' }, '2026-03-01T00:00:00.000Z'],
  [{ DateUpdated: '2026-03-01T00:00:00Z', DateRemoved: '2026-04-01T00:00:00Z' }, '2026-04-01T00:00:00.000Z'],
  [{ StateUpdated: '2026-05-01T00:00:00Z' }, '2026-05-01T00:00:00.000Z'],
  [{ DateCreated: '2026-08-11T13:03:28.879Z', DateUpdated: 'yesterday' }, '2026-08-11T13:03:28.879Z'],
])('finds the newest date of %j: %s', (fields, newest) => {
  expect(newestDate(event(fields))).toEqual(new Date(newest));
});

test('returns no date if none is valid', () => {
  expect(newestDate(event({}))).toBeUndefined();
  expect(newestDate(event({ DateCreated: 'soon' }))).toBeUndefined();
});
