import { parseConversationEvent } from '../../src/events/parse';
import { parsePolicy } from '../../src/policy/policy';
import { desiredState, handleEvent } from '../../src/sync/decide';
import { groupByName, ROUTER } from '../../src/sync/plan';
import { parseRouter, type RouterState, routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';

const site = { domainName: 'bots-1234.twil.io', local: false };
const policy = parsePolicy(
  JSON.stringify({
    webhooks: {
      bot: { target: 'studio', flowSid: `FW${'b'.repeat(32)}` },
      crm: { target: 'webhook', url: 'https://crm.example/in', filters: ['onMessageAdded'] },
    },
    profiles: { bot: ['bot'], agent: ['crm'], closed: [] },
    rules: [
      { on: 'onConversationAdded', profile: 'bot' },
      { on: 'onMessageAdded', from: ['bot'], when: { Body: 'human' }, profile: 'agent', replay: 'this' },
      {
        on: 'onMessageAdded',
        from: ['bot'],
        when: { Body: { words: ['human'] } },
        profile: 'closed',
        replay: 'start',
      },
      { on: 'onMessageAdded', from: ['agent'], when: { Body: 'robot' }, profile: 'bot' },
    ],
  }),
  {},
  site,
);
const desired = desiredState(policy, site, undefined);

let conversation: FakeConversation;
beforeEach(() => {
  conversation = new FakeConversation();
});
const router = (state: Partial<RouterState> = {}) => {
  const full = { Profile: 'bot', Since: 3, Replay: 3, At: conversation.now - 600, ...state };
  conversation.plant(routerDefinition(full, desired.router), conversation.now - 600);
};
const event = (fields: object, decidedAt = 0) => {
  const parsed = parseConversationEvent({ ConversationSid: 'CH1', ...fields });
  if (parsed.EventType === undefined) throw new Error('unknown');
  return handleEvent(conversation, { policy, desired, event: parsed, decidedAt, clock: () => 0 });
};
const message = (Body: string, Index = 5) => ({
  EventType: 'onMessageAdded',
  Body,
  Index: `${Index}`,
  DateCreated: at(0),
});
const at = (seconds: number) => new Date((conversation.now + seconds) * 1000).toISOString();
const state = () => parseRouter(groupByName(conversation.webhooks, desired).get(ROUTER)![0]!);

test('applies the first matching rule, and replays `this` message', async () => {
  router();
  expect(await event(message('human'))).toMatchObject({ profile: 'agent' });
  expect(state()).toMatchObject({ Profile: 'agent', Since: 6, Replay: 3 });
});

test('does not match a message twice, whoever sends it', async () => {
  router({ Since: 6 });
  expect(await event(message('human', 5))).toMatchObject({ profile: 'bot' });
});

test('compares `from` with the current router', async () => {
  router({ Profile: 'agent' });
  expect(await event(message('human'))).toMatchObject({ profile: 'agent' });
  expect(await event(message('robot'))).toMatchObject({ profile: 'bot' });
});

test('replays everything for `start`', async () => {
  router();
  conversation.plant(policy.webhooks.bot!);
  await event(message('a human'));
  expect(state()).toMatchObject({ Profile: 'closed', Since: 6, Replay: 0 });
});

test('enters a new conversation once', async () => {
  expect(await event({ EventType: 'onConversationAdded' })).toMatchObject({
    profile: 'bot',
    result: 'changed',
  });
  expect(state()).toMatchObject({ Profile: 'bot', Since: 0, Replay: 0 });
  expect(await event({ EventType: 'onConversationAdded' })).toMatchObject({ result: 'unchanged' });
});

test('applies only rules of new conversations without a router', async () => {
  expect(await event(message('human'))).toMatchObject({ result: 'unmanaged' });
  expect(conversation.webhooks).toEqual([]);
});

test.each([
  [9, 'ignored'],
  [10, 'changed'],
  [120, 'changed'],
  [121, 'ignored'],
])(
  'handles an event that no rule matches, %i seconds after the decision in its URL: %s',
  async (age, result) => {
    router();
    const decidedAt = conversation.now - age;
    expect(await event(message('hello'), decidedAt)).toMatchObject({ result });
  },
);

test.each([
  [{ EventType: 'onDeliveryUpdated', DateCreated: '2020-01-01T00:00:00Z', DateUpdated: 'now' }, 'changed'],
  [{ EventType: 'onConversationStateUpdated', StateUpdated: 'now' }, 'changed'],
  [{ EventType: 'onParticipantUpdated', DateCreated: '2020-01-01T00:00:00Z' }, 'ignored'],
  [{ EventType: 'onParticipantUpdated' }, 'ignored'],
])('takes the newest date of the event as its age: %j', async (fields, result) => {
  router();
  const dated = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === 'now' ? at(0) : value]),
  );
  expect(await event(dated, conversation.now - 60)).toMatchObject({ result });
});

test('repairs nothing if the URL has no time of decision', async () => {
  router();
  expect(await event(message('hello'), 0)).toMatchObject({ result: 'ignored' });
  expect(conversation.calls).toEqual([]);
});
