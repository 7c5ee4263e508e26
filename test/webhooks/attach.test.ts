import { ApiError } from '../../src/lib/api-error';
import { attach } from '../../src/webhooks/attach';
import type { Definition } from '../../src/webhooks/definition';
import { FakeConversation } from '../support/conversation';

const crm: Definition = {
  target: 'webhook',
  url: 'https://crm.example/in',
  method: 'post',
  filters: ['onMessageAdded'],
};
const bot: Definition = { target: 'studio', flowSid: `FW${'a'.repeat(32)}` };
const two: Definition = { ...crm, filters: ['onMessageAdded', 'onMessageUpdated'] };
const sos: Definition = { target: 'trigger', url: crm.url, method: 'post', triggers: ['help'] };
const other = (n: number): Definition => ({ ...crm, url: `https://other.example/${n}` });

let conversation: FakeConversation;
beforeEach(() => {
  conversation = new FakeConversation();
});

test('creates a missing webhook in three calls', async () => {
  const attached = await attach(conversation, { definition: crm });
  expect(attached).toEqual({ result: 'created', webhook: conversation.webhooks[0] });
  expect(conversation.calls).toEqual(['list', 'create', 'list']);
});

test('leaves an equal webhook unchanged, in one call', async () => {
  const planted = conversation.plant(crm);
  expect(await attach(conversation, { definition: crm })).toEqual({ result: 'unchanged', webhook: planted });
  expect(conversation.calls).toEqual(['list']);
});

test('updates a webhook with another configuration', async () => {
  const { sid } = conversation.plant(crm);
  const attached = await attach(conversation, {
    definition: { ...crm, filters: ['onMessageUpdated'], method: 'get' },
  });
  expect(attached).toMatchObject({ result: 'updated', webhook: { sid, configuration: { method: 'get' } } });
  expect(conversation.webhooks).toHaveLength(1);
});

test.each<[what: string, before: string, after: string]>([
  ['adds a fragment', crm.url, `${crm.url}#rc=3&rp=5xx`],
  ['removes a fragment', `${crm.url}#rc=3&rp=5xx`, crm.url],
  ['adds the default port', crm.url, 'https://crm.example:443/in'],
  ['changes the letter case of the host', 'https://CRM.example/in', crm.url],
])('%s of the URL in place', async (_, before, after) => {
  const { sid } = conversation.plant({ ...crm, url: before });
  expect(await attach(conversation, { definition: { ...crm, url: after } })).toEqual({
    result: 'updated',
    webhook: { ...conversation.webhooks[0], sid, configuration: expect.objectContaining({ url: after }) },
  });
  expect(conversation.calls).toEqual(['list', 'update']);
});

test.each<[what: string, attached: Definition, asked: Definition, calls: string[]]>([
  ['fewer filters', two, crm, ['list', 'update']],
  ['more filters', crm, two, ['list', 'update']],
  ['other filters', crm, { ...crm, filters: ['onMessageUpdated'] }, ['list', 'update']],
  ['the same filters', two, two, ['list']],
  ['fewer triggers', { ...sos, triggers: ['help', 'urgent'] }, sos, ['list', 'update']],
  ['more triggers', sos, { ...sos, triggers: ['help', 'urgent'] }, ['list', 'update']],
  ['other triggers', sos, { ...sos, triggers: ['urgent'] }, ['list', 'update']],
  ['the same triggers', sos, sos, ['list']],
])('writes the webhook again if asked for %s, and only then', async (_, before, asked, calls) => {
  const { sid } = conversation.plant(before);
  const { result, webhook } = await attach(conversation, { definition: asked });
  expect(conversation.calls).toEqual(calls);
  expect(result).toBe(calls.includes('update') ? 'updated' : 'unchanged');
  const { target: _target, ...configuration } = asked;
  expect(webhook).toEqual({ ...conversation.webhooks[0], sid, configuration });
});

test('keeps a webhook, a trigger and a flow with the same URL apart', async () => {
  await attach(conversation, { definition: crm });
  await attach(conversation, {
    definition: { target: 'trigger', url: crm.url, method: 'post', triggers: ['help'] },
  });
  await attach(conversation, { definition: bot });
  expect(conversation.webhooks.map(({ target }) => target)).toEqual(['webhook', 'trigger', 'studio']);
});

test('deletes the younger duplicates', async () => {
  const young = conversation.plant(crm, 20);
  const old = conversation.plant(crm, 10);
  expect(await attach(conversation, { definition: crm })).toEqual({
    result: 'unchanged',
    webhook: old,
    detached: [young.sid],
  });
  expect(conversation.webhooks).toEqual([old]);
});

test('keeps and returns an older webhook that somebody attached meanwhile', async () => {
  let theirs: string | undefined;
  conversation.before = (call) => {
    if (call === 'create') theirs ??= conversation.plant(crm, 5).sid;
  };
  const attached = await attach(conversation, { definition: crm });
  expect(attached).toMatchObject({ result: 'unchanged', webhook: { sid: theirs } });
  expect(conversation.webhooks.map(({ sid }) => sid)).toEqual([theirs]);
});

test('lists again as long as the list is too stale to show its own webhook', async () => {
  const pauses: number[] = [];
  const sleep = async (ms: number) => {
    pauses.push(ms);
    conversation.clock += ms;
  };
  conversation.clock = 1_000;
  conversation.lagMs = 200;
  conversation.before = (call) => {
    if (call === 'create' && conversation.webhooks.length === 0)
      conversation.plant(crm, conversation.now - 60);
  };
  const attached = await attach(conversation, { definition: crm, sleep });
  expect(pauses).toEqual([150, 150]);
  expect(attached).toMatchObject({ result: 'unchanged', webhook: { sid: conversation.webhooks[0]!.sid } });
  expect(conversation.webhooks).toHaveLength(1);
});

test('lists no more than three times again, if the list never shows its own webhook', async () => {
  const pauses: number[] = [];
  const list = async () => ({ webhooks: [], date: conversation.now });
  conversation.list = list;
  const sleep = async (ms: number) => void pauses.push(ms);
  expect(await attach(conversation, { definition: crm, sleep })).toMatchObject({
    result: 'created',
    webhook: conversation.webhooks[0],
  });
  expect(pauses).toEqual([150, 150, 150]);
});

test('keeps its own webhook if another one is younger', async () => {
  let looked = 0;
  conversation.before = (call) => {
    if (call === 'list' && ++looked === 2) conversation.plant(crm, conversation.now + 1000);
  };
  const attached = await attach(conversation, { definition: crm });
  expect(attached).toMatchObject({ result: 'created', detached: [expect.stringMatching(/^WH/)] });
  expect(conversation.webhooks).toEqual([attached.webhook]);
});

test('applies the requested configuration to the survivor of a race', async () => {
  conversation.before = (call) => {
    if (call === 'create') conversation.plant({ ...crm, method: 'get' }, 5);
  };
  expect(await attach(conversation, { definition: crm })).toMatchObject({
    result: 'updated',
    webhook: { configuration: { method: 'post' } },
  });
});

describe('ReplayAfter', () => {
  test.each([
    ['start', 7, 0],
    ['latest', 7, 7],
    ['next', 7, 8],
    ['latest', undefined, 0],
    ['next', undefined, 0],
    [3, 7, 3],
  ] as const)('resolves %s with the newest message %s to %s', async (replayAfter, newest, index) => {
    conversation.newest = newest;
    const attached = await attach(conversation, { definition: bot, replayAfter });
    expect(attached).toMatchObject({ result: 'created', replayed: true });
    expect(conversation.replays).toEqual([{ sid: attached.webhook.sid, after: index }]);
  });

  test('changes nothing on an attached webhook, and reports that', async () => {
    conversation.plant(bot);
    const attached = await attach(conversation, { definition: bot, replayAfter: 'latest' });
    expect(attached).toMatchObject({ result: 'unchanged', replayed: false });
    expect(conversation.calls).toEqual(['list']);
    conversation.plant({ ...crm, method: 'get' });
    expect(await attach(conversation, { definition: crm, replayAfter: 'latest' })).toMatchObject({
      result: 'updated',
      replayed: false,
    });
  });

  test('is resolved before Replace deletes, so that the replay covers the gap', async () => {
    const old = conversation.plant(bot);
    conversation.newest = 4;
    conversation.before = (call) => {
      if (call === 'remove') conversation.newest = 5;
    };
    const attached = await attach(conversation, { definition: bot, replayAfter: 'latest', replace: true });
    expect(attached).toMatchObject({ result: 'replaced', replayed: true, detached: [old.sid] });
    expect(conversation.replays).toEqual([{ sid: attached.webhook.sid, after: 4 }]);
    expect(conversation.calls).toEqual(['list', 'newestIndex', 'update', 'remove', 'create', 'list']);
  });
});

test('creates a webhook if Replace finds none', async () => {
  expect(await attach(conversation, { definition: bot, replace: true })).toMatchObject({ result: 'created' });
  expect(conversation.calls).toEqual(['list', 'create', 'list']);
});

test('frees a slot with Replace in a full conversation', async () => {
  for (let n = 0; n < 4; n++) conversation.plant(other(n));
  conversation.plant(bot);
  expect(await attach(conversation, { definition: bot, replace: true })).toMatchObject({
    result: 'replaced',
  });
});

test('rejects the sixth webhook as Twilio does, with what takes the slots', async () => {
  const planted = Array.from({ length: 5 }, (_, n) => conversation.plant(other(n)));
  await expect(attach(conversation, { definition: crm })).rejects.toMatchObject({
    code: 50361,
    status: 403,
    details: { webhooks: planted.map(({ sid, target, configuration }) => ({ sid, target, configuration })) },
  });
});

test('reports in an error what was deleted or created before it', async () => {
  const { sid } = conversation.plant(bot);
  conversation.before = (call) => {
    if (call === 'create') throw new ApiError(20503, 'down');
  };
  await expect(attach(conversation, { definition: bot, replace: true })).rejects.toMatchObject({
    code: 20503,
    details: { detached: [sid] },
  });

  let lists = 0;
  conversation.before = (call) => {
    if (call === 'list' && ++lists === 2) throw new ApiError(20503, 'down');
  };
  const failure = await attach(conversation, { definition: crm }).catch((error) => error);
  expect(failure.details).toEqual({ created: conversation.webhooks[0]?.sid });
});

test("keeps Twilio's details in the error beside its own", async () => {
  const { sid } = conversation.plant(bot);
  const details = { status: 'closed', fields: ['Target'] };
  conversation.before = (call) => {
    if (call === 'create') throw new ApiError(50377, 'closed', details, 400);
  };
  const failure = await attach(conversation, { definition: bot, replace: true }).catch((error) => error);
  expect(failure).toMatchObject({ code: 50377, status: 400 });
  expect(failure.details).toEqual({ ...details, detached: [sid] });
});

test('reports in an error what was updated before it', async () => {
  const { sid } = conversation.plant(crm);
  conversation.before = (call) => {
    if (call === 'remove') throw new ApiError(20429, 'Too many requests', undefined, 429);
  };
  const request = { definition: { ...crm, method: 'get' }, replace: true } as const;
  const failure = await attach(conversation, request).catch((error) => error);
  expect(failure.details).toEqual({ updated: sid });
  expect(conversation.webhooks).toMatchObject([{ sid, configuration: { method: 'get' } }]);
});

test('an error during the deletes reports a SID as updated or created only while it is attached', async () => {
  const old = conversation.plant(crm, 10);
  conversation.plant(crm, 20);
  conversation.before = (call) => {
    if (call === 'remove' && conversation.webhooks.length === 1) throw new ApiError(20503, 'down');
  };
  const replacing = await attach(conversation, { definition: crm, replace: true }).catch((error) => error);
  expect(replacing.details).toEqual({ detached: [old.sid] });

  conversation = new FakeConversation();
  conversation.before = (call) => {
    if (call === 'create') for (const at of [5, conversation.now + 5]) conversation.plant(crm, at);
    if (call === 'remove' && conversation.webhooks.length === 2) throw new ApiError(20503, 'down');
  };
  const racing = await attach(conversation, { definition: crm }).catch((error) => error);
  expect(racing.details).toEqual({ detached: [expect.stringMatching(/^WH/)] });
  expect(conversation.webhooks.map(({ sid }) => sid)).not.toContain(racing.details.detached[0]);
});

test('an error during the deletes of younger duplicates reports ours as created', async () => {
  let removes = 0;
  conversation.before = (call) => {
    if (call === 'create') for (const later of [5, 6]) conversation.plant(crm, conversation.now + later);
    if (call === 'remove' && ++removes === 2) throw new ApiError(20503, 'down');
  };
  const racing = await attach(conversation, { definition: crm }).catch((error) => error);
  expect(racing.details).toEqual({
    created: conversation.webhooks[1]!.sid,
    detached: [expect.stringMatching(/^WH/)],
  });
});

test('rejects the sixth webhook without a summary if the list fails', async () => {
  for (let n = 0; n < 5; n++) conversation.plant(other(n));
  let lists = 0;
  conversation.before = (call) => {
    if (call === 'list' && ++lists === 2) throw new ApiError(20503, 'down');
  };
  const failure = await attach(conversation, { definition: crm }).catch((error) => error);
  expect(failure).toMatchObject({ code: 50361, status: 403 });
  expect(failure.details).toBeUndefined();
});

test('does not delete what Twilio would refuse to create again', async () => {
  const { sid } = conversation.plant(bot);
  conversation.before = (call) => {
    if (call === 'update' || call === 'create') throw new ApiError(50377, 'closed', undefined, 400);
  };
  await expect(attach(conversation, { definition: bot, replace: true })).rejects.toMatchObject({
    code: 50377,
  });
  expect(conversation.webhooks.map((webhook) => webhook.sid)).toEqual([sid]);
});

test('does not report a replay of a webhook that was deleted', async () => {
  conversation.before = (call) => {
    if (call === 'create') conversation.plant(bot, 5);
  };
  expect(await attach(conversation, { definition: bot, replayAfter: 'start' })).toMatchObject({
    result: 'unchanged',
    replayed: false,
  });
});

test('creates nothing again if Twilio refuses it', async () => {
  for (const error of [new ApiError(50377, 'closed', undefined, 400), new TypeError('a bug')]) {
    conversation.calls.length = 0;
    conversation.create = async () => {
      conversation.calls.push('create');
      throw error;
    };
    await expect(attach(conversation, { definition: crm })).rejects.toBe(error);
    expect(conversation.calls).toEqual(['list', 'create']);
  }
});

test('lists after a conflict (409) on the create, and creates again', async () => {
  conversation.refuse('create', new ApiError(20409, 'Conflict', undefined, 409));
  expect(await attach(conversation, { definition: crm })).toMatchObject({ result: 'created' });
  expect(conversation.calls).toEqual(['list', 'create', 'list', 'create', 'list']);
});

test('leaves replayed out if the response to the create was lost', async () => {
  const create = conversation.create.bind(conversation);
  conversation.create = async (...args) => {
    await create(...args);
    throw new ApiError(20503, 'connection lost');
  };
  const attached = await attach(conversation, { definition: bot, replayAfter: 'start' });
  expect(attached).toMatchObject({ result: 'unchanged' });
  expect(attached).not.toHaveProperty('replayed');
});

test.each([
  ['the response to the create is lost', true],
  ['somebody else creates it in the last slot', false],
])('Replace is reported as replaced when %s', async (_, isOurs) => {
  for (let n = 0; n < 4; n++) conversation.plant(other(n));
  const old = conversation.plant(bot);
  const create = conversation.create.bind(conversation);
  conversation.create = async (...args) => {
    if (!isOurs) conversation.plant(bot);
    await create(...args);
    throw new ApiError(20503, 'connection lost');
  };
  const attached = await attach(conversation, { definition: bot, replace: true, replayAfter: 'start' });
  expect(attached).toEqual({
    result: 'replaced',
    webhook: conversation.webhooks[4],
    detached: [old.sid],
    ...(!isOurs && { replayed: false }),
  });
});

test('returns the same webhook if it took the last slot', async () => {
  for (let n = 0; n < 4; n++) conversation.plant(other(n));
  conversation.before = (call) => {
    if (call === 'create' && conversation.webhooks.length < 5) conversation.plant(crm);
  };
  expect(await attach(conversation, { definition: crm })).toMatchObject({
    result: 'unchanged',
    webhook: conversation.webhooks[4],
  });
});

test('treats a studio flow without visible filters as equal', async () => {
  const planted = conversation.plant(bot);
  expect(
    await attach(conversation, { definition: { ...bot, filters: ['onMessageAdded'] } as Definition }),
  ).toEqual({
    result: 'unchanged',
    webhook: planted,
  });
});

describe('a webhook that somebody else deletes', () => {
  const once = (call: string, act: () => void) => {
    let acted = false;
    conversation.before = (made) => {
      if (made !== call || acted) return;
      acted = true;
      act();
    };
  };

  test('is created again if it was to be updated', async () => {
    conversation.plant({ ...crm, method: 'get' });
    once('update', () => conversation.webhooks.pop());
    expect(await attach(conversation, { definition: crm })).toMatchObject({ result: 'created' });
    expect(conversation.webhooks).toHaveLength(1);
  });

  test('is created again if it was to be replaced', async () => {
    conversation.plant(bot);
    once('update', () => conversation.webhooks.pop());
    const attached = await attach(conversation, { definition: bot, replace: true, replayAfter: 'start' });
    expect(attached).toMatchObject({ result: 'created', replayed: true });
    expect(conversation.webhooks).toEqual([attached.webhook]);
  });

  test('stays if somebody creates it again: ours, now gone, does not count as older', async () => {
    let lists = 0;
    conversation.before = (call) => {
      if (call !== 'list' || ++lists !== 2) return;
      conversation.webhooks.pop();
      conversation.plant(crm);
    };
    const attached = await attach(conversation, { definition: crm });
    expect(conversation.webhooks).toEqual([attached.webhook]);
    expect(conversation.calls).not.toContain('remove');
  });

  test('is created again if a conflict led to it', async () => {
    conversation.refuse('create', new ApiError(20409, 'Conflict', undefined, 409));
    let creates = 0;
    conversation.before = (call) => {
      if (call === 'create' && ++creates === 1) conversation.plant({ ...crm, method: 'get' });
      if (call === 'update') conversation.webhooks.pop();
    };
    const attached = await attach(conversation, { definition: crm });
    expect(attached).toEqual({ result: 'created', webhook: conversation.webhooks[0] });
    expect(conversation.webhooks).toMatchObject([{ configuration: { method: 'post' } }]);
  });

  test('is not reported as created by the error of a later step', async () => {
    let lists = 0;
    conversation.before = (call) => {
      if (call === 'remove') throw new ApiError(20429, 'Too many requests', undefined, 429);
      if (call !== 'list' || ++lists !== 2) return;
      conversation.webhooks.pop();
      for (const at of [5, 6]) conversation.plant(crm, at);
    };
    const failure = await attach(conversation, { definition: crm }).catch((error) => error);
    expect(failure).toMatchObject({ code: 20429 });
    expect(failure.details).toBeUndefined();
  });

  test('makes attach give up after four times', async () => {
    conversation.before = (call) => {
      if (call === 'list') conversation.plant({ ...crm, method: 'get' });
      if (call === 'update') conversation.webhooks.pop();
    };
    await expect(attach(conversation, { definition: crm })).rejects.toMatchObject({
      code: 20503,
      message: 'Others kept deleting the webhook; attach it again',
    });
    expect(conversation.calls.filter((call) => call === 'list')).toHaveLength(4);
  });
});
