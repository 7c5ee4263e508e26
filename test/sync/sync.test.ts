import { ApiError } from '../../src/lib/api-error';
import type { DesiredState } from '../../src/sync/desired-state';
import { groupByName, ROUTER } from '../../src/sync/managed-webhooks';
import { type SyncRequest, sync } from '../../src/sync/sync';
import type { EventTrigger, RequestedProfile } from '../../src/sync/trigger';
import type { Definition } from '../../src/webhooks/definition';
import { type RouterState, routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';
import { desired, desiredWith, foreign, routerState } from '../support/desired-state';
import { hashOfIdentity, stateIn } from '../support/oracle';

const KEY = 'event';
const repair = { kind: 'repair' } as const;
const conflict = new ApiError(20409, 'Conflict', undefined, 409);
const badRequest = new ApiError(50055, 'Invalid webhook', undefined, 400);
const tooMany = new ApiError(50361, 'Too many', undefined, 403);
const throttled = new ApiError(20429, 'Too many requests', undefined, 429);

let conversation: FakeConversation;
beforeEach(() => {
  conversation = new FakeConversation();
});

const run = (trigger: SyncRequest['trigger'], more: Partial<SyncRequest> = {}) =>
  sync(conversation, { desired, trigger, timing: conversation.timing, ...more });

type Replay = 'start' | 'this' | 'next';
/** A message that a rule leads to a profile. */
const message = (
  profile: string,
  index: number,
  replay: Replay = 'this',
  more: Partial<EventTrigger> = {},
): EventTrigger => ({
  kind: 'event',
  key: KEY,
  rules: [{ on: 'onMessageAdded', profile, replay, index: 1 }],
  added: index,
  about: index,
  needsNewest: false,
  repairs: false,
  ...more,
});
/** An event without an index that a rule leads to a profile. */
const joined = (profile: string): EventTrigger => ({
  kind: 'event',
  key: KEY,
  rules: [{ on: 'onParticipantAdded', profile, replay: 'next', index: 0 }],
  needsNewest: true,
  repairs: false,
});
const entered = (profile: string): EventTrigger => ({
  kind: 'event',
  key: KEY,
  rules: [{ on: 'onConversationAdded', profile, replay: 'start', index: 0 }],
  needsNewest: false,
  repairs: false,
});
/** A message that no rule matches, and that may repair. */
const ordinary = (index: number): EventTrigger => ({
  ...message('', index),
  rules: [],
  repairs: true,
});
const request = (profile: string, replayAfter?: RequestedProfile['replayAfter']): RequestedProfile => ({
  kind: 'request',
  key: 'reqst',
  profile,
  replayAfter,
});

/** A router that was written ten minutes ago. */
const plantRouter = (Profile: string, more: Partial<RouterState> = {}, spec = desired.router) =>
  conversation.plant(
    routerDefinition(routerState(Profile, { At: conversation.now - 600, ...more }), spec),
    conversation.now - 600,
  );
const plant = (...names: string[]) =>
  names.map((name) => conversation.plant(desired.webhooks[name]!, conversation.now - 600));
const names = (of: DesiredState = desired) =>
  [...groupByName(conversation.webhooks, of)]
    .map(([name, all]) => `${name}${all.length > 1 ? '!' : ''}`)
    .sort();
const routerOf = () =>
  conversation.webhooks.find(({ configuration }) => configuration.url?.includes('/events/conversation?'))!;
const state = () => stateIn(routerOf().configuration.url!);
const hashes = (...of: string[]) => of.map((name) => hashOfIdentity(desired.webhooks[name]!));
const stepsOf = (plan: readonly { step: string; webhook: string }[]) =>
  plan.map(({ step, webhook }) => `${step} ${webhook}`);
/** Acts before the nth list, from 1. */
const beforeList = (n: number, act: () => void) => {
  let lists = 0;
  conversation.before = (call) => {
    if (call === 'list' && ++lists === n) act();
  };
};
/** What somebody else writes into the router. */
const overwrite = (Profile: string, more: Partial<RouterState> = {}) => {
  const written = routerState(Profile, { At: conversation.now, ...more });
  const { target: _, ...settings } = routerDefinition(written, desired.router);
  conversation.rewrite(routerOf().sid, settings);
};

describe('the entry', () => {
  test('by a rule creates the router, replays all to it, and attaches the webhooks, in 3 + k calls', async () => {
    const at = conversation.now;
    const result = await run(entered('bot'));
    expect(conversation.calls).toEqual(['list', 'create', 'create', 'list']);
    expect(result).toEqual({
      profile: 'bot',
      previous_profile: null,
      result: 'changed',
      rule: 0,
      replay: 0,
      policy: 'policy',
      plan: [
        { step: 'create', webhook: 'router', why: 'enters profile bot' },
        { step: 'create', webhook: 'bot', why: 'in profile bot' },
      ],
      rounds: 1,
      count: 2,
      free: 3,
    });
    expect(state()).toEqual({
      Profile: 'bot',
      Replay: 0,
      At: at,
      Done: [KEY],
      Own: { want: hashes('bot'), rest: hashes('crm', 'sos', 'monitor', 'survey', 'audit') },
      Policy: 'policy',
      ServiceSid: undefined,
    });
    expect(conversation.replays.map(({ after }) => after)).toEqual([0, 0]);
  });

  test('by a request writes on a list that is as recent as can be, if its caller knows that the newest index is needed', async () => {
    conversation.newest = 7;
    expect(await run({ ...request('bot'), needsNewest: true })).toMatchObject({ profile: 'bot', replay: 8 });
    expect(conversation.calls).toEqual(['newestIndex', 'list', 'create', 'create', 'list']);
  });

  test.each<[RequestedProfile['replayAfter'], number | undefined, routerReplay: number, replay: number]>([
    [undefined, 7, 8, 8],
    ['next', 7, 8, 8],
    ['latest', 7, 8, 7],
    ['start', 7, 8, 0],
    [3, 7, 8, 3],
    [undefined, undefined, 0, 0],
  ])(
    'by hand with ReplayAfter %s and the newest message %s replays from %i to the router and from %i to others, in 4 + k calls',
    async (replayAfter, newest, routerReplay, replay) => {
      conversation.newest = newest;
      expect(await run(request('agent', replayAfter))).toMatchObject({ profile: 'agent', replay });
      expect(conversation.calls).toEqual(['list', 'newestIndex', 'create', 'create', 'list']);
      expect(conversation.replays.map(({ after }) => after)).toEqual([routerReplay, replay]);
      expect(state()).toMatchObject({ Replay: replay, Done: ['reqst'] });
    },
  );

  test('frees a slot for the router when five managed webhooks are attached', async () => {
    plant('bot', 'crm', 'sos', 'monitor', 'survey');
    const counts: number[] = [];
    conversation.before = () => counts.push(conversation.webhooks.length);
    const { plan } = await run(entered('other'));
    expect(stepsOf(plan)).toEqual(['delete bot', 'create router', 'delete survey', 'create audit']);
    expect(conversation.calls).toEqual(['list', 'remove', 'create', 'remove', 'create', 'list']);
    expect(counts).toEqual([5, 5, 4, 5, 4, 5]);
    expect(names()).toEqual(['audit', 'crm', 'monitor', 'router', 'sos']);
  });

  test('frees the slot of a duplicate for the router before that of a webhook', async () => {
    const [, duplicate] = plant('crm', 'crm', 'sos', 'audit', 'monitor');
    const { plan } = await run(entered('other'));
    expect(plan).toMatchObject([
      { step: 'delete', webhook: 'crm', sid: duplicate!.sid },
      { step: 'create', webhook: 'router' },
    ]);
    expect(names()).toEqual(['audit', 'crm', 'monitor', 'router', 'sos']);
  });

  test('fails when all five webhooks are to stay', async () => {
    for (const n of [1, 2, 3, 4]) conversation.plant(foreign(n));
    plant('crm');
    await expect(run(entered('agent'))).rejects.toMatchObject({
      code: 50361,
      status: 403,
      message: expect.stringContaining('No free slot for router'),
      details: { missing: [ROUTER], webhooks: expect.any(Array) },
    });
    expect(conversation.calls).toEqual(['list']);
  });

  test('without a router, only rules on new conversations apply', async () => {
    expect(await run(message('agent', 3, 'this', { repairs: true }))).toMatchObject({ result: 'unmanaged' });
    expect(conversation.calls).toEqual(['list']);
  });

  test('with a router, rules on new conversations do not apply', async () => {
    plantRouter('bot');
    plant('bot');
    expect(await run(entered('agent'))).toMatchObject({ result: 'unchanged', profile: 'bot' });
    expect(conversation.calls).toEqual(['list']);
  });
});

describe('a decision', () => {
  test('of a message changes the profile in 3 + k calls, new webhooks first, with their replay', async () => {
    plantRouter('bot', { Done: ['aaaaa'] });
    plant('bot');
    const result = await run(message('agent', 5));
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'remove', 'list']);
    expect(result).toMatchObject({
      result: 'changed',
      profile: 'agent',
      previous_profile: 'bot',
      rule: 1,
      replay: 5,
      rounds: 1,
    });
    expect(conversation.replays).toMatchObject([{ after: 5 }]);
    expect(names()).toEqual(['crm', 'router']);
    expect(state()).toMatchObject({
      Profile: 'agent',
      Replay: 5,
      At: 1_790_000_000,
      Done: ['aaaaa', KEY],
      Own: { want: hashes('crm'), rest: expect.arrayContaining(hashes('bot')) },
    });
  });

  test('repairs what else differs, duplicates of the router included, in the same round', async () => {
    plantRouter('agent');
    const twin = plantRouter('agent');
    const [sos] = plant('sos');
    conversation.rewrite(sos!.sid, { triggers: ['sos'] }, conversation.now - 600);
    const { plan, rounds } = await run(message('both', 5));
    expect(stepsOf(plan)).toEqual(['update router', 'update sos', 'create bot', 'delete router']);
    expect(plan.at(-1)).toMatchObject({ sid: twin.sid, why: 'duplicate' });
    expect(rounds).toBe(1);
  });

  test('of an event without an index asks for the newest message first, in 4 + k calls', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.newest = 19;
    await run(joined('agent'));
    expect(conversation.calls).toEqual(['newestIndex', 'list', 'update', 'create', 'remove', 'list']);
  });

  test('of a request asks for the newest message after the list, in 4 + k calls', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.newest = 19;
    expect(await run(request('agent'))).toMatchObject({ replay: 20 });
    expect(conversation.calls).toEqual(['list', 'newestIndex', 'update', 'create', 'remove', 'list']);
  });

  test.each([
    [4, 4],
    ['start', 0],
  ] as const)('of a request with ReplayAfter=%s needs no newest message', async (replayAfter, replay) => {
    plantRouter('bot');
    plant('bot');
    await run(request('agent', replayAfter));
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'remove', 'list']);
    expect(conversation.replays).toMatchObject([{ after: replay }]);
  });

  test('replays no old message for `next`: neither when a participant joins, nor on the way back', async () => {
    plantRouter('bot', { Replay: 0 });
    plant('bot');
    conversation.newest = 19;
    await run(joined('agent'));
    conversation.newest = 29;
    await run(message('bot', 29, 'next', { key: 'back1' }));
    expect(conversation.replays.map(({ after }) => after)).toEqual([20, 30]);
  });

  test('of an older message counts, though a newer one was decided before', async () => {
    plantRouter('agent', { Replay: 9, Done: ['newer'], At: conversation.now - 2 });
    plant('crm');
    expect(await run(message('both', 5))).toMatchObject({ profile: 'both', replay: 5 });
    expect(state()).toMatchObject({ Replay: 5, Done: ['newer', KEY] });
  });

  test('of an edited message replays from it on, and knows nothing of the newest one', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.newest = 30;
    const edited: EventTrigger = {
      ...message('agent', 2),
      rules: [{ on: 'onMessageUpdated', profile: 'agent', replay: 'this', index: 1 }],
      added: undefined,
      needsNewest: true,
    };
    expect(await run(edited)).toMatchObject({ replay: 2 });
    conversation.calls.length = 0;
    const next = {
      ...edited,
      key: 'next1',
      rules: [{ ...edited.rules[0]!, profile: 'bot', replay: 'next' }],
    };
    expect(await run(next as EventTrigger)).toMatchObject({ replay: 31 });
  });

  test('is made once, however often its event is delivered', async () => {
    plantRouter('bot', { Done: ['aaaaa', KEY, 'bbbbb'] });
    plant('bot');
    expect(await run(message('agent', 5))).toMatchObject({ result: 'unchanged', why: 'decided before' });
    expect(conversation.calls).toEqual(['list']);
  });

  test('keeps the last six decisions', async () => {
    plantRouter('bot', { Done: ['key_1', 'key_2', 'key_3', 'key_4', 'key_5', 'key_6'] });
    plant('bot');
    await run(message('agent', 5));
    expect(state().Done).toEqual(['key_2', 'key_3', 'key_4', 'key_5', 'key_6', KEY]);
  });

  test('for the current profile is none: a rule costs one call', async () => {
    plantRouter('agent', { Replay: 9 });
    plant('crm');
    expect(await run(message('agent', 12))).toMatchObject({
      result: 'unchanged',
      why: 'already in profile agent',
    });
    expect(conversation.calls).toEqual(['list']);
    expect(state()).toMatchObject({ Replay: 9, Done: [] });
  });

  test('for the current profile is none: a request costs one call, and says that it replays nothing', async () => {
    plantRouter('agent');
    plant('crm');
    expect(await run(request('agent'))).toMatchObject({
      result: 'unchanged',
      why: 'already in profile agent',
    });
    expect(await run(request('agent', 0))).toMatchObject({
      result: 'unchanged',
      why: 'already in profile agent; ReplayAfter has no effect',
    });
    expect(conversation.calls).toEqual(['list', 'list']);
  });

  test('keeps the router in a profile without webhooks', async () => {
    plantRouter('agent');
    plant('crm');
    expect(await run(message('closed', 5))).toMatchObject({ profile: 'closed', count: 1 });
    expect(names()).toEqual(['router']);
  });

  test('leaves foreign webhooks alone, and reports foreign routers', async () => {
    plantRouter('bot');
    const theirs = ['else.twil.io', 'third.twil.io'].map((host) =>
      conversation.plant({
        ...desired.webhooks.crm!,
        url: `https://${host}/events/conversation?Profile=bot`,
      } as Definition),
    );
    const other = conversation.plant(foreign(1));
    expect(await run(message('agent', 3))).toMatchObject({
      foreign_routers: ['else.twil.io', 'third.twil.io'],
      warnings: ['also managed by else.twil.io, third.twil.io'],
    });
    expect(conversation.webhooks).toEqual(expect.arrayContaining([...theirs, other]));
  });

  test('is not made again after the commit, however often it lists', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.before = (call) => {
      if (call === 'create') conversation.clock += 2_000;
    };
    await run(message('agent', 5));
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'list', 'remove', 'list']);
    expect(names()).toEqual(['crm', 'router']);
  });
});

describe('a pending replay', () => {
  test.each([
    [60, 7, 2],
    [119, 99, 2],
    [120, 11, 2],
    [120, 12, 12],
    [3_600, 11, 2],
  ])(
    'of an unfinished profile, decided %i seconds ago, at message %i: replays from %i',
    async (age, index, replay) => {
      plantRouter('bot', { Replay: 2, At: conversation.now - age });
      expect(await run(message('agent', index))).toMatchObject({ replay });
      expect(conversation.replays).toMatchObject([{ after: replay }]);
    },
  );

  test('of a finished profile does not count', async () => {
    plantRouter('bot', { Replay: 2, At: conversation.now - 5 });
    plant('bot');
    expect(await run(message('agent', 7))).toMatchObject({ replay: 7 });
  });

  test('is kept by a request with a later ReplayAfter, which asks whether it is still owed', async () => {
    plantRouter('bot', { Replay: 3, At: conversation.now - 3_600 });
    conversation.newest = 8;
    expect(await run(request('agent', 50))).toMatchObject({ replay: 3 });
    expect(conversation.calls).toEqual(['list', 'newestIndex', 'update', 'create', 'list']);
  });

  test('that is owed no longer is dropped by a request', async () => {
    plantRouter('bot', { Replay: 3, At: conversation.now - 3_600 });
    conversation.newest = 13;
    expect(await run(request('agent', 10))).toMatchObject({ replay: 10 });
  });
});

describe('a list', () => {
  test('that is older than 250 ms is not enough to write the router', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.newest = 4;
    conversation.before = (call) => {
      if (call === 'newestIndex') conversation.clock += 250;
    };
    expect(await run(request('agent'))).toMatchObject({ profile: 'agent', rounds: 1 });
    expect(conversation.calls).toEqual(['list', 'newestIndex', 'list', 'update', 'create', 'remove', 'list']);
  });

  test('that is younger is enough', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.newest = 4;
    conversation.before = (call) => {
      if (call === 'newestIndex') conversation.clock += 249;
    };
    await run(request('agent'));
    expect(conversation.calls).toEqual(['list', 'newestIndex', 'update', 'create', 'remove', 'list']);
  });

  test('limits how long each write may be retried, from its arrival', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.latencyMs = 100;
    await run(message('agent', 5));
    expect(conversation.sent).toEqual([
      { call: 'list', at: 0, sendBefore: undefined },
      { call: 'update', at: 100, sendBefore: 350 },
      { call: 'create', at: 200, sendBefore: 1_100 },
      { call: 'remove', at: 300, sendBefore: 1_100 },
      { call: 'list', at: 1_200, sendBefore: undefined },
    ]);
  });

  test('that lags does not undo what the run has written', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.latencyMs = 20;
    conversation.lagMs = 900;
    await run(request('agent', 5));
    expect(names()).toEqual(['crm', 'router']);
    expect(conversation.calls.filter((call) => call === 'update')).toHaveLength(1);
    expect(conversation.calls.filter((call) => call === 'create')).toHaveLength(1);
  });

  test('that never shows its writes does not make it write again', async () => {
    plantRouter('bot');
    plant('bot');
    const stale = [...conversation.webhooks];
    conversation.list = async () => ({ webhooks: stale, date: conversation.now });
    await run(message('agent', 5));
    expect(names()).toEqual(['crm', 'router']);
    expect(conversation.calls).toEqual(['update', 'create', 'remove', 'fetch']);
  });

  test('that lacks a new webhook, which then cannot be fetched, verifies nothing', async () => {
    plantRouter('bot');
    plant('bot');
    const stale = [...conversation.webhooks];
    conversation.list = async () => ({ webhooks: stale, date: conversation.now });
    conversation.refuse('fetch', new ApiError(20500, 'Internal error', undefined, 500));
    expect(await run(message('agent', 5))).toMatchObject({ profile: 'agent', verified: false });
    expect(conversation.calls).toEqual(['update', 'create', 'remove', 'fetch']);
  });

  test('that is stale in the second of a decision does not make it decide again', async () => {
    conversation.plant(routerDefinition(routerState('bot', { At: conversation.now }), desired.router));
    const [stale] = conversation.webhooks;
    conversation.refuse('create', conflict);
    const list = conversation.list.bind(conversation);
    let lists = 0;
    conversation.list = async () => {
      const { webhooks, date } = await list();
      return { webhooks: ++lists === 2 ? [stale!] : webhooks, date };
    };
    expect(await run(message('agent', 5))).toMatchObject({ profile: 'agent', rounds: 2 });
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'list', 'create', 'list']);
  });

  test('is believed on what somebody changed in the second of a create', async () => {
    plantRouter('agent');
    conversation.newest = 99;
    beforeList(3, () => {
      const { sid } = conversation.webhooks[1]!;
      conversation.rewrite(sid, { filters: ['onMessageRemoved'] });
    });
    const { plan } = await run(repair);
    expect(stepsOf(plan)).toEqual(['create crm', 'update crm']);
    expect(conversation.webhooks[1]).toMatchObject({ configuration: { filters: ['onMessageAdded'] } });
  });

  test('shows that another run deleted its webhook: it deletes no duplicate for it', async () => {
    plantRouter('bot');
    plant('bot');
    let theirs: string | undefined;
    conversation.before = (call) => {
      if (call !== 'remove' || theirs) return;
      conversation.webhooks.pop();
      theirs = conversation.plant(desired.webhooks.crm!, conversation.now + 1).sid;
    };
    await run(message('agent', 5));
    expect(conversation.webhooks.map(({ sid }) => sid)).toContain(theirs);
    expect(names()).toEqual(['crm', 'router']);
  });
});

describe('a list that is older than the event', () => {
  const router = routerState('bot', { At: 1_790_000_000, Done: ['entry'] });
  const fromRouter = (more: Partial<EventTrigger> = {}) =>
    message('agent', 0, 'this', { router: { ...router, complete: true }, ...more });

  test('shows no router: it lists again half a second later, and decides', async () => {
    beforeList(2, () => {
      conversation.plant(routerDefinition(router, desired.router));
      plant('bot');
    });
    expect(await run(fromRouter())).toMatchObject({ profile: 'agent', rule: 1 });
    expect(conversation.calls.slice(0, 3)).toEqual(['list', 'list', 'update']);
    expect(conversation.sent[1]!.at - conversation.sent[0]!.at).toBe(500);
  });

  test('shows an earlier decision: it lists again, and decides on the later one', async () => {
    conversation.plant(routerDefinition(routerState('agent', { At: router.At - 600 }), desired.router));
    beforeList(2, () => overwrite('bot', { At: router.At, Done: ['entry'] }));
    expect(await run(fromRouter())).toMatchObject({ profile: 'agent', previous_profile: 'agent', rule: 1 });
    expect(state()).toMatchObject({ Profile: 'agent', Done: ['entry', KEY] });
  });

  test('is read again only once', async () => {
    expect(await run(fromRouter())).toMatchObject({ result: 'unmanaged' });
    expect(conversation.calls).toEqual(['list', 'list']);
  });

  test('is no such list if a later decision has pushed the key out of Done', async () => {
    plantRouter('agent', { At: router.At + 60, Done: ['later'] });
    plant('crm');
    await run(fromRouter());
    expect(conversation.calls).toEqual(['list']);
  });
});

describe('the late list', () => {
  test.each([
    ['an event', 1_000, message('agent', 5)],
    ['a request', 500, request('agent', 5)],
  ] as const)('of %s comes %i ms after its commit', async (_, ms, trigger) => {
    plantRouter('bot');
    plant('bot');
    await run(trigger);
    expect(conversation.sent.filter(({ call }) => call === 'list').map(({ at }) => at)).toEqual([0, ms]);
  });

  test('comes at once if the steps took longer', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.latencyMs = 600;
    conversation.before = (call) => {
      if (call === 'list' || call === 'update') conversation.clock -= 600;
    };
    await run(message('agent', 5));
    expect(conversation.sent.map(({ call, at }) => `${call} ${at}`)).toEqual([
      'list -600',
      'update -600',
      'create 0',
      'remove 600',
      'list 600',
    ]);
  });

  test('shows that another run overwrote the decision in the same second: it is made again', async () => {
    plantRouter('bot');
    plant('bot');
    beforeList(2, () => {
      conversation.clock -= 1_000;
      overwrite('bot', { Done: ['other'], Replay: 9 });
      conversation.clock += 1_000;
    });
    const result = await run(message('agent', 5));
    expect(result).toMatchObject({ profile: 'agent', rounds: 2 });
    expect(state()).toMatchObject({ Profile: 'agent', Done: ['other', KEY], Replay: 5 });
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'remove', 'list', 'update', 'list']);
    expect(conversation.clock).toBe(2_000);
  });

  test('shows that it no longer applies: it is not made again', async () => {
    plantRouter('bot');
    plant('bot');
    beforeList(2, () => overwrite('closed', { Done: ['other'] }));
    const trigger = message('agent', 5);
    const fromBot = { ...trigger, rules: [{ ...trigger.rules[0]!, from: ['bot'] }] };
    expect(await run(fromBot)).toMatchObject({ profile: 'closed' });
    expect(names()).toEqual(['router']);
    expect(state()).toMatchObject({ Profile: 'closed', Done: ['other'] });
  });

  test('shows a later decision of another run, which is carried out', async () => {
    plantRouter('bot');
    plant('bot');
    beforeList(2, () => overwrite('closed', { Done: [KEY, 'later'], Replay: 8 }));
    expect(await run(message('agent', 5))).toMatchObject({ profile: 'closed', rounds: 2, replay: 8 });
    expect(names()).toEqual(['router']);
    expect(state().Done).toEqual([KEY, 'later']);
  });

  test('shows another version of the policy at work, which is left alone', async () => {
    plantRouter('bot');
    plant('bot');
    beforeList(2, () => overwrite('bot', { Done: [KEY], Policy: 'other1' }));
    await run(message('agent', 5));
    expect(state()).toMatchObject({ Profile: 'bot', Policy: 'other1' });
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'remove', 'list']);
  });

  test('shows that another version has not seen what this one created: that is deleted again', async () => {
    plantRouter('agent', { Policy: 'older1' });
    beforeList(2, () => {
      plant('bot');
      overwrite('agent', { Policy: 'older1', Own: { want: hashes('bot'), rest: [] } });
    });
    expect(await run(ordinary(5))).toMatchObject({
      plan: [{}, { step: 'create' }, { step: 'delete', webhook: 'crm' }],
    });
    expect(names()).toEqual(['bot', 'router']);
    expect(state()).toMatchObject({ Policy: 'older1' });
  });

  test('shows another version at work on a new router, which stays', async () => {
    beforeList(2, () => overwrite('bot', { Done: [KEY], Policy: 'other1' }));
    await run(entered('bot'));
    expect(names()).toEqual(['bot', 'router']);
    expect(state()).toMatchObject({ Policy: 'other1' });
  });

  test('that fails leaves the decision unverified', async () => {
    plantRouter('bot');
    plant('bot');
    beforeList(2, () => {
      throw throttled;
    });
    expect(await run(message('agent', 5))).toMatchObject({
      result: 'changed',
      profile: 'agent',
      previous_profile: 'bot',
      verified: false,
      count: 2,
      free: 3,
      warnings: [expect.stringContaining('could not be verified')],
      plan: [{ webhook: 'router' }, { webhook: 'crm' }, { webhook: 'bot' }],
      replay: 5,
    });
  });

  test('that fails counts what was done since the list before', async () => {
    conversation.refuse('create', conflict, { on: (address) => address.startsWith('FW') });
    beforeList(3, () => {
      throw throttled;
    });
    // The second list shows the router alone.
    expect(await run(entered('bot'))).toMatchObject({
      profile: 'bot',
      verified: false,
      plan: [{ webhook: 'router' }, { webhook: 'bot' }],
      count: 2,
      free: 3,
    });
  });

  test('that fails after an entry counts the router, which no list has shown', async () => {
    beforeList(2, () => {
      throw throttled;
    });
    expect(await run(entered('bot'))).toMatchObject({
      profile: 'bot',
      previous_profile: null,
      verified: false,
      replay: 0,
      count: 2,
      free: 3,
    });
  });

  test('that fails after a later decision of another run leaves that in the result', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.refuse('create', conflict);
    let lists = 0;
    conversation.before = (call) => {
      if (call === 'create') conversation.clock += 1_000;
      if (call !== 'list') return;
      lists += 1;
      if (lists === 2) overwrite('closed', { Done: [KEY, 'later'], Replay: 8 });
      if (lists === 3) throw throttled;
    };
    const result = await run(message('agent', 5));
    expect(result).toMatchObject({ profile: 'closed', replay: 8, verified: false, count: 1 });
  });

  test('comes after a commit that was lost, refused with a 409, or overtaken by a failure, too', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.refuse('update', conflict);
    await run(message('agent', 5));
    expect(conversation.sent.at(-1)).toMatchObject({ call: 'list', at: 1_000 });

    conversation.clock = 0;
    conversation.lose('update', true);
    await run(message('bot', 6, 'this', { key: 'lost1' }));
    expect(conversation.sent.at(-1)).toMatchObject({ call: 'list', at: 1_000 });

    conversation.clock = 0;
    conversation.refuse('create', throttled, { times: 20 });
    await expect(run(message('agent', 7, 'this', { key: 'fail1' }))).rejects.toMatchObject({ code: 20429 });
    expect(conversation.sent.at(-1)).toMatchObject({ call: 'list', at: 1_000 });
  });
});

describe('the deadline', () => {
  test('lets no step start with under 1.5 s left', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.clock = 8_750 - 1_500;
    await expect(run(message('agent', 5))).rejects.toMatchObject({
      code: 20503,
      status: 503,
      message: 'No time was left to finish; sync the conversation again',
    });
    expect(conversation.calls).not.toContain('update');
  });

  test('lets a step start with more', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.clock = 8_750 - 1_501;
    expect(await run(message('agent', 5))).toMatchObject({ profile: 'agent' });
  });

  test.each([
    [7_499, ['list', 'update', 'list'], undefined],
    [7_500, ['list', 'update'], false],
  ])('leaves a decision of %i ms unverified without time for a list', async (at, calls, verified) => {
    plantRouter('bot');
    conversation.clock = 7_000;
    conversation.before = (call) => {
      if (call === 'update') conversation.clock = at;
    };
    const result = await run(message('closed', 5));
    expect(result).toMatchObject({ profile: 'closed', result: 'changed' });
    expect(result.verified).toBe(verified);
    expect(conversation.calls).toEqual(calls);
  });

  test('leaves time for the late list after a commit, and reports what was done', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.clock = 6_400;
    conversation.latencyMs = 600;
    conversation.before = (call) => {
      if (call === 'update') conversation.clock -= 400;
    };
    // The list arrives at 7,000, the router is written at 7,200, and the create ends at 7,800, too late for the delete. The
    // list that follows was requested before 8,200, so it is not the late one.
    await expect(run(message('agent', 5))).rejects.toMatchObject({
      code: 20503,
      details: {
        plan: [
          { step: 'update', webhook: 'router' },
          { step: 'create', webhook: 'crm' },
        ],
      },
    });
    expect(conversation.sent.at(-1)).toMatchObject({ call: 'list', at: 8_400 });
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'list', 'list']);
  });
});

describe('without a decision', () => {
  test('an event that may not repair lists once, and changes nothing, not even a duplicate', async () => {
    plantRouter('agent', { At: conversation.now - 9 });
    plant('bot', 'bot');
    expect(await run({ ...ordinary(5), repairs: false })).toMatchObject({ result: 'unchanged', plan: [] });
    expect(conversation.calls).toEqual(['list']);
  });

  test('a plain sync at rest costs one call', async () => {
    plantRouter('bot');
    plant('bot');
    expect(await run(repair)).toEqual({
      profile: 'bot',
      previous_profile: 'bot',
      result: 'unchanged',
      why: 'no profile requested',
      policy: 'policy',
      plan: [],
      rounds: 0,
      count: 2,
      free: 3,
    });
    expect(conversation.calls).toEqual(['list']);
  });

  test('the next message finishes a run that died, and the hand-off’s message reaches its listener', async () => {
    plantRouter('agent', { Replay: 3, At: conversation.now - 10 });
    plant('bot');
    const result = await run(ordinary(4));
    expect(result).toMatchObject({ result: 'changed', plan: [{}, {}] });
    expect(result).not.toHaveProperty('why');
    expect(names()).toEqual(['crm', 'router']);
    expect(conversation.replays).toMatchObject([{ after: 3 }]);
    expect(conversation.calls).toEqual(['list', 'create', 'remove', 'list']);
  });

  test.each([
    ['the message of a run that died an hour ago', 3_600, 4, 3],
    ['the tenth message after it', 3_600, 12, 3],
    ['itself from the eleventh message on', 3_600, 13, 13],
    ['the message of a run that died under two minutes ago, whatever came since', 119, 50, 3],
    ['itself after two minutes', 120, 50, 50],
  ])('a message replays %s', async (_, age, index, replay) => {
    plantRouter('agent', { Replay: 3, At: conversation.now - age });
    await run(ordinary(index));
    expect(names()).toEqual(['crm', 'router']);
    expect(conversation.replays).toMatchObject([{ after: replay }]);
  });

  test.each([
    [119, 50, [{ after: 3 }], ['list', 'create', 'list']],
    [120, 12, [{ after: 3 }], ['list', 'newestIndex', 'list', 'create', 'list']],
    [120, 13, [], ['list', 'newestIndex', 'list', 'create', 'list']],
  ])(
    'a sync creates a missing webhook, %i seconds after the decision and at message %i, with the replay %j',
    async (age, newest, replays, calls) => {
      plantRouter('agent', { Replay: 3, At: conversation.now - age });
      conversation.newest = newest;
      await run(repair);
      expect(names()).toEqual(['crm', 'router']);
      expect(conversation.replays).toMatchObject(replays);
      expect(conversation.replays).toHaveLength(replays.length);
      expect(conversation.calls).toEqual(calls);
    },
  );

  test('a router without a date of its update does not lift the limit on replays', async () => {
    const router = plantRouter('agent', { Replay: 3, At: conversation.now - 3_600 });
    conversation.webhooks[0] = { ...router, date_updated: null as unknown as string };
    await run(ordinary(40));
    expect(conversation.replays).toMatchObject([{ after: 40 }]);
  });

  test('changes nothing without a router', async () => {
    plant('bot', 'bot', 'crm');
    expect(await run(repair)).toMatchObject({ result: 'unmanaged', profile: null, plan: [], count: 3 });
    expect(await run(ordinary(3))).toMatchObject({ result: 'unmanaged' });
    expect(conversation.calls).toEqual(['list', 'list']);
  });

  test('keeps the older of two routers', async () => {
    const [younger, older] = [5, 9].map((age) =>
      conversation.plant(
        routerDefinition(
          routerState(age === 5 ? 'agent' : 'bot', { At: conversation.now - age }),
          desired.router,
        ),
        conversation.now - age,
      ),
    );
    plant('bot');
    await run(repair);
    expect(names()).toEqual(['bot', 'router']);
    expect(conversation.webhooks).toContain(older);
    expect(conversation.webhooks).not.toContain(younger);
    expect(conversation.calls).toEqual(['list', 'remove', 'list']);
  });

  test('calls onSettled only if nothing was left to do', async () => {
    plantRouter('bot');
    plant('bot');
    const settled = jest.fn();
    await run(repair, { onSettled: settled });
    await run(ordinary(5), { onSettled: settled });
    expect(settled).toHaveBeenCalledTimes(2);
    expect(settled).toHaveBeenLastCalledWith(expect.objectContaining({ date: conversation.now }), new Set());
    await run({ ...ordinary(5), repairs: false }, { onSettled: settled });
    expect(settled).toHaveBeenCalledTimes(2);
  });
});

describe('a profile that is not in the policy', () => {
  beforeEach(() => {
    plantRouter('vip', { Policy: 'older1' });
    plant('bot');
  });

  test('is refused by a sync', async () => {
    await expect(run(repair)).rejects.toMatchObject({
      code: 20001,
      status: 400,
      details: undefined,
      message: expect.stringContaining('"vip"'),
    });
    expect(conversation.calls).toEqual(['list']);
  });

  test('is reported by an event with one warning, and nothing is touched', async () => {
    expect(await run(ordinary(5))).toMatchObject({
      result: 'failed',
      profile: 'vip',
      plan: [],
      warnings: [expect.stringContaining('"vip"')],
    });
    expect(conversation.calls).toEqual(['list']);
  });

  test('is left by a request, and by a rule without `from`', async () => {
    expect(await run(request('agent', 0))).toMatchObject({ profile: 'agent', previous_profile: 'vip' });
    overwrite('vip', { Policy: 'older1' });
    expect(await run(message('bot', 7))).toMatchObject({ profile: 'bot', previous_profile: 'vip' });
    expect(names()).toEqual(['bot', 'router']);
  });
});

describe('another policy', () => {
  const crm = desired.webhooks.crm as Extract<Definition, { target: 'webhook' }>;
  const policyOf = (policy: string, url: string): DesiredState =>
    desiredWith({
      policyHash: policy,
      webhooks: { ...desired.webhooks, crm: { ...crm, url } },
    });
  const second = policyOf('second', 'https://crm.example/v2');
  const third = policyOf('third3', 'https://crm.example/v3');
  const urls = () => conversation.webhooks.map(({ configuration }) => configuration.url).slice(1);

  test('with another URL replaces the webhook, by a message in 3 + k calls', async () => {
    plantRouter('agent', { Done: ['aaaaa'], At: conversation.now - 600, Replay: 4 });
    plant('crm');
    const result = await run(ordinary(13), { desired: second });
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'remove', 'list']);
    expect(result).toMatchObject({
      result: 'changed',
      profile: 'agent',
      policy: 'second',
      replay: 14,
      warnings: ['took over policy second'],
      plan: [{ why: 'takes over policy second' }, { step: 'create' }, { step: 'delete' }],
    });
    expect(urls()).toEqual(['https://crm.example/v2']);
    expect(conversation.replays).toMatchObject([{ after: 14 }]);
    expect(state()).toMatchObject({
      Profile: 'agent',
      At: 1_790_000_000 - 600,
      Done: ['aaaaa'],
      Policy: 'second',
      Replay: 14,
      Own: {
        want: [hashOfIdentity(second.webhooks.crm!)],
        rest: expect.arrayContaining(hashes('crm', 'bot')),
      },
    });
  });

  test('with another URL replaces the webhook, by a sync in 5 + k calls, again and again', async () => {
    plantRouter('agent');
    plant('crm');
    conversation.newest = 12;
    await run(repair, { desired: second });
    expect(conversation.calls).toEqual(['list', 'newestIndex', 'list', 'update', 'create', 'remove', 'list']);
    expect(conversation.replays).toMatchObject([{ after: 13 }]);
    await run(repair, { desired: third });
    expect(urls()).toEqual(['https://crm.example/v3']);
    for (const policy of [second, third, second]) await run(repair, { desired: policy });
    expect(urls()).toEqual(['https://crm.example/v2']);
  });

  test('without a webhook deletes it', async () => {
    plantRouter('both');
    plant('bot', 'sos');
    const { sos: _, ...webhooks } = desired.webhooks;
    const without = desiredWith({
      policyHash: 'second',
      webhooks,
      profiles: { ...desired.profiles, both: ['bot'] },
    });
    await run(ordinary(3), { desired: without });
    expect(conversation.webhooks.map(({ target }) => target)).toEqual(['webhook', 'studio']);
  });

  test('that an older version still names is deleted after a decision, too', async () => {
    plantRouter('agent');
    plant('crm');
    await run(message('bot', 5), { desired: second });
    expect(names(second)).toEqual(['bot', 'router']);
    expect(conversation.webhooks).toHaveLength(2);
    expect(state().Policy).toBe('second');
  });

  test('that renamed the profile keeps the conversation in it', async () => {
    plantRouter('robot', { Own: routerState('bot').Own, Policy: 'older1' });
    plant('bot');
    expect(await run(ordinary(3))).toMatchObject({ profile: 'bot', previous_profile: 'robot' });
    expect(state().Profile).toBe('bot');
    expect(names()).toEqual(['bot', 'router']);
  });

  test('that renamed the profile makes its rules and requests apply under the new name', async () => {
    plantRouter('robot', { Own: routerState('bot').Own, Policy: 'older1' });
    plant('bot');
    conversation.newest = 9;
    expect(await run(request('bot'))).toMatchObject({ profile: 'bot', result: 'changed' });
    expect(state()).toMatchObject({ Profile: 'bot', Done: [] });
    overwrite('robot', { Own: routerState('bot').Own, Policy: 'older1' });
    const trigger = message('agent', 5);
    await run({ ...trigger, rules: [{ ...trigger.rules[0]!, from: ['bot'] }] });
    expect(state()).toMatchObject({ Profile: 'agent', Done: [KEY] });
  });

  test('with a rule on another event writes the filters with the URL, in one update', async () => {
    plantRouter('bot', { Policy: 'older1' }, { ...desired.router, filters: ['onMessageAdded'] });
    plant('bot');
    await run(ordinary(3));
    expect(routerOf().configuration).toMatchObject({ filters: desired.router.filters, method: 'post' });
    expect(conversation.calls).toEqual(['list', 'update', 'list']);
  });

  test('on another domain moves the router and the paths of the deployment in place', async () => {
    const desk = { ...crm, url: 'https://bots-1234.twil.io/desk' };
    const moved = desiredWith({ webhooks: { ...desired.webhooks, crm: desk } });
    const old = { ...desired.router, site: { domainName: 'old-1.twil.io', local: false } };
    const before = { ...desk, url: 'https://old-1.twil.io/desk' };
    const router = plantRouter(
      'agent',
      { Policy: 'older1', Own: { want: [hashOfIdentity(before)], rest: [] } },
      old,
    );
    const path = conversation.plant(before, conversation.now - 600);
    conversation.newest = 6;
    await run(repair, { desired: moved });
    expect(conversation.webhooks.map(({ sid }) => sid)).toEqual([router.sid, path.sid]);
    expect(routerOf().configuration.url).toMatch(
      /^https:\/\/bots-1234\.twil\.io\/events\/conversation\?Profile=agent&/,
    );
    expect(conversation.webhooks[1]!.configuration.url).toBe('https://bots-1234.twil.io/desk');
  });

  test.each<[string, number, number, EventTrigger | typeof repair, number]>([
    ['keeps the replay that is owed', 60, 2, ordinary(40), 2],
    ['keeps the replay of a few messages ago', 3_600, 2, ordinary(11), 2],
    ['replays its own message if that is owed no longer', 3_600, 2, ordinary(40), 40],
    ['replays nothing if that is owed no longer', 3_600, 2, repair, 41],
  ])('of an unfinished profile %s', async (_, age, Replay, trigger, replay) => {
    plantRouter('agent', { Replay, At: conversation.now - age, Policy: 'older1' });
    conversation.newest = 40;
    expect(await run(trigger)).toMatchObject({ replay });
    expect(conversation.replays).toMatchObject([{ after: replay }]);
    expect(state().At).toBe(1_790_000_000 - age);
  });

  test('heals and rewrites a URL of version 0.1', async () => {
    const at = conversation.now - 600;
    const url = `https://bots-1234.twil.io/events/conversation?Profile=bot&Since=3&Replay=2&At=${at}`;
    conversation.plant({ target: 'webhook', url, method: 'post', filters: ['onMessageAdded'] }, at);
    plant('bot', 'crm');
    await run(ordinary(20));
    expect(state()).toMatchObject(routerState('bot', { At: at, Replay: 21 }));
    expect(names()).toEqual(['bot', 'router']);
    expect(routerOf().configuration.url).toContain('&Done=&Own=');
  });

  test.each(['Replay', 'At', 'Done', 'Own'])('rewrites a URL that lacks %s', async (part) => {
    const router = plantRouter('bot');
    plant('bot');
    const url = new URL(router.configuration.url!);
    url.searchParams.delete(part);
    conversation.rewrite(router.sid, { url: url.href }, conversation.now - 600);
    await run(ordinary(20));
    expect(new URL(routerOf().configuration.url!).searchParams.has(part)).toBe(true);
    expect(conversation.calls).toEqual(['list', 'update', 'list']);
  });

  test('that overwrites this one is left alone', async () => {
    plantRouter('bot', { Policy: 'older1' });
    plant('bot');
    beforeList(2, () => overwrite('bot', { Policy: 'other1' }));
    await run(ordinary(3));
    expect(state().Policy).toBe('other1');
    expect(conversation.calls).toEqual(['list', 'update', 'list']);
  });

  test('leaves what a version before V4 attached and today’s policy does not name', async () => {
    const at = conversation.now - 600;
    const url = `https://bots-1234.twil.io/events/conversation?Profile=bot&Since=3&Replay=2&At=${at}`;
    conversation.plant({ target: 'webhook', url, method: 'post', filters: ['onMessageAdded'] }, at);
    const [, old] = plant('bot', 'crm');
    await run(ordinary(20), { desired: second });
    expect(conversation.webhooks).toContain(old);
  });
});

describe('the slots', () => {
  test('are never exceeded: deletes come first', async () => {
    plantRouter('full');
    plant('bot', 'sos', 'monitor', 'survey');
    const { plan } = await run(message('other', 1));
    expect(names()).toEqual(['audit', 'crm', 'monitor', 'router', 'sos']);
    expect(plan.map(({ step }) => step)).toEqual(['update', 'delete', 'delete', 'create', 'create']);
  });

  test('are filled before the rest is rejected, at the fourth time', async () => {
    for (let n = 0; n < 3; n++) conversation.plant(foreign(n));
    await expect(run(entered('both'))).rejects.toMatchObject({
      code: 50361,
      details: { missing: ['sos'], plan: [{ webhook: 'router' }, { webhook: 'bot' }] },
    });
    expect(conversation.calls).toEqual(['list', 'create', 'create', 'list', 'list', 'list', 'list']);
  });

  test('are named in the error with all that is missing', async () => {
    for (let n = 0; n < 4; n++) conversation.plant(foreign(n));
    await expect(run(entered('both'))).rejects.toMatchObject({
      code: 50361,
      message: 'No free slot for bot, sos; detach a webhook that is not needed',
    });
  });

  test('are freed if Twilio counts one more than it lists', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.refuse('create', tooMany);
    await run(message('agent', 5));
    expect(names()).toEqual(['crm', 'router']);
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'list', 'remove', 'create', 'list']);
  });

  test('are tried again: another run had one for a moment', async () => {
    for (let n = 0; n < 2; n++) conversation.plant(foreign(n));
    plantRouter('agent');
    conversation.newest = 99;
    conversation.refuse('create', tooMany, { times: 3 });
    expect(await run(repair)).toMatchObject({
      result: 'changed',
      plan: [{ step: 'create', webhook: 'crm' }],
    });
  });

  test('are given up in the end', async () => {
    for (let n = 0; n < 2; n++) conversation.plant(foreign(n));
    plantRouter('agent');
    conversation.newest = 99;
    conversation.refuse('create', tooMany, { times: Number.POSITIVE_INFINITY });
    await expect(run(repair)).rejects.toMatchObject({ code: 50361, details: { missing: ['crm'] } });
    expect(conversation.calls.filter((call) => call === 'create')).toHaveLength(4);
  });
});

describe('a conflict (409)', () => {
  beforeEach(() => {
    plantRouter('bot');
    plant('bot');
  });

  test('on the commit does not lose the decision', async () => {
    conversation.refuse('update', conflict);
    expect(await run(message('agent', 5))).toMatchObject({ profile: 'agent', result: 'changed', rounds: 2 });
    expect(conversation.calls).toEqual(['list', 'update', 'list', 'update', 'create', 'remove', 'list']);
    expect(state()).toMatchObject({ Profile: 'agent', Done: [KEY] });
  });

  test('on a create does not leave the webhook out', async () => {
    conversation.refuse('create', conflict);
    await run(message('agent', 5));
    expect(conversation.calls).toEqual([...['list', 'update', 'create', 'list', 'create', 'remove', 'list']]);
    expect(names()).toEqual(['crm', 'router']);
    expect(conversation.replays).toMatchObject([{ after: 5 }]);
  });

  test('on a create that another run has made is no change of this one', async () => {
    conversation.refuse('create', conflict);
    conversation.before = (call) => {
      if (call === 'create') plant('crm');
    };
    const { plan } = await run(message('agent', 5));
    expect(stepsOf(plan)).toEqual(['update router', 'delete bot']);
    expect(names()).toEqual(['crm', 'router']);
  });

  test('on a delete does not leave both', async () => {
    conversation.refuse('remove', conflict);
    await run(message('agent', 5));
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'remove', 'list', 'remove', 'list']);
    expect(names()).toEqual(['crm', 'router']);
  });

  test('that never ends is given up after eight rounds', async () => {
    conversation.refuse('update', conflict, { times: Number.POSITIVE_INFINITY });
    await expect(run(message('agent', 5))).rejects.toMatchObject({
      code: 20503,
      message: expect.stringContaining('8 rounds'),
    });
    expect(conversation.calls.filter((call) => call === 'update')).toHaveLength(8);
  });

  test('that never ends is the error, also if the late list fails', async () => {
    conversation.refuse('update', conflict, { times: Number.POSITIVE_INFINITY });
    beforeList(10, () => {
      throw throttled;
    });
    await expect(run(message('agent', 5))).rejects.toMatchObject({
      code: 20503,
      message: expect.stringContaining('8 rounds'),
    });
    expect(conversation.calls.filter((call) => call === 'list')).toHaveLength(9);
    expect(conversation.clock).toBe(1_000);
  });
});

describe('a step that Twilio refuses (400)', () => {
  test('does not stop the others, is not tried again, and is reported', async () => {
    plantRouter('closed');
    conversation.newest = 5;
    conversation.refuse('create', badRequest, {
      times: Number.POSITIVE_INFINITY,
      on: (address) => address === 'https://monitor.example/in',
    });
    expect(await run(message('other', 5))).toMatchObject({
      result: 'changed',
      profile: 'other',
      refused: [{ step: 'create', webhook: 'monitor', code: 50055, message: 'Invalid webhook' }],
      warnings: ['Twilio refused to create monitor: 50055 Invalid webhook'],
    });
    expect(names()).toEqual(['audit', 'crm', 'router', 'sos']);
    expect(conversation.calls).toEqual([
      ...['list', 'update', 'create', 'create', 'create', 'create', 'newestIndex', 'create', 'list'],
    ]);
  });

  test('is left out also if it is an update or a delete', async () => {
    plantRouter('agent');
    const [bot, crm] = plant('bot', 'crm');
    conversation.rewrite(crm!.sid, { filters: ['onMessageRemoved'] }, conversation.now - 600);
    conversation.refuse('update', badRequest, { times: 9 });
    conversation.refuse('remove', badRequest, { times: 9 });
    expect(await run(repair)).toMatchObject({
      result: 'unchanged',
      refused: [
        { step: 'update', webhook: 'crm', sid: crm!.sid },
        { step: 'delete', webhook: 'bot', sid: bot!.sid },
      ],
    });
    expect(conversation.calls).toEqual(['list', 'update', 'remove', 'list']);
  });

  test('is left out alone: another webhook is updated in the next round', async () => {
    plantRouter('other');
    const [, sos, , monitor] = plant('crm', 'sos', 'audit', 'monitor');
    conversation.rewrite(sos!.sid, { triggers: ['sos'] }, conversation.now - 600);
    conversation.refuse('update', badRequest);
    beforeList(2, () => conversation.rewrite(monitor!.sid, { filters: ['onMessageRemoved'] }));
    expect(await run(repair)).toMatchObject({
      plan: [{ step: 'update', webhook: 'monitor' }],
      refused: [{ step: 'update', webhook: 'sos' }],
    });
  });

  test.each([
    ['was updated', false],
    ['could not be updated', true],
  ])('is deleted if it %s, and another run leaves its profile', async (_, isRefused) => {
    plantRouter('both');
    const [, sos] = plant('bot', 'sos');
    conversation.rewrite(sos!.sid, { triggers: ['sos'] }, conversation.now - 600);
    if (isRefused) conversation.refuse('update', badRequest);
    beforeList(2, () => overwrite('bot', { Done: ['other'] }));
    await run(repair);
    expect(names()).toEqual(['bot', 'router']);
  });

  test('does not take the slot of another webhook', async () => {
    plantRouter('closed');
    for (const n of [1, 2, 3]) conversation.plant(foreign(n));
    const flow = (desired.webhooks.bot as Extract<Definition, { target: 'studio' }>).flowSid;
    conversation.refuse('create', badRequest, { times: 9, on: (address) => address === flow });
    expect(await run(request('both'))).toMatchObject({
      result: 'changed',
      refused: [{ step: 'create', webhook: 'bot' }],
    });
    expect(names()).toEqual(['router', 'sos']);
  });

  test('makes no room if it deletes: the slots are full', async () => {
    plantRouter('bot');
    plant('bot');
    for (const n of [1, 2, 3]) conversation.plant(foreign(n));
    conversation.refuse('remove', badRequest, { times: 9 });
    await expect(run(request('agent'))).rejects.toMatchObject({ code: 50361 });
    expect(conversation.calls.filter((call) => call === 'remove')).toHaveLength(1);
  });

  test('ends the run if it writes the router', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.refuse('update', badRequest, { times: 9 });
    expect(await run(message('agent', 5))).toMatchObject({
      result: 'unchanged',
      why: 'refused',
      profile: 'bot',
      plan: [],
      refused: [{ step: 'update', webhook: 'router', code: 50055 }],
    });
    expect(conversation.calls).toEqual(['list', 'update', 'list']);
    expect(names()).toEqual(['bot', 'router']);
  });

  test('ends the run if it takes over another policy', async () => {
    plantRouter('bot', { Policy: 'older1' });
    conversation.refuse('update', badRequest, { times: 9 });
    expect(await run(ordinary(4))).toMatchObject({ refused: [{ webhook: 'router' }] });
    expect(conversation.calls).toEqual(['list', 'update', 'list']);
  });
});

describe('a closed conversation', () => {
  test('keeps its router, and only what the refused profile does not need is deleted', async () => {
    plantRouter('agent');
    plant('crm', 'sos');
    conversation.closed = true;
    expect(await run(message('both', 3))).toMatchObject({
      result: 'changed',
      profile: 'agent',
      plan: [{ step: 'delete', webhook: 'crm' }],
      refused: [{ step: 'update', webhook: 'router', code: 50377 }],
    });
    expect(conversation.calls).toEqual(['list', 'update', 'list', 'remove', 'list']);
    expect(names()).toEqual(['router', 'sos']);
  });

  test('that closes after the commit loses only what the profile does not need', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.before = (call) => {
      if (call === 'create') conversation.closed = true;
    };
    expect(await run(message('agent', 3))).toMatchObject({
      profile: 'agent',
      plan: [
        { step: 'update', webhook: 'router' },
        { step: 'delete', webhook: 'bot' },
      ],
      refused: [{ step: 'create', webhook: 'crm' }],
    });
    expect(names()).toEqual(['router']);
  });

  test('whose deletes are refused as well is reported', async () => {
    plantRouter('agent');
    plant('crm');
    conversation.closed = true;
    conversation.refuse('remove', new ApiError(50377, 'closed', undefined, 400), { times: 9 });
    expect(await run(message('bot', 3))).toMatchObject({
      result: 'unchanged',
      refused: [
        { step: 'update', webhook: 'router' },
        { step: 'delete', webhook: 'crm' },
      ],
    });
    expect(conversation.calls).toEqual(['list', 'update', 'list', 'remove', 'list']);
  });

  test('is repaired by deletes alone', async () => {
    plantRouter('agent');
    plant('bot', 'bot');
    conversation.closed = true;
    await run(ordinary(3));
    expect(names()).toEqual(['router']);
    expect(conversation.calls).toEqual(['list', 'create', 'remove', 'remove', 'list']);
  });
});

describe('a conversation that turned out to be closed', () => {
  const atLateList = (act: () => void) => {
    plantRouter('agent');
    conversation.closed = true;
    beforeList(2, act);
    return run(ordinary(3));
  };

  test('loses what somebody attached meanwhile and the profile does not need', async () => {
    const { plan } = await atLateList(() => plant('bot'));
    expect(stepsOf(plan)).toEqual(['delete bot']);
    expect(names()).toEqual(['router']);
  });

  test('loses nothing in a profile that the policy does not know', async () => {
    const { plan } = await atLateList(() => {
      plant('bot');
      overwrite('vip');
    });
    expect(plan).toEqual([]);
    expect(names()).toEqual(['bot', 'router']);
  });
});

describe('settings that Twilio returns otherwise than they were sent', () => {
  beforeEach(() => {
    plantRouter('both');
    const [, sos] = plant('bot', 'sos');
    conversation.rewrite(sos!.sid, { triggers: ['HELP'] }, conversation.now - 600);
    const update = conversation.update.bind(conversation);
    conversation.update = async (sid, { triggers, ...settings }, sendBefore) =>
      update(sid, { ...settings, ...(triggers && { triggers: ['HELP'] }) }, sendBefore);
  });

  test('are written once by a run, with one warning', async () => {
    const settled = jest.fn();
    const { plan, warnings } = await run(repair, { onSettled: settled });
    expect(stepsOf(plan)).toEqual(['update sos']);
    expect(warnings).toEqual(['Twilio returned other settings of sos than it was sent']);
    expect(conversation.calls).toEqual(['list', 'update', 'list']);
    expect(settled).toHaveBeenCalledWith(expect.anything(), new Set([plan[0]!.sid]));
  });
});

describe('a ReplayAfter after the newest message that Twilio refuses', () => {
  test('is left out, with a warning', async () => {
    conversation.refusesFutureReplay = true;
    conversation.newest = 7;
    const { plan, warnings, refused } = await run(request('agent'));
    expect(stepsOf(plan)).toEqual(['create router', 'create crm']);
    expect(warnings).toEqual([
      'Twilio refused ReplayAfter=8 of router, which is after the newest message',
      'Twilio refused ReplayAfter=8 of crm, which is after the newest message',
    ]);
    expect(refused).toBeUndefined();
    expect(conversation.replays).toEqual([]);
    expect(names()).toEqual(['crm', 'router']);
  });

  test('is sent again if the message has arrived meanwhile', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.newest = 7;
    conversation.refuse('create', badRequest);
    const result = await run(request('agent', 7));
    expect(result).toMatchObject({ result: 'changed', replay: 7 });
    expect(result).not.toHaveProperty('warnings');
    expect(conversation.replays).toMatchObject([{ after: 7 }]);
  });

  test('is not the reason if nobody knows the newest message: the webhook is refused', async () => {
    plantRouter('bot');
    conversation.refuse('create', badRequest);
    conversation.refuse('newestIndex', throttled);
    expect(await run(message('agent', 7))).toMatchObject({ refused: [{ webhook: 'crm', code: 50055 }] });
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'newestIndex', 'list']);
  });

  test('is not the reason if there is none: the webhook is refused', async () => {
    plantRouter('agent');
    conversation.newest = 99;
    conversation.refuse('create', badRequest);
    expect(await run(repair)).toMatchObject({ refused: [{ webhook: 'crm' }] });
    expect(conversation.calls).toEqual(['list', 'newestIndex', 'list', 'create', 'list']);
  });

  test('is not the reason if the message exists: the webhook is refused', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.newest = 7;
    conversation.refuse('create', badRequest, { times: 9 });
    expect(await run(request('agent', 7))).toMatchObject({ refused: [{ webhook: 'crm' }] });
    expect(conversation.calls).toEqual([
      'list',
      'update',
      'create',
      'newestIndex',
      'create',
      'remove',
      'list',
    ]);
  });
});

describe('a lost response', () => {
  const WRITES = (['update', 'create', 'remove'] as const).flatMap((call) =>
    [true, false].map((applied) => [call, applied] as const),
  );

  test.each(WRITES)('to a %s, applied: %s, is looked up, not retried', async (call, applied) => {
    plantRouter('bot');
    plant('bot');
    conversation.lose(call, applied);
    await run(message('agent', 5));
    expect(conversation.calls.filter((made) => made === call)).toHaveLength(applied ? 1 : 2);
    expect(names()).toEqual(['crm', 'router']);
    expect(state()).toMatchObject({ Profile: 'agent', Replay: 5, At: 1_790_000_000, Done: [KEY] });
    expect(conversation.replays).toHaveLength(1);
  });

  test('to an applied commit keeps a later decision of another run', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.lose('update', true);
    beforeList(2, () => overwrite('closed', { Done: [KEY, 'later'], Replay: 6 }));
    await run(message('agent', 5));
    expect(conversation.calls.filter((call) => call === 'update')).toHaveLength(1);
    expect(state()).toMatchObject({ Profile: 'closed', Replay: 6, Done: [KEY, 'later'] });
    expect(names()).toEqual(['router']);
  });

  test.each([true, false])('to the entry, applied: %s, makes one router', async (applied) => {
    conversation.lose('create', applied);
    await run(entered('bot'));
    expect(names()).toEqual(['bot', 'router']);
  });

  test.each([true, false])('to a takeover of the policy, applied: %s, is looked up', async (applied) => {
    plantRouter('bot', { Policy: 'older1' });
    plant('bot');
    conversation.lose('update', applied);
    expect(await run(ordinary(4))).toMatchObject({
      plan: [{ step: 'update', webhook: 'router' }],
      warnings: ['took over policy policy'],
    });
    expect(state().Policy).toBe('policy');
    expect(conversation.calls.filter((call) => call === 'update')).toHaveLength(applied ? 1 : 2);
  });

  test('to a takeover of a router that somebody deletes is no change', async () => {
    plantRouter('bot', { Policy: 'older1' });
    conversation.lose('update', true);
    beforeList(2, () => conversation.webhooks.shift());
    expect(await run(ordinary(4))).toMatchObject({ result: 'unmanaged', profile: null, plan: [] });
  });

  test.each(WRITES)('to a %s, applied: %s, is in the result once', async (call, applied) => {
    plantRouter('bot');
    plant('bot');
    conversation.lose(call, applied);
    const { plan, warnings } = await run(message('agent', 5));
    expect(stepsOf(plan)).toEqual(['update router', 'create crm', 'delete bot']);
    expect(warnings).toBeUndefined();
  });

  test.each([
    [true, ['update sos'], 1],
    [false, ['update sos'], 2],
  ])('to the update of a webhook, applied: %s, is in the result once', async (applied, steps, updates) => {
    plantRouter('both');
    const [, sos] = plant('bot', 'sos');
    conversation.rewrite(sos!.sid, { triggers: ['sos'] }, conversation.now - 600);
    conversation.lose('update', applied);
    const { plan } = await run(repair);
    expect(stepsOf(plan)).toEqual(steps);
    expect(conversation.calls.filter((call) => call === 'update')).toHaveLength(updates);
  });

  test('to the update of a webhook that somebody deletes is no change', async () => {
    plantRouter('both');
    const [, sos] = plant('bot', 'sos');
    conversation.rewrite(sos!.sid, { triggers: ['sos'] }, conversation.now - 600);
    conversation.newest = 99;
    conversation.lose('update', true);
    beforeList(2, () => conversation.webhooks.pop());
    expect(stepsOf((await run(repair)).plan)).toEqual(['create sos']);
  });

  test('to the only step counts as a change', async () => {
    plantRouter('bot');
    conversation.newest = 99;
    conversation.lose('create', true);
    expect(await run(repair)).toMatchObject({
      result: 'changed',
      plan: [{ step: 'create', webhook: 'bot' }],
    });
  });

  test.each(['update', 'create', 'remove'] as const)(
    'to a %s, and then to the list, is reported',
    async (call) => {
      plantRouter('bot');
      plant('bot');
      conversation.lose(call, true);
      beforeList(2, () => {
        throw throttled;
      });
      await expect(run(message('agent', 5))).rejects.toMatchObject({ code: 20503, status: 503 });
    },
  );
});

describe('an error', () => {
  test('of wrong credentials ends the run', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.refuse('update', new ApiError(20003, 'Authenticate'));
    await expect(run(message('agent', 5))).rejects.toMatchObject({ code: 20003, status: 401 });
    expect(conversation.calls).toEqual(['list', 'update']);
  });

  test('of wrong credentials in mid-change has the changes so far', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.refuse('remove', new ApiError(20003, 'Authenticate'));
    await expect(run(message('agent', 5))).rejects.toMatchObject({
      status: 401,
      details: { plan: [{ webhook: 'router' }, { step: 'create', webhook: 'crm' }] },
    });
  });

  test('of the program is thrown as it is', async () => {
    conversation.before = () => {
      throw new TypeError('bug');
    };
    await expect(run(repair)).rejects.toThrow(TypeError);
  });

  test('429 that never ends is returned, with the changes so far', async () => {
    plantRouter('bot');
    plant('bot');
    conversation.refuse('create', throttled, { times: Number.POSITIVE_INFINITY });
    await expect(run(message('agent', 5))).rejects.toMatchObject({
      code: 20429,
      status: 429,
      details: { plan: [{ step: 'update', webhook: 'router' }] },
    });
    expect(conversation.calls.filter((call) => call === 'create')).toHaveLength(8);
  });

  test('404 on an update or a delete is a success or a reason to list again', async () => {
    plantRouter('agent');
    const [bot, crm] = plant('bot', 'crm');
    conversation.rewrite(crm!.sid, { filters: ['onMessageRemoved'] }, conversation.now - 600);
    conversation.newest = 99;
    conversation.before = (call) => {
      if (call === 'update') conversation.webhooks.splice(1, 2);
    };
    expect(await run(repair)).toMatchObject({ plan: [{ step: 'create', webhook: 'crm' }] });
    expect(names()).toEqual(['crm', 'router']);
    expect(conversation.webhooks).not.toContain(bot);
  });

  test('another run that changes everything again and again makes it give up after eight rounds', async () => {
    plantRouter('bot');
    conversation.before = (call) => {
      if (call === 'list') plant('bot', 'bot');
    };
    await expect(run(repair)).rejects.toMatchObject({
      code: 20503,
      message: expect.stringContaining('8 rounds'),
      details: { plan: expect.any(Array) },
    });
  });
});

describe('a dry run', () => {
  test('changes nothing and returns the plan', async () => {
    plantRouter('bot');
    plant('bot');
    const result = await run(message('agent', 5), { dryRun: true });
    expect(result).not.toHaveProperty('why');
    expect(result).toMatchObject({
      result: 'planned',
      profile: 'agent',
      previous_profile: 'bot',
      rule: 1,
      replay: 5,
      plan: [
        { step: 'update', webhook: 'router', sid: expect.any(String) },
        { step: 'create', webhook: 'crm' },
        { step: 'delete', webhook: 'bot', sid: expect.any(String) },
      ],
      rounds: 0,
    });
    expect(conversation.calls).toEqual(['list']);
    expect(conversation.clock).toBe(0);
  });

  test('of a repair writes no state, so it has no replay', async () => {
    plantRouter('bot', { At: conversation.now - 60 });
    const result = await run(repair, { dryRun: true });
    expect(result).toMatchObject({
      result: 'planned',
      why: 'dry run',
      profile: 'bot',
      plan: [{ step: 'create', webhook: 'bot' }],
    });
    expect(result).not.toHaveProperty('replay');
  });

  test('asks for the newest message if it needs it, and lists once', async () => {
    plantRouter('bot', { Policy: 'older1' });
    plant('bot');
    conversation.newest = 3;
    expect(await run(request('agent'), { dryRun: true })).toMatchObject({ replay: 4 });
    expect(await run(repair, { dryRun: true })).toMatchObject({
      result: 'planned',
      replay: 4,
      plan: [{ step: 'update', webhook: 'router' }],
    });
    expect(conversation.calls).toEqual(['list', 'newestIndex', 'list', 'newestIndex']);
  });

  test('of an entry has the router', async () => {
    conversation.newest = 3;
    const result = await run(request('agent'), { dryRun: true });
    expect(result).toMatchObject({ profile: 'agent', previous_profile: null, count: 0 });
    expect(stepsOf(result.plan)).toEqual(['create router', 'create crm']);
  });

  test('without anything to do is unchanged, or unmanaged without a router', async () => {
    expect(await run(repair, { dryRun: true })).toMatchObject({ result: 'unmanaged', plan: [] });
    plantRouter('bot');
    plant('bot');
    expect(await run(repair, { dryRun: true })).toMatchObject({
      result: 'unchanged',
      plan: [],
      profile: 'bot',
    });
  });
});
