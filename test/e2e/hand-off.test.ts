import { apiClient } from '../support/api';
import { get, post, postJson } from '../support/call';
import { tellOfExecutions } from '../support/executions';
import { emulatorEnvironment } from '../support/programs';
import { useReceiver, useStack } from '../support/stack';

// A conversation that manages itself: nothing runs but the emulator and the functions.

// On a busy machine a run may find its list too old to write on, and list again. Four times in a row is a failure.
jest.retryTimes(3, { logErrorsBeforeRetry: true });

const FlowSid = emulatorEnvironment().BOT_FLOW_SID;
const crm = useReceiver();
const { emulator, functions } = useStack(() => ({ CRM_URL: crm.origin }));
let api: ReturnType<typeof apiClient>;
let conversation: string;

beforeEach(async () => {
  await post(`${emulator.origin}/_emulator/reset`, {});
  crm.requests.splice(0);
  api = apiClient(emulator.origin);
  await api.configuration.webhooks().update({
    postWebhookUrl: `${functions.origin}/events/conversation`,
    filters: ['onConversationAdded'],
  });
});

const settled = () => get(`${emulator.origin}/_emulator/idle`);
const open = async () => {
  conversation = (await api.conversations.create({ xTwilioWebhookEnabled: 'true' })).sid;
  await api.conversations(conversation).participants.create({ identity: 'customer' });
  await settled();
};
const say = async (Body: string) => {
  await post(`${emulator.origin}/_emulator/conversations/${conversation}/messages`, { Source: 'SDK', Body });
  await settled();
};
const advance = (seconds: number) => post(`${emulator.origin}/_emulator/clock`, { advance: String(seconds) });
const attached = async () =>
  (await api.conversations(conversation).webhooks.list())
    .map(({ target, configuration: { flow_sid, url, triggers } }) =>
      flow_sid === FlowSid
        ? 'bot'
        : triggers
          ? 'sos'
          : url === crm.origin
            ? 'crm'
            : url.startsWith(functions.origin)
              ? 'router'
              : target,
    )
    .sort();
const heardByCrm = () =>
  crm.requests.filter(({ params }) => params.WebhookType === 'webhook').map(({ params }) => params.Body);
const heardByBot = async () => {
  const { body } = await get(`${emulator.origin}/_emulator/executions?ConversationSid=${conversation}`);
  return body.executions.flatMap((execution: { messages: { Body: string }[] }) =>
    execution.messages.map(({ Body }) => Body),
  );
};
const apiCalls = async (work: () => Promise<unknown>) => {
  await fetch(`${emulator.origin}/_emulator/requests`, { method: 'DELETE' });
  await work();
  const { body } = await get(`${emulator.origin}/_emulator/requests`);
  return body.requests.filter(({ path }: { path: string }) => path.includes('/Webhooks')).length;
};

test('hands a new number to the CRM in one event if its first message asks for a human', async () => {
  await api.addressConfigurations.create({
    type: 'sms',
    address: '+15005550001',
    'autoCreation.enabled': true,
    'autoCreation.type': 'default',
  });
  const { body } = await post(`${emulator.origin}/_emulator/inbound`, {
    From: '+15005550123',
    To: '+15005550001',
    Body: 'I need a human',
  });
  conversation = body.conversation_sid;
  await settled();
  expect(await attached()).toEqual(['crm', 'router', 'sos']);
  expect(heardByCrm()).toEqual(['I need a human']);
});

test('gives a new conversation the bot, and replays the message that asks for a human to the CRM', async () => {
  await open();
  expect(await attached()).toEqual(['bot', 'router', 'sos']);
  await say('hello');
  await say('I need a human');
  expect(await attached()).toEqual(['crm', 'router', 'sos']);
  expect(await heardByBot()).toContain('hello');
  expect(heardByCrm()).toEqual(['I need a human']);
  await say('are you there?');
  expect(heardByCrm()).toEqual(['I need a human', 'are you there?']);
});

test.each(['off', 'on', 'late'])(
  'keeps the bot detached after its flow ends, with studioReattaches=%s',
  async (studioReattaches) => {
    await post(`${emulator.origin}/_emulator/options`, { studioReattaches });
    await tellOfExecutions(emulator.origin, functions.origin);
    await open();
    await say('hello');
    await say('a human please');
    await post(`${emulator.origin}/_emulator/conversations/${conversation}/executions/end`, {});
    await settled();
    // What Studio puts back after it has told of the end, the next message takes away once the lease is over.
    if (studioReattaches === 'late') {
      expect(await attached()).toEqual(['bot', 'crm', 'router', 'sos']);
      await advance(11);
      await say('still there?');
    }
    expect(await attached()).toEqual(['crm', 'router', 'sos']);
  },
);

test('detaches everything on close, without an error', async () => {
  await open();
  await api.conversations(conversation).update({ state: 'closed', xTwilioWebhookEnabled: 'true' });
  await settled();
  const { body } = await get(`${emulator.origin}/_emulator/deliveries?EventType=onConversationStateUpdated`);
  expect(
    body.deliveries.map(({ outcome, status }: { outcome: string; status: number }) => [outcome, status]),
  ).toEqual([['answered', 200]]);
  expect(await attached()).toEqual(['router']);
});

describe('API calls', () => {
  beforeEach(open);

  test('are none for an event that no rule matches', async () => {
    expect(await apiCalls(() => say('hello'))).toBe(0);
  });

  test('are k + 3 for a change of k steps', async () => {
    // Attach the CRM, detach the bot: the keyword stays.
    expect(await apiCalls(() => say('a human please'))).toBe(2 + 3);
  });

  test('are one if the matching rule does not apply', async () => {
    await say('a human please');
    expect(await apiCalls(() => say('human? human!'))).toBe(1);
  });

  test.each([
    [1, [0, 0]],
    [15, [1, 0]],
    [3600, [1, 0]],
  ])('%i seconds after a change, for two events that no rule matches, are %j', async (seconds, calls) => {
    await say('a human please');
    await advance(seconds);
    expect([await apiCalls(() => say('hello')), await apiCalls(() => say('hello?'))]).toEqual(calls);
  });
});

describe('unusual events', () => {
  const event = (fields: Record<string, string>) => post(`${functions.origin}/events/conversation`, fields);
  const message = {
    EventType: 'onMessageAdded',
    Index: '0',
    Body: 'a human please',
    DateCreated: new Date().toISOString(),
  };

  test('are ignored if their names are unknown', async () => {
    expect(await event({ EventType: 'onBananaPeeled', ConversationSid: 'CH1' })).toMatchObject({
      status: 200,
      body: { result: 'ignored', why: expect.stringContaining('onBananaPeeled') },
    });
    // What it logs comes by another way than what it answers.
    await functions.printed('"event":"onBananaPeeled"');
  });

  test('return Twilio’s 404 for an unknown conversation', async () => {
    expect(await event({ ...message, ConversationSid: 'CH00000000000000000000000000000404' })).toMatchObject({
      status: 404,
      body: { code: 20404 },
    });
  });

  test('return Twilio’s 404 for a deleted conversation', async () => {
    await open();
    await api.conversations(conversation).remove();
    expect(await event({ ...message, ConversationSid: conversation })).toMatchObject({ status: 404 });
  });

  test('change nothing in an unmanaged conversation', async () => {
    conversation = (await api.conversations.create({})).sid;
    expect(await event({ ...message, ConversationSid: conversation })).toMatchObject({
      status: 200,
      body: { result: 'unmanaged' },
    });
    expect(await attached()).toEqual([]);
  });

  test('report what takes the slots of a full conversation', async () => {
    conversation = (await api.conversations.create({})).sid;
    for (let n = 0; n < 5; n++)
      await post(`${functions.origin}/webhooks/attach`, {
        ConversationSid: conversation,
        Target: 'webhook',
        Url: `https://else.example/${n}`,
        Filters: 'onMessageAdded',
      });
    const answer = await event({ EventType: 'onConversationAdded', ConversationSid: conversation });
    expect(answer).toMatchObject({ status: 403, body: { code: 50361, details: { missing: ['router'] } } });
    expect(answer.body.details.webhooks).toHaveLength(5);
  });

  test('return a 400 without a conversation or with a bad index', async () => {
    expect(await event({ EventType: 'onMessageAdded', Index: '0' })).toMatchObject({
      status: 400,
      body: { code: 20001 },
    });
    expect(await event({ ...message, ConversationSid: 'CH1', Index: '-1' })).toMatchObject({
      status: 400,
      body: { code: 20001 },
    });
  });

  test('of executions are accepted as a batch or alone, and skipped if they are not ours', async () => {
    await open();
    const ended = (address: string, type = 'com.twilio.studio.flow.execution.ended') => ({
      type,
      data: { contact_channel_address: address },
    });
    const studio = (body: unknown) => postJson(`${functions.origin}/events/studio`, body);
    expect(
      await studio([
        ended(conversation),
        ended(conversation),
        ended('+15005550006'),
        ended('CH00000000000000000000000000000404'),
      ]),
    ).toMatchObject({
      status: 200,
      body: {
        count: 2,
        conversations: [
          { ConversationSid: conversation, result: 'unchanged', profile: 'bot' },
          { result: 'failed', code: 20404 },
        ],
      },
    });
    expect(await studio(ended(conversation))).toMatchObject({ body: { count: 1 } });
    expect(await studio([ended(conversation, 'com.twilio.studio.flow.execution.started')])).toMatchObject({
      status: 200,
      body: { result: 'ignored' },
    });
    expect(await studio([])).toMatchObject({ status: 200, body: { result: 'ignored' } });
  });
});

test('does not hand off because of what the bot itself writes', async () => {
  await open();
  const body = 'To talk to a human, write "agent".';
  await api.conversations(conversation).messages.create({ body, xTwilioWebhookEnabled: 'true' });
  await settled();
  expect(await attached()).toEqual(['bot', 'router', 'sos']);
  await say('agent');
  expect(await attached()).toEqual(['crm', 'router', 'sos']);
});

test('handles a conversation of another service, even if its events have no service', async () => {
  const service = await api.services.create({ friendlyName: 'Another' });
  const { sid } = await api.services(service.sid).conversations.create({ xTwilioWebhookEnabled: 'true' });
  await settled();
  const webhooks = () => api.services(service.sid).conversations(sid).webhooks.list();
  expect(await webhooks()).toHaveLength(3);
  await api.services(service.sid).conversations(sid).participants.create({ identity: 'customer' });
  await post(`${emulator.origin}/_emulator/conversations/${sid}/messages`, {
    Source: 'SDK',
    Body: 'a human',
  });
  await settled();
  const urls = (await webhooks()).map(({ configuration }) => configuration.url).sort();
  expect(urls).toEqual([
    crm.origin,
    `${crm.origin}/urgent`,
    expect.stringMatching(/Profile=agent.*ServiceSid=IS/),
  ]);
  const closed = {
    EventType: 'onConversationStateUpdated',
    StateTo: 'closed',
    ConversationSid: sid,
    ServiceSid: service.sid,
  };
  expect(await post(`${functions.origin}/events/conversation`, closed)).toMatchObject({
    status: 200,
    body: { profile: 'closed' },
  });
});
