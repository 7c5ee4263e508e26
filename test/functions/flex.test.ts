import { handler as list } from '../../src/functions/flex/list';
import { handler as sync } from '../../src/functions/flex/sync';
import { checkAnswer } from '../support/contract';
import { DEMO, useEmulator } from '../support/emulator';
import { call, installRuntime } from '../support/fault-injection/platform';
import { buildPolicy } from '../support/policy';
import { DEMO_POLICY, emulatorEnvironment } from '../support/programs';

// What an agent can do with a valid token, and see.

const subject = useEmulator();
const FLEX_ORIGINS = 'https://flex.twilio.com';
const KEY = 'key-of-the-crm';
let Token: string;
beforeEach(async () => {
  installRuntime(buildPolicy(DEMO_POLICY));
  Token = (await subject.control('POST', '/flex-tokens')).body.token;
});

const HANDLERS = { sync, list };
async function flex(name: keyof typeof HANDLERS, form: object = {}) {
  const env = {
    ...emulatorEnvironment(),
    CRM_URL: `https://crm.example/in?key=${KEY}`,
    TWILIO_API_BASE_URL: subject.origin,
    DOMAIN_NAME: 'bots-1234.twil.io',
    FLEX_ORIGINS,
  };
  const request = { headers: { origin: FLEX_ORIGINS } };
  const answer = await call(HANDLERS[name], env, { request, ConversationSid: DEMO, Token, ...form });
  checkAnswer(
    `https://bots-1234.twil.io/flex/${name}`,
    answer.status,
    JSON.parse(JSON.stringify(answer.body)),
  );
  expect(JSON.stringify(answer)).not.toContain(Token);
  expect(JSON.stringify(answer)).not.toContain(KEY);
  return answer;
}
const webhooks = () => subject.api.conversations(DEMO).webhooks.list();

test('/flex/sync moves a conversation to a profile, and back', async () => {
  expect(await flex('sync', { Profile: 'agent' })).toMatchObject({
    status: 200,
    body: { previous_profile: null, profile: 'agent', result: 'changed' },
  });
  const { status, body, printed } = await flex('sync', { Profile: 'bot' });
  expect([status, body]).toEqual([
    200,
    {
      profile: 'bot',
      previous_profile: 'agent',
      result: 'changed',
      replay: 0,
      policy: expect.any(String),
      plan: expect.arrayContaining([expect.objectContaining({ step: 'create', webhook: 'bot' })]),
    },
  ]);
  expect(JSON.parse(printed)).toMatchObject({
    operation: 'flex sync',
    conversation: DEMO,
    from: 'agent',
    to: 'bot',
    steps: expect.arrayContaining(['create bot', 'delete crm']),
  });
  expect(await webhooks()).toHaveLength(3);
});

test('/flex/sync repairs the current profile', async () => {
  await flex('sync', { Profile: 'bot' });
  const bot = (await webhooks()).find(({ target }) => target === 'studio')!;
  await subject.api.conversations(DEMO).webhooks(bot.sid).remove();
  expect((await flex('sync')).body).toMatchObject({
    profile: 'bot',
    plan: [{ step: 'create', webhook: 'bot' }],
  });
  expect((await flex('sync')).body).toMatchObject({ result: 'unchanged', why: 'no profile requested' });
});

test('/flex/sync says which profiles there are, and takes nothing else of sync', async () => {
  expect(await flex('sync', { Profile: 'bott' })).toMatchObject({
    status: 400,
    body: { code: 20001, message: expect.stringContaining('did you mean "bot"') },
  });
  for (const name of ['ReplayAfter', 'EndExecutions', 'DryRun', 'Url'])
    expect(await flex('sync', { Profile: 'bot', [name]: 'true' })).toMatchObject({
      status: 400,
      body: { code: 20001 },
    });
  expect(await webhooks()).toEqual([]);
});

test('/flex/sync says that no slot is free, without the URLs that use them', async () => {
  for (const n of [1, 2, 3, 4, 5])
    await subject.api.conversations(DEMO).webhooks.create({
      target: 'webhook',
      'configuration.url': `https://other.example/${n}?key=${KEY}`,
      'configuration.filters': ['onMessageAdded'],
    });
  const { status, body } = await flex('sync', { Profile: 'bot' });
  expect(status).toBe(403);
  expect(body).toMatchObject({ code: 50361, message: expect.stringContaining('No free slot') });
  expect(body).not.toHaveProperty('details');
});

test('/flex/sync passes on a refusal of Twilio without the query of a URL', async () => {
  const message = `Invalid URL https://crm.example/in?key=${KEY}`;
  await subject.control('POST', '/faults', {
    match: { method: 'POST', path: '/v1/Conversations/*/Webhooks', body: 'Target=studio' },
    do: { status: 400, code: 50054, message },
  });
  const { status, body } = await flex('sync', { Profile: 'bot' });
  expect(status).toBe(200);
  expect(body.warnings).toEqual([expect.stringContaining('50054 Invalid URL https://crm.example/in')]);
});

test('/flex/list names the profile and the webhooks, and shows no URL', async () => {
  expect((await flex('list')).body).toEqual({ profile: null, webhooks: [], count: 0, free: 5 });
  await flex('sync', { Profile: 'agent' });
  await subject.api.conversations(DEMO).webhooks.create({
    target: 'webhook',
    'configuration.url': `https://other.example/?key=${KEY}`,
    'configuration.filters': ['onMessageAdded'],
  });
  const { body } = await flex('list');
  const shown = (target: string, policy_name: string | null) => ({
    sid: expect.stringMatching(/^WH/),
    target,
    policy_name,
  });
  expect(body).toEqual({
    profile: 'agent',
    webhooks: expect.arrayContaining([
      shown('webhook', 'router'),
      shown('webhook', 'crm'),
      shown('webhook', null),
    ]),
    count: (await webhooks()).length,
    free: 5 - (await webhooks()).length,
  });
});

test.each(['sync', 'list'] as const)('/flex/%s does nothing with an expired token', async (name) => {
  await subject.control('POST', '/clock', { advance: 3600 });
  expect(await flex(name)).toMatchObject({ status: 403, body: { code: 20101 } });
  const { body } = await subject.control('GET', '/requests');
  expect(body.requests).toMatchObject([{ path: expect.stringContaining('/Tokens/validate') }]);
});

test('reports a conversation that is not there', async () => {
  for (const name of ['sync', 'list'] as const)
    expect(await flex(name, { ConversationSid: `CH${'0'.repeat(32)}` })).toMatchObject({ status: 404 });
});
