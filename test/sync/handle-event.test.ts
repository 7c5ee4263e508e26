import { parseConversationEvent } from '../../src/events/parse';
import { ApiError } from '../../src/lib/api-error';
import type { Policy } from '../../src/policy/policy';
import { desiredState } from '../../src/sync/desired-state';
import { handleEvent } from '../../src/sync/handle-event';
import { SettledConversations } from '../../src/sync/settled';
import { sync } from '../../src/sync/sync';
import type { Definition } from '../../src/webhooks/definition';
import { parseRouter, type parseState, type RouterState, routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';
import { hashOfIdentity, stateIn } from '../support/oracle';
import { parseSource } from '../support/policy';

const site = { domainName: 'bots-1234.twil.io', local: false };
const policy = parseSource(
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
      { on: 'onMessageUpdated', when: { Body: 'human' }, profile: 'agent', replay: 'this' },
      { on: 'onParticipantAdded', when: { Identity: 'ann' }, profile: 'agent' },
    ],
  }),
  {},
  site,
);
const desired = desiredState(policy, site, undefined);
const bot = hashOfIdentity(policy.webhooks.bot!);
const crm = hashOfIdentity(policy.webhooks.crm!);

let conversation: FakeConversation;
let settled: SettledConversations;
beforeEach(() => {
  conversation = new FakeConversation();
  settled = new SettledConversations(() => conversation.clock);
});

/** A conversation at rest in a profile, decided ten minutes ago. */
function router(Profile = 'bot', more: Partial<RouterState> = {}) {
  const at = conversation.now - 600;
  const own = { bot: { want: [bot], rest: [crm] }, agent: { want: [crm], rest: [bot] } }[Profile];
  const written = {
    Profile,
    Replay: 3,
    At: at,
    Done: [],
    Own: own ?? { want: [], rest: [bot, crm] },
    Policy: desired.policyHash,
    ...more,
  };
  conversation.plant(routerDefinition(written, desired.router), at);
  for (const name of policy.profiles[Profile]!) conversation.plant(policy.webhooks[name]!, at);
}
const query = () => parseRouter(conversation.webhooks[0]!);
const url = () => conversation.webhooks[0]!.configuration.url!;
const at = (seconds: number) => new Date((conversation.now + seconds) * 1000).toISOString();
const message = (Body: string, Index = 5, more: object = {}) => ({
  EventType: 'onMessageAdded',
  Body,
  Index: `${Index}`,
  DateCreated: at(0),
  ...more,
});
/** An event by the router with this query; its own by default, that of no router if null. */
function event(
  fields: object,
  by: ReturnType<typeof parseState> | null = query(),
  now = conversation.now,
  under = policy,
) {
  const parsed = parseConversationEvent({ ConversationSid: `CH${'1'.padStart(32, '0')}`, ...fields });
  if (parsed.EventType === undefined) throw new Error('unknown');
  const { timing } = conversation;
  return handleEvent(conversation, {
    policy: under,
    desired: desiredState(under, site, undefined),
    event: parsed,
    router: by ?? undefined,
    settled,
    timing,
    now,
  });
}

test('applies the first matching rule, and replays `this` message', async () => {
  router();
  const result = await event(message('human'));
  expect(result).toMatchObject({ profile: 'agent', rule: 1, replay: 5 });
  expect(result).not.toHaveProperty('warnings');
  expect(stateIn(url())).toMatchObject({ Profile: 'agent', Replay: 5 });
});

test('calls a rule by its name, and reports patterns that took too long', async () => {
  const slow = parseSource(
    JSON.stringify({
      webhooks: { crm: { target: 'webhook', url: 'https://crm.example/in', filters: ['onMessageAdded'] } },
      profiles: { bot: [], agent: ['crm'] },
      rules: [
        { on: 'onMessageAdded', when: { Body: { matches: '(a|a)*b' } }, profile: 'bot' },
        { name: 'asks-for-human', on: 'onMessageAdded', profile: 'agent' },
      ],
    }),
    {},
    site,
  );
  router('bot');
  expect(await event(message('a'.repeat(60)), query(), conversation.now, slow)).toMatchObject({
    rule: 'asks-for-human',
    warnings: [expect.stringMatching(/^rules\[0\] did not match/)],
  });
});

test('reports the nearest rule where nothing is decided, whether the conversation was listed or not', async () => {
  router();
  const nearest = { rule: 1, needs: ['Body in'] };
  // The first event looks whether there is anything to repair.
  expect(await event(message('hello'))).toMatchObject({ result: 'unchanged', nearest });
  expect(await event(message('hello', 6))).toEqual({
    result: 'ignored',
    why: 'no rule matches',
    policy: desired.policyHash,
    nearest,
  });
  expect(await event(message('hello'), null)).toMatchObject({ result: 'ignored', nearest });
  // A rule matches, and does not apply in the profile.
  expect(await event(message('robot'))).toMatchObject({
    why: 'no rule matches in profile bot',
    nearest,
  });
  expect(await event({ EventType: 'onConversationUpdated' })).not.toHaveProperty('nearest');
});

test('reports no nearest rule where one decides, or decided before', async () => {
  router();
  const first = await event(message('human'));
  expect(first).toMatchObject({ rule: 1 });
  expect(first).not.toHaveProperty('nearest');
  const again = await event(message('human'));
  expect(again).toMatchObject({ why: 'decided before' });
  expect(again).not.toHaveProperty('nearest');
  const update = { ...message('human', 5), EventType: 'onMessageUpdated', DateUpdated: at(1) };
  const there = await event(update);
  expect(there).toMatchObject({ why: 'already in profile agent' });
  expect(there).not.toHaveProperty('nearest');
});

test('reports no nearest rule where the first that applies leads to the current profile', async () => {
  const agents = parseSource(
    {
      webhooks: { crm: { target: 'webhook', url: 'https://crm.example/in', filters: ['onMessageAdded'] } },
      profiles: { bot: [], agent: ['crm'] },
      rules: [
        { on: 'onMessageAdded', when: { Body: 'human' }, profile: 'agent' },
        { on: 'onMessageAdded', when: { Body: 'robot' }, profile: 'bot' },
      ],
    },
    {},
    site,
  );
  router('agent', { Policy: desiredState(agents, site, undefined).policyHash });
  const play = (body: string) => event(message(body), query(), conversation.now, agents);
  // The first event repairs the filters of the router.
  expect(await play('hello')).toMatchObject({ result: 'changed', nearest: { rule: 1 } });
  const there = await play('human');
  expect(there).toMatchObject({ why: 'already in profile agent' });
  expect(there).not.toHaveProperty('nearest');
});

test('applies a rule to a message once, however often its event is delivered', async () => {
  router();
  await event(message('human'));
  await event(message('robot', 6));
  expect(await event(message('human', 5, { RetryCount: '1' }))).toMatchObject({
    profile: 'bot',
    result: 'unchanged',
    why: 'decided before',
  });
});

test('applies the rules of two messages whose events arrive in the wrong order', async () => {
  router();
  await event(message('human', 1));
  expect(await event(message('robot', 0))).toMatchObject({ profile: 'bot', result: 'changed', replay: 1 });
});

test('compares `from` with the current router, not with the one that the event came by', async () => {
  router();
  const before = query();
  expect(await event(message('human', 5), before)).toMatchObject({ profile: 'agent' });
  expect(await event(message('robot', 6), before)).toMatchObject({ profile: 'bot' });
});

test('replays everything for `start`', async () => {
  router();
  await event(message('a human'));
  expect(stateIn(url())).toMatchObject({ Profile: 'closed', Replay: 0 });
});

test('applies a rule to the update of an old message, and replays from it', async () => {
  router();
  conversation.newest = 20;
  const edited = { EventType: 'onMessageUpdated', Index: '2', Body: 'human', DateUpdated: at(0) };
  expect(await event(edited)).toMatchObject({ profile: 'agent', rule: 4, replay: 2 });
  expect(conversation.calls[0]).toBe('newestIndex');
});

test('replays no old message when a participant joins', async () => {
  router();
  conversation.newest = 19;
  expect(
    await event({ EventType: 'onParticipantAdded', ParticipantSid: 'MB1', Identity: 'ann' }),
  ).toMatchObject({ profile: 'agent', replay: 20 });
  expect(conversation.replays).toMatchObject([{ after: 20 }]);
});

test('enters a new conversation once', async () => {
  const added = { EventType: 'onConversationAdded' };
  expect(await event(added, null)).toMatchObject({ profile: 'bot', result: 'changed', rule: 0 });
  expect(conversation.calls).toEqual(['list', 'create', 'create', 'list']);
  expect(stateIn(url())).toMatchObject({ Profile: 'bot', Replay: 0 });
  expect(await event(added, null)).toMatchObject({ result: 'unchanged' });
});

test('applies only rules of new conversations without a router', async () => {
  expect(await event(message('human'), null)).toMatchObject({ result: 'unmanaged' });
  expect(conversation.webhooks).toEqual([]);
});

test('ignores the end of a conversation, whatever came before', async () => {
  router('bot', { Policy: 'older1' });
  expect(await event({ EventType: 'onConversationRemoved' })).toEqual({
    result: 'ignored',
    why: 'the conversation is gone',
    policy: desired.policyHash,
  });
  expect(conversation.calls).toEqual([]);
});

describe('conditions on the conversation', () => {
  const tiers = parseSource(
    {
      webhooks: { crm: { target: 'webhook', url: 'https://crm.example/in', filters: ['onMessageAdded'] } },
      profiles: { bot: [], gold: ['crm'], iron: ['crm'] },
      rules: [
        ...['iron', 'gold'].map((tier) => ({
          name: tier,
          on: 'onMessageAdded',
          from: ['bot'],
          when: { 'Conversation.Attributes.tier': tier, Body: { not: 'hi' } },
          profile: tier,
        })),
        {
          name: 'not-gold',
          on: 'onMessageUpdated',
          when: { 'Conversation.Attributes.tier': { not: 'gold' } },
          profile: 'iron',
        },
      ],
    },
    {},
    site,
  );
  const play = (fields: object) => event(fields, query(), conversation.now, tiers);
  beforeEach(() => {
    router('bot', { Own: { want: [], rest: [] }, Policy: desiredState(tiers, site, undefined).policyHash });
    conversation.webhooks.splice(1);
    conversation.fields = { Attributes: '{"tier":"gold"}', State: 'active' };
  });

  test('decide, and cost one call', async () => {
    expect(await play(message('hello'))).toMatchObject({ profile: 'gold', rule: 'gold', result: 'changed' });
    expect(conversation.calls.filter((call) => call === 'fetchFields')).toHaveLength(1);
    expect(conversation.calls[0]).toBe('fetchFields');
  });

  test('cost no call if others do not hold', async () => {
    await play(message('hi'));
    expect(conversation.calls).not.toContain('fetchFields');
  });

  test('are matched with what was fetched, however often the event is judged', async () => {
    // Somebody else overwrites the decision, so that it is made again.
    const before = url();
    let lists = 0;
    conversation.before = (call) => {
      if (call !== 'list' || ++lists !== 2) return;
      conversation.rewrite(conversation.webhooks[0]!.sid, { url: before });
      conversation.fields = { Attributes: '{"tier":"iron"}', State: 'active' };
    };
    expect(await play(message('hello'))).toMatchObject({ profile: 'gold', rule: 'gold' });
    expect(conversation.calls.filter((call) => call === 'fetchFields')).toHaveLength(1);
    expect(conversation.calls.filter((call) => call === 'update')).toHaveLength(2);
  });

  test('do not hold, with a warning, if it cannot be fetched', async () => {
    const secret = new ApiError(20003, 'Authenticate hunter2', undefined, 401);
    conversation.refuse('fetchFields', secret, { times: 2 });
    const warning =
      'the conversation could not be fetched (error 20003), so no condition on its fields holds';
    const updated = { EventType: 'onMessageUpdated', Index: '1', DateUpdated: at(0) };
    for (const received of [message('hello'), updated])
      expect(await play(received)).toMatchObject({ warnings: [warning] });
    expect(new URL(url()).searchParams.get('Profile')).toBe('bot');
    expect(conversation.calls.filter((call) => call === 'fetchFields')).toHaveLength(2);
  });

  test('warn, also if the event is ignored, that it cannot be fetched', async () => {
    conversation.refuse('fetchFields', new ApiError(20404, 'Not found', undefined, 404));
    expect(await event(message('hello'), null, conversation.now, tiers)).toMatchObject({
      result: 'ignored',
      warnings: ['the conversation could not be fetched (error 20404), so no condition on its fields holds'],
    });
    expect(await event(message('hi'), null, conversation.now, tiers)).not.toHaveProperty('warnings');
  });

  test('leave the sync time of its own', async () => {
    conversation.clock = 50;
    await play(message('hello'));
    expect(conversation.sent[0]).toEqual({ call: 'fetchFields', at: 50, sendBefore: 1_050 });
  });

  test('do not hide an error of the program', async () => {
    conversation.before = (call) => {
      if (call === 'fetchFields') throw new TypeError('x is not a function');
    };
    await expect(play(message('hello'))).rejects.toThrow(TypeError);
  });
});

describe('calendars', () => {
  const hours = parseSource(
    {
      webhooks: { crm: { target: 'webhook', url: 'https://crm.example/in', filters: ['onMessageAdded'] } },
      profiles: { bot: [], agent: ['crm'] },
      calendars: { office: { timeZone: 'Europe/Berlin', open: { mon: ['09:00-17:00'] } } },
      rules: [
        { name: 'open', on: 'onMessageUpdated', during: 'office', profile: 'agent' },
        { name: 'closed', on: 'onMessageUpdated', outside: 'office', profile: 'agent' },
      ],
    },
    {},
    site,
  );
  const open = '2026-11-02T09:00:00Z';
  const closed = '2026-11-02T20:00:00Z';

  test.each([
    [{ DateCreated: closed, DateUpdated: open }, closed, 'closed'],
    [{ DateCreated: '2026-11-01T20:00:00Z', DateUpdated: open }, closed, 'open'],
    [{ DateUpdated: closed }, open, 'closed'],
    [{}, open, 'open'],
    [{ DateUpdated: 'soon' }, closed, 'closed'],
  ])('count the newest date of %j, else the arrival at %s: %s', async (dates, arrival, rule) => {
    router('bot');
    const updated = { EventType: 'onMessageUpdated', Index: '1', ...dates };
    expect(await event(updated, query(), Date.parse(arrival) / 1000, hours)).toMatchObject({ rule });
  });
});

describe('an event that no rule matches', () => {
  test.each([
    [9, [], 'ignored'],
    [10, ['list'], 'unchanged'],
    [121, ['list'], 'unchanged'],
    [86_400, ['list'], 'unchanged'],
  ])('%i seconds after the decision in its URL makes the calls %j', async (age, calls, result) => {
    router('bot', { At: conversation.now - age });
    expect(await event(message('hello'))).toMatchObject({ result });
    expect(conversation.calls).toEqual(calls);
  });

  test('repairs an hour after a decision that was never finished', async () => {
    router('bot', { At: conversation.now - 3_600, Replay: 4 });
    conversation.webhooks.pop();
    await event(message('hello', 5));
    expect(conversation.replays).toMatchObject([{ after: 4 }]);
    expect(conversation.calls).toEqual(['list', 'create', 'list']);
  });

  test.each([
    [9, []],
    [10, ['list']],
  ])('repairs if the decision in its URL lies %i seconds ahead: %j', async (ahead, calls) => {
    router('bot', { At: conversation.now + ahead });
    await event(message('hello'));
    expect(conversation.calls).toEqual(calls);
  });

  test('repairs if its URL names another policy, however recent', async () => {
    router('bot', { At: conversation.now, Policy: 'older1' });
    expect(await event(message('hello'))).toMatchObject({ result: 'changed', policy: desired.policyHash });
    expect(stateIn(url()).Policy).toBe(desired.policyHash);
  });

  test('repairs if its URL has no time of the decision', async () => {
    router();
    const { At: _, ...rest } = Object.fromEntries(new URL(url()).searchParams);
    conversation.rewrite(conversation.webhooks[0]!.sid, {
      url: `https://bots-1234.twil.io/events/conversation?${new URLSearchParams(rest)}`,
    });
    expect(await event(message('hello'))).toMatchObject({ result: 'changed' });
    expect(new URL(url()).searchParams.get('At')).toBe('0');
  });

  test.each([
    [{ EventType: 'onDeliveryUpdated', DateCreated: '2020-01-01T00:00:00Z', DateUpdated: 'now' }, true],
    [{ EventType: 'onConversationStateUpdated', StateUpdated: 'now' }, true],
    [{ EventType: 'onParticipantUpdated', DateCreated: '2020-01-01T00:00:00Z' }, false],
    // Without a date it happens now.
    [{ EventType: 'onParticipantUpdated' }, true],
  ])('counts its newest date: %j repairs: %s', async (fields, repairs) => {
    router('bot', { At: conversation.now - 60 });
    const dated = Object.entries(fields).map(([name, value]) => [name, value === 'now' ? at(0) : value]);
    await event(Object.fromEntries(dated));
    expect(conversation.calls).toEqual(repairs ? ['list'] : []);
  });

  test('costs no call once the conversation is settled, until its router changes or ten minutes passed', async () => {
    router();
    await event(message('hello', 5));
    await event(message('hello', 6));
    expect(conversation.calls).toEqual(['list']);
    expect(await event(message('human', 7))).toMatchObject({ profile: 'agent' });
    conversation.calls.length = 0;
    conversation.clock += 15_000;
    await event(message('hello', 8));
    await event(message('hello', 9));
    expect(conversation.calls).toEqual(['list']);
    conversation.clock += 600_000;
    Object.assign(conversation.timing, { deadline: conversation.clock + 8_750 });
    await event(message('hello', 10));
    expect(conversation.calls).toEqual(['list', 'list']);
  });

  test('repairs after another policy came and went, though the conversation was settled before', async () => {
    const { crm, ...others } = policy.webhooks as { crm: Extract<Definition, { target: 'webhook' }> };
    const other = { ...policy, webhooks: { ...others, crm: { ...crm, url: 'https://crm.example/other' } } };
    const takeOver = (by: Policy) =>
      sync(conversation, {
        desired: desiredState(by, site, undefined),
        trigger: { kind: 'repair' },
        timing: conversation.timing,
      });
    conversation.newest = 5;
    router('agent');
    const later = () => {
      conversation.clock += 15_000;
      Object.assign(conversation.timing, { deadline: conversation.clock + 8_750 });
    };
    for (const by of [other, policy, other, policy]) await takeOver(by);
    later();
    await event(message('hello', 6));
    await takeOver(other);
    // Dies after it has written the router.
    conversation.before = (call) => {
      if (call === 'create') throw new Error('killed');
    };
    await expect(takeOver(policy)).rejects.toThrow('killed');
    conversation.before = () => {};
    later();
    await event(message('hello', 7));
    expect(conversation.webhooks.map(({ configuration }) => configuration.url)).toContain(crm.url);
  });

  test('by the webhook of a service never repairs', async () => {
    router('bot', { Policy: 'older1', At: 0 });
    expect(await event(message('hello'), null)).toMatchObject({ result: 'ignored', why: 'no rule matches' });
    expect(conversation.calls).toEqual([]);
  });
});

describe('an event whose rule decides nothing', () => {
  test('costs one call', async () => {
    router('agent', { At: conversation.now - 5 });
    expect(await event(message('human'))).toMatchObject({
      result: 'unchanged',
      why: 'no rule matches in profile agent',
    });
    expect(conversation.calls).toEqual(['list']);
  });

  test('costs two calls if it needs the newest message', async () => {
    router('agent', { At: conversation.now - 5 });
    await event({
      EventType: 'onParticipantAdded',
      ParticipantSid: 'MB1',
      Identity: 'ann',
      DateCreated: at(0),
    });
    expect(conversation.calls).toEqual(['newestIndex', 'list']);
  });

  test('repairs like any other', async () => {
    router('agent');
    conversation.webhooks.pop();
    await event(message('human', 5));
    expect(conversation.replays).toMatchObject([{ after: 3 }]);
  });
});
