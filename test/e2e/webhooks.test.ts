import { type Called, get, post, postJson } from '../support/call';
import { useSharedStack } from '../support/stack';

// Each function over HTTP, as twilio-run serves the built bundle, against the emulator.

type Form = Readonly<Record<string, string | readonly string[]>>;

const FW = `FW${'a'.repeat(32)}`;
const WH = `WH${'0'.repeat(32)}`;
const Url = 'https://crm.example/in';

const { emulator, functions, api } = useSharedStack();
let conversation: string;

beforeEach(async () => {
  conversation = (await api.conversations.create({})).sid;
});

const call = (name: string, form: Form = {}) =>
  post(`${functions.origin}/webhooks/${name}`, { ConversationSid: conversation, ...form });
const attach = (form: Form) => call('attach', form);
const attachCrm = (form: Form = {}) => attach({ Target: 'webhook', Url, Filters: 'onMessageAdded', ...form });
const write = (body: string) => api.conversations(conversation).messages.create({ body });
const attached = () => api.conversations(conversation).webhooks.list();
const requests = async () => {
  const { body } = await get(`${emulator.origin}/_emulator/requests`);
  return body.requests.filter(({ path }: { path: string }) => path.includes(conversation)).length;
};
const apiCalls = async (work: () => Promise<unknown>): Promise<number> => {
  const before = await requests();
  await work();
  return (await requests()) - before;
};
const expectError = ({ status, type, body }: Called, expectedStatus: number, code: number, sentence = '') => {
  expect({ status, ...body }).toMatchObject({ status: expectedStatus, code });
  expect(body.message).toContain(sentence);
  expect(body.more_info).toBe(`https://www.twilio.com/docs/errors/${code}`);
  expect(type).toMatch(/^application\/json/);
};

describe('/webhooks/attach', () => {
  test('returns the resource, flat, as the API does', async () => {
    const { status, body } = await attachCrm({ Method: 'GET' });
    expect(status).toBe(201);
    const [webhook] = await attached();
    expect(body).toEqual({
      sid: webhook?.sid,
      account_sid: webhook?.accountSid,
      conversation_sid: conversation,
      target: 'webhook',
      url: webhook?.url,
      configuration: { url: Url, method: 'get', filters: ['onMessageAdded'] },
      date_created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      date_updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      result: 'created',
    });
  });

  test('reports created, unchanged, updated and replaced', async () => {
    const first = await attachCrm();
    expect(first).toMatchObject({ status: 201, body: { result: 'created' } });
    expect(await attachCrm()).toMatchObject({
      status: 200,
      body: { result: 'unchanged', sid: first.body.sid },
    });
    expect(await attachCrm({ Filters: 'onMessageAdded,onDeliveryUpdated' })).toMatchObject({
      status: 200,
      body: {
        result: 'updated',
        sid: first.body.sid,
        configuration: { filters: ['onMessageAdded', 'onDeliveryUpdated'] },
      },
    });
    const replaced = await attachCrm({ Replace: 'true' });
    expect(replaced).toMatchObject({ status: 200, body: { result: 'replaced', detached: [first.body.sid] } });
    expect((await attached()).map(({ sid }) => sid)).toEqual([replaced.body.sid]);
  });

  test('makes no more API calls than needed', async () => {
    expect(await apiCalls(() => attachCrm())).toBe(3);
    expect(await apiCalls(() => attachCrm())).toBe(1);
    expect(await apiCalls(() => attachCrm({ Method: 'get' }))).toBe(2);
    expect(await apiCalls(() => attach({ Target: 'studio', FlowSid: FW, ReplayAfter: 'latest' }))).toBe(4);
    expect(await apiCalls(() => attachCrm({ Sid: 'WH1' }))).toBe(0);
  });

  test('leaves one webhook if many run at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => attachCrm()));
    expect(answers.every(({ status }) => status < 300)).toBe(true);
    expect(await attached()).toHaveLength(1);
  });

  test.each([
    [{ 'Configuration.Url': Url, 'Configuration.Filters': ['onMessageAdded', 'onMessageRemoved'] }],
    [{ 'configuration.url': Url, 'configuration.filters': '["onMessageAdded","onMessageRemoved"]' }],
    [{ url: Url, filters: 'onMessageAdded, onMessageRemoved' }],
  ])('accepts REST names, short ones and camelCase: %j', async (form) => {
    expect(await attach({ Target: 'webhook', ...form })).toMatchObject({
      status: 201,
      body: { configuration: { url: Url, method: 'post', filters: ['onMessageAdded', 'onMessageRemoved'] } },
    });
  });

  test('accepts GET, with everything in the query', async () => {
    const query = new URLSearchParams({ ConversationSid: conversation, Target: 'studio', FlowSid: FW });
    expect(await get(`${functions.origin}/webhooks/attach?${query}`)).toMatchObject({
      status: 201,
      body: { target: 'studio', configuration: { flow_sid: FW } },
    });
  });

  test('accepts ChatServiceSid for ServiceSid, and not two services', async () => {
    const service = await api.services.create({ friendlyName: 'Another' });
    const { sid } = await api.services(service.sid).conversations.create({});
    const form = { ConversationSid: sid, ChatServiceSid: service.sid, Target: 'studio', FlowSid: FW };
    expect(await attach(form)).toMatchObject({ status: 201, body: { chat_service_sid: service.sid } });
    expectError(await attach({ ...form, ServiceSid: `IS${'0'.repeat(32)}` }), 400, 20001, 'are the same');
  });

  test('accepts a unique name, and another service', async () => {
    const service = await api.services.create({ friendlyName: 'Another' });
    const { sid } = await api.services(service.sid).conversations.create({ uniqueName: 'order 7' });
    const form = { ServiceSid: service.sid, Target: 'studio', FlowSid: FW };
    expect(await attach({ ...form, ConversationSid: 'order 7' })).toMatchObject({
      status: 201,
      body: { conversation_sid: sid, chat_service_sid: service.sid },
    });
    expectError(await attach({ ...form, ConversationSid: sid, ServiceSid: '' }), 404, 20404);
  });

  test('resolves a relative Url to this deployment', async () => {
    expect(await attachCrm({ Url: '/events/mine?x=1' })).toMatchObject({
      body: { configuration: { url: `${functions.origin}/events/mine?x=1` } },
    });
  });

  test('attaches a trigger', async () => {
    expect(await attach({ Target: 'trigger', Url, Triggers: ['help, please', 'sos'] })).toMatchObject({
      status: 201,
      body: { target: 'trigger', configuration: { triggers: ['help, please', 'sos'] } },
    });
  });

  describe('ReplayAfter', () => {
    const studio = { Target: 'studio', FlowSid: FW };
    const replays = async () => {
      await get(`${emulator.origin}/_emulator/idle`);
      const { body } = await get(`${emulator.origin}/_emulator/executions?ConversationSid=${conversation}`);
      return body.executions.flatMap((execution: { messages: { Body: string }[] }) =>
        execution.messages.map(({ Body }) => Body),
      );
    };
    beforeEach(async () => {
      for (const body of ['one', 'two', 'three']) await write(body);
    });

    test.each([
      ['0', ['one', 'two', 'three']],
      ['start', ['one', 'two', 'three']],
      ['1', ['two', 'three']],
      ['latest', ['three']],
      ['next', []],
    ])('%s replays %j', async (ReplayAfter, bodies) => {
      expect(await attach({ ...studio, ReplayAfter })).toMatchObject({
        status: 201,
        body: { replayed: true },
      });
      expect(await replays()).toEqual(bodies);
    });

    test('changes nothing on an attached webhook and reports that; with Replace it replays', async () => {
      await attach(studio);
      expect(await attach({ ...studio, ReplayAfter: 'latest' })).toMatchObject({
        status: 200,
        body: { result: 'unchanged', replayed: false },
      });
      expect(await replays()).toEqual([]);
      expect(await attach({ ...studio, ReplayAfter: 'latest', Replace: 'true' })).toMatchObject({
        status: 200,
        body: { result: 'replaced', replayed: true },
      });
      expect(await replays()).toEqual(['three']);
    });

    test.each(['-1', '1.5', 'newest', '1e3', '99999999999999999999'])('rejects %s', async (ReplayAfter) => {
      expectError(await attach({ ...studio, ReplayAfter }), 400, 20001, 'ReplayAfter');
    });
  });

  test.each<[Form, number]>([
    [{ ConversationSid: '' }, 50351],
    [{ ConversationSid: '..' }, 20001],
    [{ ConversationSid: '%2e%2e' }, 20001],
    [{ ConversationSid: 'a/../../Services' }, 20001],
    [{ ServiceSid: 'CH1' }, 20001],
    [{ Target: '' }, 50368],
    [{ Target: 'function' }, 50364],
    [{ Url: '' }, 50369],
    [{ Url: 'http://crm.example' }, 50054],
    [{ Url: 'crm' }, 50054],
    [{ Url: `https://crm.example/${'x'.repeat(493)}` }, 50372],
    [{ Method: 'PATCH' }, 50055],
    [{ Filters: '' }, 50370],
    [{ Filters: '[]' }, 50370],
    [{ Filters: 'onMessageAdd' }, 50365],
    [{ Filters: 'onBanana' }, 50365],
    [{ Triggers: 'help' }, 20001],
    [{ Target: 'trigger', Filters: '' }, 50371],
    [{ Target: 'trigger', Filters: '', Triggers: '[]' }, 50371],
    [{ Target: 'trigger', Filters: '', Triggers: ['1', '2', '3', '4', '5', '6'] }, 50362],
    [{ Target: 'trigger', Filters: '', Triggers: 'x'.repeat(249) }, 50366],
    [{ Target: 'trigger', Filters: '', Triggers: ['a', ''] }, 50366],
    [{ Target: 'studio', Url: '' }, 50367],
    [{ Target: 'studio', Url: '', FlowSid: 'FW1' }, 50367],
    [{ Target: 'studio', FlowSid: FW }, 20001],
    [{ Replace: 'maybe' }, 20001],
    [{ Filter: 'onMessageAdded' }, 20001],
    [{ url: 'https://other.example' }, 20001],
    [{ Method: ['get', 'post'] }, 20001],
  ])('rejects %j with 400 and a code of Twilio’s, without an API call', async (form, code) => {
    let answer: Called | undefined;
    expect(
      await apiCalls(async () => {
        answer = await attachCrm(form);
      }),
    ).toBe(0);
    expectError(answer!, 400, code);
  });

  test('passes on Twilio’s refusal of the sixth, with what takes the slots', async () => {
    for (let n = 0; n < 5; n++) await attachCrm({ Url: `${Url}/${n}` });
    const answer = await attachCrm();
    expectError(answer, 403, 50361);
    expect(
      answer.body.details.webhooks.map(
        (webhook: { configuration: { url: string } }) => webhook.configuration.url,
      ),
    ).toEqual(Array.from({ length: 5 }, (_, n) => `${Url}/${n}`));
    expect(await attachCrm({ Url: `${Url}/3` })).toMatchObject({
      status: 200,
      body: { result: 'unchanged' },
    });
  });

  test('accepts JSON types, rejects prototype keys and nesting, and ignores `request`', async () => {
    const json = (body: unknown) => postJson(`${functions.origin}/webhooks/attach`, body);
    const good = {
      ConversationSid: conversation,
      Target: 'studio',
      FlowSid: FW,
      ReplayAfter: 0,
      Replace: false,
    };
    expect(await json({ ...good, request: { headers: { x: 1 } } })).toMatchObject({ status: 201 });
    expect(await json({ ...good, Filters: [] })).toMatchObject({ status: 400, body: { code: 50370 } });
    // The runtime makes a prototype of it, or leaves it an unknown key: either way nothing is read from it.
    const polluted = `{"__proto__":{"Target":"studio"},"ConversationSid":"${conversation}","FlowSid":"${FW}"}`;
    expect(await json(polluted)).toMatchObject({ status: 400, body: { code: expect.any(Number) } });
    expectError(await json({ ...good, constructor: { prototype: 1 } }), 400, 20001, 'constructor');
    expectError(await json({ ...good, configuration: { url: Url } }), 400, 20001, 'flat');
    expectError(await json([good]), 400, 20001);
  });
});

describe('/webhooks/list', () => {
  test('lists no webhooks, three, and those of one target', async () => {
    expect(await call('list')).toMatchObject({ status: 200, body: { webhooks: [], count: 0, free: 5 } });
    await attachCrm();
    await attach({ Target: 'trigger', Url, Triggers: 'help' });
    const { body: bot } = await attach({ Target: 'studio', FlowSid: FW });
    expect((await call('list')).body).toMatchObject({ count: 3, free: 2 });
    const { result: _, ...resource } = bot;
    expect((await call('list', { Target: 'studio' })).body).toEqual({
      webhooks: [{ ...resource, policy_name: null }],
      count: 1,
      free: 2,
    });
  });

  test('names what the policy manages, and decodes the router', async () => {
    await post(`${functions.origin}/webhooks/sync`, { ConversationSid: conversation, Profile: 'bot' });
    await attachCrm();
    const { webhooks } = (await call('list')).body;
    const names = Object.fromEntries(
      webhooks.map(({ policy_name, target }: { policy_name: string | null; target: string }) => [
        policy_name,
        target,
      ]),
    );
    expect(names).toEqual({ router: 'webhook', bot: 'studio', sos: 'trigger', null: 'webhook' });
    const [{ router }] = webhooks.filter((webhook: { router?: object }) => webhook.router);
    expect(router).toEqual({
      profile: 'bot',
      replay: 0,
      decided_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      decisions: [expect.stringMatching(/^[\w-]{5}$/)],
      policy: expect.stringMatching(/^[\w-]{6}$/),
    });
  });

  test.each<[Form, number]>([
    [{ ConversationSid: '' }, 50351],
    [{ Target: 'bot' }, 50364],
    [{ Sid: WH }, 20001],
    [{ Target: ['studio', 'webhook'] }, 20001],
  ])('rejects %j', async (form, code) => {
    expectError(await call('list', form), 400, code);
  });
});

describe('/webhooks/fetch', () => {
  test('returns the resource', async () => {
    const { result: _, ...resource } = (await attachCrm()).body;
    expect(await call('fetch', { Sid: resource.sid })).toMatchObject({ status: 200, body: resource });
    expect(
      await get(`${functions.origin}/webhooks/fetch?conversationSid=${conversation}&sid=${resource.sid}`),
    ).toMatchObject({
      status: 200,
      body: resource,
    });
  });

  test('returns Twilio’s 404 for a missing webhook', async () => {
    expectError(await call('fetch', { Sid: WH }), 404, 20404);
  });

  test.each<[Form, number]>([
    [{ ConversationSid: '', Sid: WH }, 50351],
    [{}, 50363],
    [{ Sid: 'WH1' }, 50363],
    [{ Sid: [WH, `WH${'1'.repeat(32)}`] }, 20001],
    [{ Sid: WH, Target: 'studio' }, 20001],
  ])('rejects %j', async (form, code) => {
    expectError(await call('fetch', form), 400, code);
  });
});

describe('/webhooks/update', () => {
  test('changes what is sent and leaves the rest', async () => {
    const { sid } = (await attachCrm()).body;
    expect(await call('update', { Sid: sid, Method: 'GET' })).toMatchObject({
      status: 200,
      body: {
        sid,
        result: 'updated',
        configuration: { url: Url, method: 'get', filters: ['onMessageAdded'] },
      },
    });
    expect(await call('update', { Sid: sid, Method: 'get' })).toMatchObject({
      status: 200,
      body: { result: 'unchanged' },
    });
    expect(await call('update', { Sid: sid, Url: '/moved', Filters: 'onMessageRemoved' })).toMatchObject({
      body: {
        configuration: { url: `${functions.origin}/moved`, method: 'get', filters: ['onMessageRemoved'] },
      },
    });
  });

  test('changes the triggers of a trigger and the flow of a studio webhook', async () => {
    const trigger = (await attach({ Target: 'trigger', Url, Triggers: 'a' })).body;
    expect((await call('update', { Sid: trigger.sid, Triggers: 'b,c' })).body.configuration.triggers).toEqual(
      ['b', 'c'],
    );
    const studio = (await attach({ Target: 'studio', FlowSid: FW })).body;
    const FlowSid = `FW${'b'.repeat(32)}`;
    expect((await call('update', { Sid: studio.sid, FlowSid })).body.configuration.flow_sid).toBe(FlowSid);
  });

  test('rejects a setting that the target does not have, with a suggestion', async () => {
    const { sid } = (await attachCrm()).body;
    expectError(
      await call('update', { Sid: sid, Triggers: 'onMessageAdded' }),
      400,
      50366,
      'Target=webhook with Filters',
    );
    expectError(await call('update', { Sid: sid, Triggers: 'help' }), 400, 20001, 'did you mean Filters');
    expectError(await call('update', { Sid: sid, FlowSid: FW }), 400, 20001, 'did you mean Target=studio');
  });

  test('rejects Target and ReplayAfter, and says what to do instead', async () => {
    expectError(await call('update', { Sid: WH, Target: 'studio' }), 400, 20001, 'the new Target');
    expectError(await call('update', { Sid: WH, ReplayAfter: '0' }), 400, 20001, 'Replace=true');
  });

  test.each<[Form, number, number]>([
    [{ Method: 'get' }, 400, 50363],
    [{ Sid: 'WH1', Method: 'get' }, 400, 50363],
    [{ Sid: WH }, 400, 20001],
    [{ Sid: WH, Method: 'put' }, 400, 50055],
    [{ Sid: WH, Url: `https://crm.example/${'x'.repeat(493)}` }, 400, 50372],
    [{ Sid: WH, Filters: '[]' }, 400, 50370],
    [{ Sid: WH, Triggers: '[]' }, 400, 50371],
    [{ Sid: WH, FlowSid: 'FW1' }, 400, 50367],
    [{ Sid: WH, FlowSid: FW, Url }, 400, 20001],
    [{ Sid: WH, Replace: 'true' }, 400, 20001],
    [{ Sid: WH, Method: 'get' }, 404, 20404],
  ])('rejects %j', async (form, status, code) => {
    expectError(await call('update', form), status, code);
  });
});

describe('/webhooks/detach', () => {
  test('detaches by Sid, twice', async () => {
    const { sid } = (await attachCrm()).body;
    expect(await call('detach', { Sid: sid })).toMatchObject({
      status: 200,
      body: { detached: [sid], count: 1 },
    });
    expect(await call('detach', { Sid: sid })).toMatchObject({
      status: 200,
      body: { detached: [], count: 0 },
    });
  });

  test('detaches by the beginning of a URL', async () => {
    const { sid } = (await attachCrm({ Url: 'https://crm.example/in?key=1' })).body;
    await attachCrm({ Url: 'https://crm.example/inbox' });
    expect((await call('detach', { UrlPrefix: Url })).body).toEqual({ detached: [sid], count: 1 });
  });

  test('detaches by Url, by FlowSid, by Target, and all', async () => {
    const crm = (await attachCrm()).body.sid;
    const trigger = (await attach({ Target: 'trigger', Url, Triggers: 'help' })).body.sid;
    const bot = (await attach({ Target: 'studio', FlowSid: FW })).body.sid;
    const own = (await attachCrm({ Url: '/own' })).body.sid;
    expect((await call('detach', { Url, Target: 'trigger' })).body).toEqual({
      detached: [trigger],
      count: 1,
    });
    expect((await call('detach', { Url: '/own' })).body).toEqual({ detached: [own], count: 1 });
    expect((await call('detach', { FlowSid: FW })).body).toEqual({ detached: [bot], count: 1 });
    expect((await call('detach', { Target: 'studio' })).body).toEqual({ detached: [], count: 0 });
    await attachCrm({ Url: '/own' });
    const rest = (await call('detach', { All: 'true' })).body;
    expect(rest).toMatchObject({ count: 2, detached: expect.arrayContaining([crm]) });
    expect(await attached()).toEqual([]);
  });

  test.each<[Form, number]>([
    [{}, 20001],
    [{ All: 'false' }, 20001],
    [{ Sid: 'WH1' }, 50363],
    [{ Sid: WH, All: 'true' }, 20001],
    [{ Target: 'bot' }, 50364],
    [{ FlowSid: 'FW1' }, 50367],
    [{ Url, FlowSid: FW }, 20001],
    [{ ConversationSid: '', All: 'true' }, 50351],
    [{ Sid: WH, Filters: 'onMessageAdded' }, 20001],
  ])('rejects %j', async (form, code) => {
    expectError(await call('detach', form), 400, code);
  });
});

describe('a managed conversation', () => {
  const bySid = async (name: string) =>
    (await call('list')).body.webhooks.find(
      (webhook: { policy_name: string }) => webhook.policy_name === name,
    );
  beforeEach(() => call('sync', { Profile: 'bot' }));

  test('has the name of a webhook that the policy does not want, and the next repair deletes it', async () => {
    const crm = await bySid('bot');
    await call('sync', { Profile: 'agent' });
    const { configuration } = crm;
    const { body } = await attach({ Target: 'studio', FlowSid: configuration.flow_sid });
    expect(body).toMatchObject({ result: 'created', managed: 'bot' });
    expect((await call('sync')).body.plan).toMatchObject([{ step: 'delete', sid: body.sid }]);
  });

  test('has the name of a webhook whose settings the next repair writes again', async () => {
    const { sid } = await bySid('sos');
    const { body } = await call('update', { Sid: sid, Triggers: 'help' });
    expect(body).toMatchObject({ result: 'updated', managed: 'sos' });
    expect((await call('sync')).body.plan).toMatchObject([{ step: 'update', sid }]);
    expect((await call('update', { Sid: sid, Method: 'post' })).body).not.toHaveProperty('managed');
  });

  test('has the names of webhooks that the next repair attaches again', async () => {
    const { body } = await call('detach', { Target: 'studio' });
    expect(body).toMatchObject({ count: 1, managed: ['bot'] });
    expect((await call('sync')).body.plan).toMatchObject([{ step: 'create', webhook: 'bot' }]);
  });

  test('leaves its router alone until All is sent, and refuses another Url for it', async () => {
    const { sid, policy_name } = await bySid('router');
    expectError(await call('update', { Sid: sid, Url }), 400, 20001, 'the webhook is the router');
    expect((await call('detach', { Target: 'webhook' })).body).toEqual({ detached: [], count: 0 });
    expect(await bySid('router')).toMatchObject({ sid, policy_name });
    const { body } = await call('detach', { All: 'true' });
    expect(body.detached).toContain(sid);
    expect(body).not.toHaveProperty('managed');
  });

  test('says nothing of a foreign webhook', async () => {
    const { body } = await attachCrm();
    expect(body).not.toHaveProperty('managed');
    for (const [name, form] of [
      ['update', { Method: 'get' }],
      ['detach', {}],
    ] as const)
      expect((await call(name, { Sid: body.sid, ...form })).body).not.toHaveProperty('managed');
  });
});

describe('a conversation', () => {
  const calls: [string, Form][] = [
    ['attach', { Target: 'studio', FlowSid: FW }],
    ['list', {}],
    ['fetch', { Sid: WH }],
    ['update', { Sid: WH, Method: 'get' }],
    ['detach', { Sid: WH }],
    ['detach', { All: 'true' }],
  ];

  test.each(calls)('that is unknown returns Twilio’s 404 to %s %j', async (name, form) => {
    expectError(await call(name, { ...form, ConversationSid: 'nobody' }), 404, 20404);
  });

  test.each(calls)('that was deleted returns Twilio’s 404 to %s %j', async (name, form) => {
    await attachCrm();
    await api.conversations(conversation).remove();
    expectError(await call(name, form), 404, 20404);
  });

  test('that is closed can be read and emptied, but not changed', async () => {
    const { sid } = (await attachCrm()).body;
    await api.conversations(conversation).update({ state: 'closed' });
    expect((await call('list')).body).toMatchObject({ count: 1 });
    expectError(await attach({ Target: 'studio', FlowSid: FW }), 400, 50377);
    expectError(await call('update', { Sid: sid, Method: 'get' }), 400, 50377);
    expect((await call('detach', { Sid: sid })).body).toEqual({ detached: [sid], count: 1 });
  });
});
