import { ApiError } from '../../src/lib/api-error';
import { groupByName, ROUTER } from '../../src/sync/plan';
import { type SyncRequest, sync } from '../../src/sync/session';
import type { Definition } from '../../src/webhooks/definition';
import { parseRouter, type RouterState, routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';
import { desired, foreign } from '../support/desired-state';

let conversation: FakeConversation;
beforeEach(() => {
  conversation = new FakeConversation();
});

const run = (request: Omit<SyncRequest, 'desired'> = {}) =>
  sync(conversation, { desired, clock: () => 0, ...request });
const decide = (profile: string, since?: number, replay?: number) => () => ({ profile, since, replay });
const nothing = () => undefined;
const state = (Profile: string, more: Partial<RouterState> = {}): RouterState => ({
  Profile,
  Since: 0,
  Replay: 0,
  At: conversation.now - 600,
  ...more,
});
const plantRouter = (router: RouterState, at = conversation.now - 600) =>
  conversation.plant(routerDefinition(router, desired.router), at);
const plant = (...names: string[]) =>
  names.map((name) => conversation.plant(desired.webhooks[name]!, conversation.now - 600));
const names = () =>
  [...groupByName(conversation.webhooks, desired)]
    .map(([name, all]) => `${name}${all.length > 1 ? '!' : ''}`)
    .sort();
const router = () => parseRouter(groupByName(conversation.webhooks, desired).get(ROUTER)![0]!);

describe('a decision', () => {
  test('creates the router on entry, replays all to it, and attaches the webhooks of the profile', async () => {
    const synced = await run({ decide: decide('bot', 0, 0) });
    expect(synced).toMatchObject({ result: 'changed', profile: 'bot', rounds: 1, count: 2, free: 3 });
    expect(synced.previous_profile).toBeNull();
    expect(synced.plan.map(({ step, webhook }) => `${step} ${webhook}`)).toEqual([
      'create router',
      'create bot',
    ]);
    expect(router()).toEqual({ Profile: 'bot', Since: 0, Replay: 0, At: conversation.now });
    expect(conversation.replays.map(({ after }) => after)).toEqual([0, 0]);
  });

  test('changes the profile in k + 3 calls, new webhooks first, with their replay', async () => {
    plantRouter(state('bot'));
    plant('bot');
    const synced = await run({ decide: decide('agent', 5, 4) });
    expect(synced).toMatchObject({ result: 'changed', profile: 'agent', previous_profile: 'bot' });
    expect(conversation.calls).toEqual(['list', 'update', 'create', 'remove', 'list']);
    expect(conversation.replays).toMatchObject([{ after: 4 }]);
    expect(names()).toEqual(['crm', 'router']);
    expect(router()).toMatchObject({ Profile: 'agent', Since: 5, Replay: 4 });
  });

  test('never sets Since back', async () => {
    plantRouter(state('bot', { Since: 9, Replay: 9 }));
    plant('bot');
    await run({ decide: decide('agent', 5) });
    expect(router()).toMatchObject({ Since: 9, Replay: 9 });
  });

  test('keeps the pending replay of a webhook that was never created', async () => {
    plantRouter(state('bot', { Since: 3, Replay: 2 }));
    await run({ decide: decide('agent', 7) });
    expect(router()).toMatchObject({ Since: 7, Replay: 2 });
    expect(conversation.replays).toMatchObject([{ after: 2 }]);
  });

  test('keeps the router in a profile without webhooks', async () => {
    plantRouter(state('agent'));
    plant('crm');
    expect(await run({ decide: decide('closed') })).toMatchObject({ profile: 'closed', count: 1 });
    expect(names()).toEqual(['router']);
  });

  test('frees a slot for the router when five managed webhooks are attached', async () => {
    plant('bot', 'crm', 'sos', 'monitor', 'survey');
    const counts: number[] = [];
    conversation.before = () => counts.push(conversation.webhooks.length);
    const synced = await run({ decide: decide('other', 0, 0) });
    expect(synced.plan.map(({ step, webhook }) => `${step} ${webhook}`)).toEqual([
      'delete bot',
      'create router',
      'delete survey',
      'create audit',
    ]);
    expect(conversation.calls).toEqual(['list', 'remove', 'create', 'remove', 'create', 'list']);
    expect(counts).toEqual([5, 5, 4, 5, 4, 5]);
    expect(names()).toEqual(['audit', 'crm', 'monitor', 'router', 'sos']);
  });

  test('frees the slot of a duplicate for the router before that of a webhook', async () => {
    const [, duplicate] = plant('crm', 'crm', 'sos', 'audit', 'monitor');
    const synced = await run({ decide: decide('other', 0, 0) });
    expect(synced.plan).toMatchObject([
      { step: 'delete', webhook: 'crm', sid: duplicate!.sid },
      { step: 'create', webhook: 'router' },
    ]);
    expect(names()).toEqual(['audit', 'crm', 'monitor', 'router', 'sos']);
  });

  test('finds no slot for the router when all five webhooks are to stay', async () => {
    for (const n of [1, 2, 3, 4]) conversation.plant(foreign(n));
    plant('crm');
    await expect(run({ decide: decide('agent', 0, 0) })).rejects.toMatchObject({
      code: 50361,
      status: 403,
      details: { missing: [ROUTER] },
    });
    expect(conversation.calls).toEqual(['list']);
  });

  test('leaves foreign webhooks alone, and reports foreign routers', async () => {
    const theirs = conversation.plant({
      ...desired.webhooks.crm!,
      url: 'https://else.twil.io/events/conversation?Profile=bot',
    } as Definition);
    const other = conversation.plant(foreign(1));
    const synced = await run({ decide: decide('agent') });
    expect(synced.foreign_routers).toEqual(['else.twil.io']);
    expect(conversation.webhooks).toEqual(expect.arrayContaining([theirs, other]));
  });

  test('moves the router here from a former domain', async () => {
    const old = { ...desired.router, site: { domainName: 'old-1.twil.io', local: false } };
    conversation.plant(routerDefinition(state('bot', { Since: 4 }), old));
    plant('bot');
    await run();
    expect(conversation.webhooks[0]?.configuration.url).toContain(
      'https://bots-1234.twil.io/events/conversation?Profile=bot&Since=4',
    );
  });

  test('is made again if its list is too old to write on', async () => {
    plantRouter(state('bot'));
    plant('bot');
    let now = 0;
    let asked = 0;
    const synced = await run({
      clock: () => now,
      decide: () => {
        asked += 1;
        if (asked === 1) now = 1_000;
        return { profile: 'agent' };
      },
    });
    expect(asked).toBe(2);
    expect(conversation.calls.slice(0, 3)).toEqual(['list', 'list', 'update']);
    expect(synced.profile).toBe('agent');
  });

  test('is not made again after the commit, however often it refreshes', async () => {
    plantRouter(state('bot'));
    plant('bot');
    let asked = 0;
    let now = 0;
    conversation.before = (call) => {
      if (call === 'create') now += 2_000;
    };
    const counted = () => {
      asked += 1;
      return { profile: 'agent' };
    };
    await run({ clock: () => now, decide: counted });
    expect(asked).toBe(1);
    expect(names()).toEqual(['crm', 'router']);
  });
});

describe('without a decision', () => {
  test('lists once if no rule applies', async () => {
    plantRouter(state('bot', { At: conversation.now }));
    plant('bot');
    expect(await run({ decide: nothing })).toMatchObject({ result: 'unchanged', profile: 'bot' });
    expect(conversation.calls).toEqual(['list']);
  });

  test('deletes only duplicates within the lease of a decision', async () => {
    plantRouter(state('agent', { At: conversation.now - 9 }));
    plant('bot', 'bot');
    expect(await run({ decide: nothing })).toMatchObject({ plan: [{ step: 'delete', webhook: 'bot' }] });
    expect(names()).toEqual(['bot', 'router']);
  });

  test('completes a crashed run after the lease', async () => {
    plantRouter(state('agent', { At: conversation.now - 10, Replay: 3 }), conversation.now - 10);
    plant('bot');
    await run({ decide: nothing });
    expect(names()).toEqual(['crm', 'router']);
    expect(conversation.replays).toMatchObject([{ after: 3 }]);
  });

  test.each([
    [119, [{ after: 3 }]],
    [120, []],
  ])(
    'creates a missing webhook, %i seconds after the router was written, with the replay %j',
    async (age, replays) => {
      plantRouter(state('agent', { Replay: 3 }), conversation.now - age);
      await run();
      expect(names()).toEqual(['crm', 'router']);
      expect(conversation.replays).toMatchObject(replays);
    },
  );

  test('changes nothing without a router', async () => {
    plant('bot', 'bot', 'crm');
    expect(await run()).toMatchObject({ result: 'unmanaged', plan: [], count: 3 });
    expect(await run({ decide: nothing })).toMatchObject({ result: 'unmanaged' });
    expect(conversation.calls).toEqual(['list', 'list']);
  });

  test('keeps the older of two routers', async () => {
    plantRouter(state('agent'), conversation.now - 5);
    plantRouter(state('bot'), conversation.now - 9);
    plant('bot');
    await run();
    expect(names()).toEqual(['bot', 'router']);
    expect(router().Profile).toBe('bot');
  });

  test('reports a profile that is no longer in the policy', async () => {
    plantRouter(state('vip'));
    await expect(run()).rejects.toMatchObject({ code: 20001, message: expect.stringContaining('"vip"') });
  });
});

describe('another run', () => {
  test('is followed if it decided later', async () => {
    plantRouter(state('bot'));
    plant('bot');
    let lists = 0;
    conversation.before = (call) => {
      if (call !== 'list' || ++lists !== 2) return;
      const at = conversation.webhooks.findIndex(({ configuration }) =>
        configuration.url?.includes('/events/'),
      );
      const later = routerDefinition(
        state('closed', { Since: 8, Replay: 8, At: conversation.now }),
        desired.router,
      );
      conversation.webhooks[at] = {
        ...conversation.webhooks[at]!,
        configuration: {
          url: (later as { url: string }).url,
          method: 'post',
          filters: desired.router.filters,
        },
      };
    };
    expect(await run({ decide: decide('agent', 5) })).toMatchObject({ profile: 'closed', rounds: 2 });
    expect(names()).toEqual(['router']);
  });

  test('is overruled if it wrote an older state', async () => {
    plantRouter(state('bot'));
    plant('bot');
    let lists = 0;
    conversation.before = (call) => {
      if (call !== 'list' || ++lists !== 2) return;
      const at = conversation.webhooks.findIndex(({ configuration }) =>
        configuration.url?.includes('/events/'),
      );
      const stale = routerDefinition(state('bot', { Since: 2 }), desired.router) as { url: string };
      conversation.webhooks[at] = {
        ...conversation.webhooks[at]!,
        configuration: { ...conversation.webhooks[at]!.configuration, url: stale.url },
      };
    };
    expect(await run({ decide: decide('agent', 5, 4) })).toMatchObject({ profile: 'agent' });
    expect(router()).toMatchObject({ Profile: 'agent', Since: 5 });
  });

  test('that keeps changing everything makes sync give up, with the changes so far', async () => {
    plantRouter(state('bot'));
    conversation.before = (call) => {
      if (call === 'list') plant('bot', 'bot');
    };
    await expect(run()).rejects.toMatchObject({ code: 20503, details: { plan: expect.any(Array) } });
  });
});

describe('the slots', () => {
  test('are never exceeded: deletes come first', async () => {
    plantRouter(state('full'));
    plant('bot', 'sos', 'monitor', 'survey');
    const synced = await run({ decide: decide('other', 1) });
    expect(names()).toEqual(['audit', 'crm', 'monitor', 'router', 'sos']);
    expect(synced.plan.map(({ step }) => step)).toEqual(['update', 'delete', 'delete', 'create', 'create']);
  });

  test('are refused in a conversation full of foreign webhooks', async () => {
    for (let n = 0; n < 5; n++) conversation.plant(foreign(n));
    await expect(run({ decide: decide('bot') })).rejects.toMatchObject({
      code: 50361,
      status: 403,
      message: expect.stringContaining('No free slot for router'),
      details: { missing: ['router'], webhooks: expect.any(Array) },
    });
    expect(conversation.calls).toEqual(['list']);
  });

  test('are filled before the rest is rejected', async () => {
    for (let n = 0; n < 3; n++) conversation.plant(foreign(n));
    await expect(run({ decide: decide('both') })).rejects.toMatchObject({
      code: 50361,
      details: { missing: ['sos'], plan: [{ webhook: 'router' }, { webhook: 'bot' }] },
    });
  });

  test('are freed if Twilio counts one more than it lists', async () => {
    plantRouter(state('bot'));
    plant('bot');
    let refusals = 0;
    conversation.before = (call) => {
      if (call === 'create' && refusals++ === 0) throw new ApiError(50361, 'Too many', undefined, 403);
    };
    await run({ decide: decide('agent') });
    expect(names()).toEqual(['crm', 'router']);
  });
});

describe('a slot that is refused and that the list shows as free', () => {
  const refuse = (times: number) => {
    for (let n = 0; n < 2; n++) conversation.plant(foreign(n));
    plantRouter(state('agent'));
    let refusals = 0;
    conversation.before = (call) => {
      if (call === 'create' && refusals++ < times) throw new ApiError(50361, 'Too many', undefined, 403);
    };
  };

  test('is retried: another run had it for a moment', async () => {
    refuse(3);
    expect(await run()).toMatchObject({ result: 'changed', plan: [{ step: 'create', webhook: 'crm' }] });
  });

  test('is given up on in the end', async () => {
    refuse(Number.POSITIVE_INFINITY);
    await expect(run()).rejects.toMatchObject({ code: 50361, details: { missing: ['crm'] } });
    expect(conversation.calls).toEqual(['list', 'list', 'list', 'list', 'list']);
  });
});

describe('a lost response', () => {
  let attempts: number;
  const once = (call: string, applied: boolean) => {
    attempts = 0;
    const inner = conversation[call as 'create'].bind(conversation) as (...args: unknown[]) => Promise<never>;
    let lost = false;
    Object.assign(conversation, {
      [call]: async (...args: unknown[]) => {
        attempts += 1;
        if (lost) return inner(...args);
        lost = true;
        if (applied) await inner(...args);
        throw new ApiError(20503, 'connection lost');
      },
    });
  };

  const WRITES: readonly [call: string, applied: boolean][] = [
    ['update', true],
    ['update', false],
    ['create', true],
    ['create', false],
    ['remove', true],
    ['remove', false],
  ];

  test.each(WRITES)('to a %s, applied: %s, is refreshed, not retried', async (call, applied) => {
    plantRouter(state('bot'));
    plant('bot');
    once(call, applied);
    await run({ decide: decide('agent', 5, 4) });
    expect(attempts).toBe(applied ? 1 : 2);
    expect(conversation.calls.filter((made) => made === call)).toHaveLength(1);
    expect(names()).toEqual(['crm', 'router']);
    expect(router()).toMatchObject({ Profile: 'agent', Since: 5, Replay: 4, At: conversation.now });
    expect(conversation.replays).toHaveLength(1);
  });

  test('to an applied commit keeps a later decision of another run', async () => {
    plantRouter(state('bot'));
    plant('bot');
    once('update', true);
    const later = state('closed', { Since: 6, Replay: 6, At: conversation.now + 1 });
    let lists = 0;
    conversation.before = (call) => {
      if (call !== 'list' || ++lists !== 2) return;
      const [webhook] = conversation.webhooks;
      const { target: _, ...configuration } = routerDefinition(later, desired.router);
      conversation.webhooks.splice(0, 1, { ...webhook!, configuration });
    };
    await run({ decide: decide('agent', 5, 4) });
    expect(attempts).toBe(1);
    expect(router()).toEqual(later);
    expect(names()).toEqual(['router']);
  });

  test.each([true, false])('to the entry, applied: %s', async (applied) => {
    once('create', applied);
    await run({ decide: decide('bot', 0, 0) });
    expect(names()).toEqual(['bot', 'router']);
  });

  test.each(WRITES)('to a %s, applied: %s, is in the result once', async (call, applied) => {
    plantRouter(state('bot'));
    plant('bot');
    once(call, applied);
    const { plan } = await run({ decide: decide('agent', 5, 4) });
    expect(plan.map(({ step, webhook }) => `${step} ${webhook}`)).toEqual([
      'update router',
      'create crm',
      'delete bot',
    ]);
  });

  test('to the only step counts as a change', async () => {
    plantRouter(state('bot'));
    once('create', true);
    expect(await run()).toMatchObject({ result: 'changed', plan: [{ step: 'create', webhook: 'bot' }] });
  });

  test.each(['update', 'create', 'remove'])('to a %s, and then to the list, is reported', async (call) => {
    plantRouter(state('bot'));
    plant('bot');
    once(call, true);
    let lists = 0;
    conversation.before = (name) => {
      if (name === 'list' && ++lists > 1) throw new ApiError(20429, 'Too many requests', undefined, 429);
    };
    await expect(run({ decide: decide('agent') })).rejects.toMatchObject({ code: 20503, status: 503 });
  });
});

test('reports what Twilio refuses in a closed conversation, and still deletes', async () => {
  plantRouter(state('agent'));
  plant('crm');
  conversation.before = (call) => {
    if (call === 'update' || call === 'create') throw new ApiError(50377, 'closed', undefined, 400);
  };
  const synced = await run({ decide: decide('bot') });
  expect(synced).toMatchObject({
    result: 'changed',
    plan: [{ step: 'delete', webhook: 'crm' }],
    refused: [
      { step: 'update', webhook: 'router' },
      { step: 'create', webhook: 'bot' },
    ],
  });
});

test('passes on a permanent error, with the changes so far', async () => {
  plantRouter(state('bot'));
  plant('bot');
  conversation.before = (call) => {
    if (call === 'create') throw new ApiError(20429, 'Too many requests', undefined, 429);
  };
  await expect(run({ decide: decide('agent') })).rejects.toMatchObject({
    code: 20429,
    status: 429,
    details: { plan: [{ step: 'update', webhook: 'router' }] },
  });
});

test('changes nothing in a dry run and returns the plan', async () => {
  plantRouter(state('bot'));
  plant('bot');
  expect(await run({ decide: decide('agent'), dryRun: true })).toMatchObject({
    result: 'planned',
    profile: 'agent',
    previous_profile: 'bot',
    plan: [
      { step: 'update', webhook: 'router', sid: expect.any(String) },
      { step: 'create', webhook: 'crm' },
      { step: 'delete', webhook: 'bot', sid: expect.any(String) },
    ],
    rounds: 0,
  });
  expect(conversation.calls).toEqual(['list']);
});

test('notices that another run deleted its webhook, and deletes no duplicate for it', async () => {
  plantRouter(state('bot'));
  plant('bot');
  let theirs: string | undefined;
  conversation.before = (call) => {
    if (call !== 'remove' || theirs) return;
    conversation.webhooks.pop();
    theirs = conversation.plant(desired.webhooks.crm!, conversation.now + 1).sid;
  };
  await run({ decide: decide('agent', 5) });
  expect(conversation.webhooks.map(({ sid }) => sid)).toContain(theirs);
  expect(names()).toEqual(['crm', 'router']);
});

test('adds its own writes to stale lists', async () => {
  plantRouter(state('bot'));
  plant('bot');
  const stale = [...conversation.webhooks];
  conversation.list = async () => {
    conversation.calls.push('list');
    return { webhooks: stale, date: conversation.now };
  };
  await run({ decide: decide('agent', 5) });
  expect(names()).toEqual(['crm', 'router']);
  expect(conversation.calls.filter((call) => call === 'create')).toHaveLength(1);
});
