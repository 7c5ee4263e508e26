import { get, post } from '../support/call';
import { startFunctions } from '../support/programs';
import { useSharedStack } from '../support/stack';

type Form = Readonly<Record<string, string>>;

const { emulator, functions, api } = useSharedStack();
let conversation: string;

beforeEach(async () => {
  conversation = (await api.conversations.create({})).sid;
});

const call = (name: string, form: Form = {}) =>
  post(`${functions.origin}/webhooks/${name}`, { ConversationSid: conversation, ...form });
const sync = (form: Form = {}) => call('sync', form);
const steps = (plan: { step: string; webhook: string }[]) =>
  plan.map(({ step, webhook }) => `${step} ${webhook}`);
const router = async () => {
  const urls = (await api.conversations(conversation).webhooks.list()).map(
    ({ configuration }) => configuration.url ?? '',
  );
  return urls.find((url: string) => url.includes('/events/conversation'));
};

test('makes a conversation managed, and moves it from profile to profile', async () => {
  const entry = await sync({ Profile: 'bot' });
  expect(entry).toMatchObject({
    status: 200,
    body: { profile: 'bot', result: 'changed', replay: 0, rounds: 1, count: 3, free: 2 },
  });
  expect(entry.body.previous_profile).toBeNull();
  expect(steps(entry.body.plan)).toEqual(['create router', 'create bot', 'create sos']);
  expect(await router()).toMatch(
    new RegExp(
      `^${functions.origin}/events/conversation\\?Profile=bot&Replay=0&At=\\d{10}` +
        `&Done=[\\w-]{5}&Own=[\\w-]{10}\\.[\\w-]{5}&Policy=${entry.body.policy}$`,
    ),
  );

  const handOff = await sync({ Profile: 'agent' });
  expect(handOff.body).toMatchObject({ profile: 'agent', previous_profile: 'bot', result: 'changed' });
  expect(handOff.body.policy).toBe(entry.body.policy);
  expect(steps(handOff.body.plan)).toEqual(['update router', 'create crm', 'delete bot']);
  for (const { why, sid, step } of handOff.body.plan) {
    expect(why).toEqual(expect.any(String));
    if (step !== 'create') expect(sid).toMatch(/^WH/);
  }

  const closed = await sync({ Profile: 'closed' });
  expect(closed.body).toMatchObject({ profile: 'closed', count: 1, free: 4 });
  expect((await call('detach', { All: 'true' })).body.count).toBe(1);
  expect((await sync()).body).toMatchObject({ result: 'unmanaged', plan: [], count: 0 });
});

test('repairs the current profile, and changes nothing if it is complete', async () => {
  await sync({ Profile: 'bot' });
  expect((await sync()).body).toMatchObject({
    profile: 'bot',
    result: 'unchanged',
    why: 'no profile requested',
    plan: [],
    rounds: 0,
    calls: 1,
  });
  expect((await sync({ Profile: 'bot' })).body).toMatchObject({
    result: 'unchanged',
    why: 'already in profile bot',
    calls: 1,
  });
  const { body } = await call('list', { Target: 'studio' });
  await call('detach', { Sid: body.webhooks[0].sid });
  expect(steps((await sync()).body.plan)).toEqual(['create bot']);
});

test('returns the plan of a dry run and changes nothing', async () => {
  await sync({ Profile: 'bot' });
  const before = await call('list');
  const { body } = await sync({ Profile: 'agent', DryRun: 'true' });
  expect(body).toMatchObject({ result: 'planned', profile: 'agent', previous_profile: 'bot', rounds: 0 });
  expect(steps(body.plan)).toEqual(['update router', 'create crm', 'delete bot']);
  expect((await call('list')).body).toEqual(before.body);
});

test('replays from ReplayAfter to new webhooks', async () => {
  for (const body of ['one', 'two']) await api.conversations(conversation).messages.create({ body });
  const heard = async () => {
    await get(`${emulator.origin}/_emulator/idle`);
    const { body } = await get(`${emulator.origin}/_emulator/executions?ConversationSid=${conversation}`);
    return body.executions.flatMap(({ messages }: { messages: { Body: string }[] }) =>
      messages.map(({ Body }) => Body),
    );
  };
  await sync({ Profile: 'bot' });
  expect(await heard()).toEqual([]);
  await sync({ Profile: 'closed' });
  await sync({ Profile: 'bot', ReplayAfter: 'latest' });
  expect(await heard()).toEqual(['two']);
  await sync({ Profile: 'closed' });
  await sync({ Profile: 'bot', ReplayAfter: 'start' });
  expect(await heard()).toEqual(['two', 'one', 'two']);
});

test('sends no old message to the functions when a conversation becomes managed', async () => {
  for (let n = 0; n < 100; n++) await api.conversations(conversation).messages.create({ body: `${n}` });
  expect((await sync({ Profile: 'bot' })).body).toMatchObject({ result: 'changed', replay: 100 });
  await get(`${emulator.origin}/_emulator/idle`);
  const { body } = await get(`${emulator.origin}/_emulator/deliveries?ConversationSid=${conversation}`);
  expect(body.deliveries).toEqual([]);
});

test('leaves foreign webhooks alone', async () => {
  const foreign = (
    await call('attach', { Target: 'webhook', Url: 'https://theirs.example', Filters: 'onMessageAdded' })
  ).body;
  await sync({ Profile: 'bot' });
  await sync({ Profile: 'closed' });
  const { result: _, ...resource } = foreign;
  expect((await call('list')).body.webhooks).toEqual(
    expect.arrayContaining([{ ...resource, policy_name: null }]),
  );
});

test('attaches each webhook once if many run at once', async () => {
  await Promise.all(Array.from({ length: 6 }, (_, n) => sync({ Profile: n % 2 ? 'bot' : 'agent' })));
  await sync();
  const { body } = await call('list');
  expect(body.count).toBe(3);
});

test.each<[Form, number, string]>([
  [{ ConversationSid: '' }, 50351, 'ConversationSid is missing'],
  [{ Profile: 'agnt' }, 20001, 'did you mean "agent"?'],
  [{ Profile: 'constructor' }, 20001, 'is not in the policy'],
  [{ ReplayAfter: '0' }, 20001, 'ReplayAfter requires Profile'],
  [{ Profile: 'bot', ReplayAfter: 'newest' }, 20001, 'ReplayAfter'],
  [{ EndExecutions: 'true' }, 20001, 'EndExecutions requires Profile'],
  [{ Profile: 'bot', DryRun: 'perhaps' }, 20001, 'DryRun must be true or false'],
  [{ Target: 'studio' }, 20001, 'Unknown parameter'],
])('rejects %j with 400: …%s…', async (form, code, sentence) => {
  expect(await sync(form)).toMatchObject({
    status: 400,
    body: { code, message: expect.stringContaining(sentence) },
  });
});

test('returns Twilio’s 404 for an unknown conversation', async () => {
  expect(await sync({ ConversationSid: 'nobody', Profile: 'bot' })).toMatchObject({
    status: 404,
    body: { code: 20404 },
  });
});

test('reports a missing variable, and fails sync and events only', async () => {
  const broken = await startFunctions({ TWILIO_API_BASE_URL: emulator.origin, CRM_URL: '' });
  try {
    const missing = {
      status: 400,
      body: { code: 20001, message: expect.stringContaining('CRM_URL is not set') },
    };
    const at = (path: string, form: Form) =>
      post(`${broken.origin}${path}`, { ConversationSid: conversation, ...form });
    expect(await at('/webhooks/sync', { Profile: 'bot' })).toMatchObject(missing);
    expect(await at('/events/conversation', { EventType: 'onConversationAdded' })).toMatchObject(missing);
    expect(await at('/webhooks/attach', { Target: 'studio', FlowSid: `FW${'a'.repeat(32)}` })).toMatchObject({
      status: 201,
    });
    expect(await at('/webhooks/detach', { All: 'true' })).toMatchObject({ status: 200, body: { count: 1 } });
  } finally {
    await broken.stop();
  }
});

test('reports an unusable variable as an issue of the policy, with its path', async () => {
  const broken = await startFunctions({ TWILIO_API_BASE_URL: emulator.origin, BOT_FLOW_SID: 'FW1' });
  try {
    expect(await post(`${broken.origin}/webhooks/sync`, { ConversationSid: conversation })).toMatchObject({
      status: 400,
      body: {
        code: 20001,
        message: expect.stringMatching(/^policy\.private\.json: webhooks\.bot\.flowSid: /),
        details: { issues: [expect.any(String)] },
      },
    });
  } finally {
    await broken.stop();
  }
});
