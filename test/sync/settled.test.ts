import { SettledConversations } from '../../src/sync/settled';
import { takeSnapshot } from '../../src/sync/snapshot';
import { parseRouter, type RouterState, routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';
import { desired, desiredWith, foreign, routerState } from '../support/desired-state';

const SID = `CH${'1'.padStart(32, '0')}`;
let now: number;
let settled: SettledConversations;
beforeEach(() => {
  now = 0;
  settled = new SettledConversations(() => now);
});

function conversationWith({ age = 10, state = {} as Partial<RouterState>, sid = SID } = {}) {
  const conversation = new FakeConversation();
  const written = routerState('bot', { At: conversation.now - 600, ...state });
  conversation.plant(routerDefinition(written, desired.router), conversation.now - age);
  const snapshot = () =>
    takeSnapshot(
      {
        webhooks: conversation.webhooks.map((webhook) => ({ ...webhook, conversation_sid: sid })),
        date: conversation.now,
        requestedAt: 0,
        takenAt: 0,
      },
      desired,
    );
  return { conversation, snapshot, query: parseRouter(conversation.webhooks[0]!) };
}

test('remembers a conversation for ten minutes', () => {
  const { snapshot, query } = conversationWith();
  expect(settled.has(SID, query, desired)).toBe(false);
  settled.remember(snapshot(), desired);
  now = 599_999;
  expect(settled.has(SID, query, desired)).toBe(true);
  now = 600_000;
  expect(settled.has(SID, query, desired)).toBe(false);
});

test('remembers it anew at each list', () => {
  const { snapshot, query } = conversationWith();
  settled.remember(snapshot(), desired);
  now = 500_000;
  settled.remember(snapshot(), desired);
  now = 1_000_000;
  expect(settled.has(SID, query, desired)).toBe(true);
});

test.each([
  [9, false],
  [10, true],
])('remembers nothing that was changed %i seconds ago: %s', (age, expected) => {
  const router = conversationWith({ age });
  settled.remember(router.snapshot(), desired);
  expect(settled.has(SID, router.query, desired)).toBe(expected);

  const { conversation, snapshot, query } = conversationWith({ sid: `CH${'2'.repeat(32)}` });
  conversation.plant(desired.webhooks.bot!, conversation.now - age);
  settled.remember(snapshot(), desired);
  expect(settled.has(`CH${'2'.repeat(32)}`, query, desired)).toBe(expected);
});

test('does not wait for foreign webhooks', () => {
  const { conversation, snapshot, query } = conversationWith();
  conversation.plant(foreign(1), conversation.now);
  settled.remember(snapshot(), desired);
  expect(settled.has(SID, query, desired)).toBe(true);
});

test('does not wait for what Twilio shows otherwise than it was written', () => {
  const { conversation, snapshot, query } = conversationWith();
  const { sid } = conversation.plant(desired.webhooks.bot!, conversation.now);
  settled.remember(snapshot(), desired, new Set([sid]));
  expect(settled.has(SID, query, desired)).toBe(true);
});

test('remembers nothing without a date', () => {
  const { snapshot, query } = conversationWith();
  const { groups, ...rest } = snapshot();
  const undated = { ...rest.router!, date_updated: null as unknown as string };
  settled.remember({ ...rest, groups: new Map([...groups, ['router', [undated]]]) }, desired);
  expect(settled.has(SID, query, desired)).toBe(false);
});

test('remembers nothing without a router', () => {
  const { snapshot, query } = conversationWith();
  settled.remember({ ...snapshot(), router: undefined, state: undefined }, desired);
  expect(settled.has(SID, query, desired)).toBe(false);
});

test('remembers one conversation, one state, one policy and its filters', () => {
  const { snapshot, query } = conversationWith();
  settled.remember(snapshot(), desired);
  expect(settled.has(`CH${'2'.repeat(32)}`, query, desired)).toBe(false);
  expect(settled.has(SID, { ...query, At: query.At + 1 }, desired)).toBe(false);
  expect(settled.has(SID, { ...query, Done: ['other'] }, desired)).toBe(false);
  expect(settled.has(SID, query, desiredWith({ policyHash: 'other1' }))).toBe(false);
  const router = { ...desired.router, filters: ['onMessageAdded'] as const };
  expect(settled.has(SID, query, desiredWith({ router }))).toBe(false);
  expect(settled.has(SID, query, desired)).toBe(true);
});

test('forgets the conversation that was found first when there are more than a thousand', () => {
  const sidOf = (n: number) => `CH${`${n}`.padStart(32, '0')}`;
  const { snapshot, query } = conversationWith();
  const found = snapshot();
  const remember = (n: number) =>
    settled.remember({ ...found, router: { ...found.router!, conversation_sid: sidOf(n) } }, desired);
  for (let n = 0; n < 1_000; n++) remember(n);
  expect(settled.has(sidOf(0), query, desired)).toBe(true);
  remember(0);
  remember(1_000);
  expect(settled.has(sidOf(0), query, desired)).toBe(true);
  expect(settled.has(sidOf(1), query, desired)).toBe(false);
  expect(settled.has(sidOf(2), query, desired)).toBe(true);
  expect(settled.has(sidOf(1_000), query, desired)).toBe(true);
});
