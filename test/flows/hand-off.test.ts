import { apiClient } from '../support/api';
import { post } from '../support/call';
import { tellOfExecutions } from '../support/executions';
import { DOMAIN, filledFlow } from '../support/filled-flow';
import { startGateway } from '../support/gateway';
import { emulatorEnvironment, startEmulator, startFunctions } from '../support/programs';
import { startReceiver } from '../support/receiver';
import { Studio } from '../support/studio';

// The flow of flows/hand-off.flow.json, played with the functions as they are deployed behind Twilio's gateway.

const FlowSid = `${emulatorEnvironment().BOT_FLOW_SID}`;
const flow = filledFlow('hand-off');
const SORRY = 'I could not reach a colleague just now. Write "agent" to try again, or ask me something else.';
const THANKS = 'Thank you. A colleague takes over from here.';
let emulator: Awaited<ReturnType<typeof startEmulator>>;
let functions: Awaited<ReturnType<typeof startFunctions>>;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let crm: Awaited<ReturnType<typeof startReceiver>>;
let api: ReturnType<typeof apiClient>;
let conversation: string;
let studio: Studio;

beforeAll(async () => {
  [emulator, crm] = await Promise.all([startEmulator(), startReceiver()]);
  functions = await startFunctions({ TWILIO_API_BASE_URL: emulator.origin, CRM_URL: crm.origin });
  gateway = await startGateway(DOMAIN, functions.origin);
});
afterAll(async () => {
  await Promise.all([functions?.stop(), emulator?.stop(), crm?.stop(), gateway?.stop()]);
});

beforeEach(async () => {
  await post(`${emulator.origin}/_emulator/reset`, {});
  crm.requests.splice(0);
  gateway.knocks.splice(0);
  api = apiClient(emulator.origin);
  studio = new Studio(emulator.origin, FlowSid, flow, { domain: DOMAIN, gateway: gateway.origin });
  // What docs/studio.md has told to Twilio once.
  await api.configuration.webhooks().update({
    postWebhookUrl: `${functions.origin}/events/conversation`,
    filters: ['onConversationAdded'],
  });
  await tellOfExecutions(emulator.origin, functions.origin);
  await api.addressConfigurations.create({
    type: 'sms',
    address: '+15005550001',
    'autoCreation.enabled': true,
    'autoCreation.type': 'default',
  });
});

const say = async (Body: string) => {
  const form = { From: '+15005550123', To: '+15005550001', Body };
  conversation = (await post(`${emulator.origin}/_emulator/inbound`, form)).body.conversation_sid;
  await studio.settle();
};
const set = (options: Record<string, string>) => post(`${emulator.origin}/_emulator/options`, options);
const attached = async () =>
  (await api.conversations(conversation).webhooks.list())
    .map(({ configuration: { flow_sid, url, triggers } }) => {
      if (flow_sid !== undefined) return flow_sid === FlowSid ? 'bot' : flow_sid;
      if (triggers) return 'sos';
      return url === crm.origin ? 'crm' : new URL(url).pathname + new URL(url).searchParams.get('Profile');
    })
    .sort();
const AGENT = ['/events/conversationagent', 'crm', 'sos'];
const BOT = ['/events/conversationbot', 'bot', 'sos'];
const heardByCrm = () =>
  crm.requests.filter(({ params }) => params.WebhookType === 'webhook').map(({ params }) => params.Body);
const steps = () => studio.played.map(({ run }) => run.steps.map((step) => step.split(' ')[0]).join(' '));

test('replies to what it knows, and waits', async () => {
  await say('What are your Opening HOURS?');
  expect(studio.written).toEqual([expect.stringContaining('Monday to Friday')]);
  expect(steps()).toEqual(['Trigger look whose first_words understand']);
  expect(gateway.knocks).toMatchObject([{ params: { ConversationSid: conversation, DryRun: 'true' } }]);
  expect(await attached()).toEqual(BOT);
});

describe.each(['off', 'on', 'late'])('with studioReattaches=%s', (studioReattaches) => {
  beforeEach(() => set({ studioReattaches }));

  test('hands off after three misunderstood messages, replays the last, and silences the bot', async () => {
    await say('hello');
    await say('my parcel');
    expect(await attached()).toEqual(BOT);
    await say('it is blue');
    expect(studio.written.slice(2)).toEqual([THANKS]);
    expect(gateway.knocks.at(-1)).toEqual({
      path: '/webhooks/sync',
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
      params: {
        ConversationSid: conversation,
        ServiceSid: 'IS00000000000000000000000000000001',
        Profile: 'agent',
        ReplayAfter: 'latest',
      },
      valid: true,
    });
    // Late: Studio puts its webhook back after all who were told of the end have answered.
    expect(await attached()).toEqual(studioReattaches === 'late' ? [...AGENT, 'bot'].sort() : AGENT);
    await say('are you there?');
    await say('hello?');
    expect(studio.written.slice(2)).toEqual([THANKS]);
    expect(heardByCrm()).toEqual(['it is blue', 'are you there?', 'hello?']);
  });

  test('hands off on request, whether the policy or the flow is first', async () => {
    await say('hello');
    await say('An AGENT please');
    expect(studio.written.slice(1)).toEqual([THANKS]);
    expect(new Set(heardByCrm())).toEqual(new Set(['An AGENT please']));
    await say('Are you there?');
    expect(studio.written.slice(1)).toEqual([THANKS]);
  });
});

test('tells the customer if the hand-off fails, goes on, and succeeds at the next attempt', async () => {
  await say('hello');
  await say('my parcel');
  const fault = { match: { path: '*/Webhooks' }, do: { status: 403, code: 20003 } };
  await fetch(`${emulator.origin}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
  await say('it is blue');
  await fetch(`${emulator.origin}/_emulator/faults`, { method: 'DELETE' });
  expect(studio.written.at(-1)).toBe(SORRY);
  expect(await attached()).toEqual(BOT);
  await say('then your hours');
  expect(studio.written.at(-1)).toContain('Monday to Friday');
  await say('and my parcel?');
  expect(studio.written.at(-1)).toBe(THANKS);
  expect(await attached()).toEqual(AGENT);
  expect(heardByCrm()).toEqual(['and my parcel?']);
});

test('hands off silently if a message cannot be delivered', async () => {
  const fault = { match: { method: 'POST', path: '*/Messages' }, do: { status: 400 } };
  await fetch(`${emulator.origin}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
  await say('hello');
  expect(studio.written).toEqual([]);
  expect(studio.played[0]?.run.steps.slice(-3)).toEqual([
    'ask deliveryFailure',
    'hand_off success',
    'tell_handed failed',
  ]);
  expect(await attached()).toEqual(AGENT);
  expect(heardByCrm()).toEqual(['hello']);
});

test('treats functions that do not respond as a failure', async () => {
  await say('hello');
  await say('my parcel');
  functions.child.kill('SIGKILL');
  await say('it is blue');
  expect(studio.written.at(-1)).toBe(SORRY);
  functions = await startFunctions(
    { TWILIO_API_BASE_URL: emulator.origin, CRM_URL: crm.origin },
    { port: Number(new URL(functions.origin).port) },
  );
  await say('well?');
  expect(studio.written.at(-1)).toBe(THANKS);
  expect(await attached()).toEqual(AGENT);
});

test('stops a bot that is left behind', async () => {
  await say('hello');
  await studio.timeOut();
  await post(`${functions.origin}/webhooks/sync`, { ConversationSid: conversation, Profile: 'closed' });
  await post(`${functions.origin}/webhooks/attach`, {
    ConversationSid: conversation,
    Target: 'studio',
    FlowSid,
  });
  await say('hello again');
  expect(steps().at(-1)).toBe('Trigger look whose');
  expect(studio.written).toHaveLength(1);
});

test('makes an unmanaged conversation managed by the hand-off', async () => {
  conversation = (await api.conversations.create({})).sid;
  await api.conversations(conversation).participants.create({
    'messagingBinding.address': '+15005550123',
    'messagingBinding.proxyAddress': '+15005550001',
  });
  await post(`${functions.origin}/webhooks/attach`, {
    ConversationSid: conversation,
    Target: 'studio',
    FlowSid,
  });
  await say('your hours?');
  await say('a human please');
  expect(studio.written).toEqual([expect.stringContaining('Monday to Friday'), THANKS]);
  expect(await attached()).toEqual(AGENT);
  expect(heardByCrm()).toEqual(['a human please']);
});

test('hands off a conversation of another service', async () => {
  const { sid: ServiceSid } = await api.services.create({ friendlyName: 'Another' });
  const { conversations } = api.services(ServiceSid);
  const { sid: ConversationSid } = await conversations.create({ xTwilioWebhookEnabled: 'true' });
  await conversations(ConversationSid).participants.create({ identity: 'customer' });
  for (const Body of ['hello', 'my parcel', 'it is blue']) {
    const message = { Source: 'SDK', Body };
    await post(`${emulator.origin}/_emulator/conversations/${ConversationSid}/messages`, message);
    await studio.settle();
  }
  expect(studio.written.at(-1)).toBe(THANKS);
  const urls = (await conversations(ConversationSid).webhooks.list()).map(
    ({ configuration }) => configuration.url,
  );
  expect(urls.sort()).toEqual([crm.origin, `${crm.origin}/urgent`, expect.stringContaining('Profile=agent')]);
});

test('returns to the bot after silence', async () => {
  await say('hello');
  await studio.timeOut();
  expect(await attached()).toEqual(BOT);
  await say('hello again');
  expect(studio.played).toHaveLength(2);
  expect(studio.written).toHaveLength(2);
});

test('reads only variables that exist', async () => {
  await say('hours');
  await say('human');
  expect(studio.played.flatMap(({ run }) => run.unset)).toEqual([]);
});
