import { apiClient } from '../support/api';
import { useAssets } from '../support/assets';
import { get, post, postJson } from '../support/call';
import { linesOf } from '../support/log-lines';
import { DEMO_POLICY, emulatorEnvironment } from '../support/programs';
import { useReceiver, useStack } from '../support/stack';

// What Twilio refuses, and what it changes in the settings that it is sent: a run goes on with the rest, and reports it.

const policy = JSON.parse(DEMO_POLICY);
policy.webhooks.sos.triggers = ['Emergency', 'URGENT'];
const assets = useAssets()(policy);

const FlowSid = emulatorEnvironment().BOT_FLOW_SID;
const crm = useReceiver();
const { emulator, functions } = useStack(() => ({ CRM_URL: crm.origin }), { assets });
let api: ReturnType<typeof apiClient>;
let conversation: string;

beforeEach(async () => {
  await post(`${emulator.origin}/_emulator/reset`, {});
  crm.requests.splice(0);
  api = apiClient(emulator.origin);
  conversation = (await api.conversations.create({})).sid;
  await api.conversations(conversation).participants.create({ identity: 'customer' });
});

const sync = (form: Record<string, string> = {}) =>
  post(`${functions.origin}/webhooks/sync`, { ConversationSid: conversation, ...form });
const say = async (Body: string) => {
  await post(`${emulator.origin}/_emulator/conversations/${conversation}/messages`, { Source: 'SDK', Body });
  await get(`${emulator.origin}/_emulator/idle`);
};
const fault = (match: object, act: object, when: object = { count: 1 }) =>
  postJson(`${emulator.origin}/_emulator/faults`, { match, when, do: act });
const option = (options: Record<string, string>) => post(`${emulator.origin}/_emulator/options`, options);
const met = async () =>
  (await get(`${emulator.origin}/_emulator/faults`)).body.faults.map(({ met: n }: { met: number }) => n);
const attached = async () =>
  (await api.conversations(conversation).webhooks.list())
    .map(({ configuration: { flow_sid, url = '' } }) =>
      flow_sid === FlowSid ? 'bot' : url.replace(crm.origin, 'crm').replace(/^.*Profile=(\w+).*$/, '$1'),
    )
    .sort();
const heardByCrm = () =>
  crm.requests.filter(({ url }) => url === `${crm.origin}/`).map(({ params }) => params.Body);
const lastLine = () => linesOf(functions, conversation).at(-1);

describe('a 409', () => {
  test.each([
    ['the commit', { method: 'POST', path: '*/Webhooks/WH*' }],
    ['a create', { method: 'POST', path: '*/Webhooks' }],
    ['a delete', { method: 'DELETE', path: '*/Webhooks/WH*' }],
  ])('on %s does not end a hand-off', async (_, match) => {
    await sync({ Profile: 'bot' });
    await say('hello');
    await fault(match, { status: 409 });
    await say('a human please');
    expect(await met()).toEqual([1]);
    expect(lastLine()).toMatchObject({
      status: 200,
      result: 'changed',
      rule: 'asks-for-human',
      from: 'bot',
      to: 'agent',
    });
    expect(await attached()).toEqual(['agent', 'crm', 'crm/urgent']);
    expect([...new Set(heardByCrm())]).toEqual(['a human please']);
  });

  test('on each write does not end an entry', async () => {
    await fault({ method: 'POST', path: '*/Webhooks' }, { status: 409 }, { count: 3 });
    expect(await sync({ Profile: 'agent' })).toMatchObject({
      status: 200,
      body: { result: 'changed', profile: 'agent', count: 3 },
    });
    expect(await met()).toEqual([3]);
    expect(await attached()).toEqual(['agent', 'crm', 'crm/urgent']);
  });
});

describe('a webhook that Twilio refuses', () => {
  const refused = {
    step: 'create',
    webhook: 'crm',
    why: 'in profile agent',
    code: 50054,
    message: 'No such host',
  };
  beforeEach(async () => {
    await sync({ Profile: 'bot' });
    const match = { method: 'POST', path: '*/Webhooks', body: `Configuration.Url=${crm.origin}&` };
    await fault(match, { status: 400, code: refused.code, message: refused.message }, {});
  });

  test('does not stop the others, and is reported', async () => {
    const { status, body } = await sync({ Profile: 'agent' });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        result: 'changed',
        profile: 'agent',
        refused: [refused],
        warnings: [expect.stringContaining('refused to create crm: 50054 No such host')],
      },
    });
    expect(await attached()).toEqual(['agent', 'crm/urgent']);
    // With ReplayAfter, and without it.
    expect(await met()).toEqual([2]);
    expect(lastLine()).toMatchObject({ warnings: body.warnings });
  });

  test('is attached once Twilio takes it', async () => {
    await say('a human please');
    expect(await attached()).toEqual(['agent', 'crm/urgent']);
    await fetch(`${emulator.origin}/_emulator/faults`, { method: 'DELETE' });
    expect((await sync()).body).toMatchObject({
      result: 'changed',
      plan: [{ step: 'create', webhook: 'crm' }],
    });
    await get(`${emulator.origin}/_emulator/idle`);
    expect(heardByCrm()).toEqual(['a human please']);
  });
});

test.each([
  ['keywords in lower case', { keywordEcho: 'lower' }],
  ['methods in upper case', { methodEcho: 'upper' }],
])('%s in Twilio’s responses cost a sync one update of a webhook at most', async (_, options) => {
  await option(options);
  for (const form of [{ Profile: 'bot' }, {}, { Profile: 'agent' }, {}]) {
    const { status, body } = await sync(form);
    expect({ status, body }).toMatchObject({ status: 200, body: { count: 3 } });
    const updates = body.plan
      .filter(
        ({ step, webhook }: { step: string; webhook: string }) => step === 'update' && webhook !== 'router',
      )
      .map(({ webhook }: { webhook: string }) => webhook);
    const differs = expect.stringMatching(/^Twilio returned other settings of sos/);
    expect(updates).toEqual(updates.length > 0 ? ['sos'] : []);
    expect(body.warnings ?? []).toEqual(updates.length > 0 ? [differs] : []);
  }
  expect(await attached()).toEqual(['agent', 'crm', 'crm/urgent']);
});

test('creates webhooks without ReplayAfter if Twilio refuses it, and reports it once for each', async () => {
  await option({ replayAfterBeyondNewest: 'refuse' });
  await say('hello');
  const { status, body } = await sync({ Profile: 'bot' });
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      result: 'changed',
      count: 3,
      warnings: ['router', 'bot', 'sos'].map((name) => expect.stringContaining(`ReplayAfter=1 of ${name}`)),
    },
  });
  expect(body).not.toHaveProperty('refused');
  expect(await attached()).toEqual(['bot', 'bot', 'crm/urgent']);
  await say('a human please');
  expect(await attached()).toEqual(['agent', 'crm', 'crm/urgent']);
  expect(heardByCrm()).toEqual(['a human please']);
});
