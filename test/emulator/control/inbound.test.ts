import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { DEMO, FLOW, useEmulator } from '../../support/emulator';

const TO = '+15005550001';
const STRANGER = '+15005550007';
const EVENTS = ['onConversationAdded', 'onConversationStateUpdated', 'onParticipantAdded', 'onMessageAdded'];

const subject = useEmulator();
beforeEach(async () => {
  await subject.api.configuration
    .webhooks()
    .update({ postWebhookUrl: `${subject.origin}/_emulator/receiver`, filters: EVENTS, method: 'POST' });
});

const arrive = (more: object = {}) =>
  subject.control('POST', '/inbound', { From: STRANGER, To: TO, Body: 'Hello', ...more });
const expectMessages = (more: object) =>
  subject.api.addressConfigurations.create({
    type: 'sms',
    address: TO,
    'autoCreation.enabled': true,
    ...more,
  });
const toStudio = { 'autoCreation.type': 'studio', 'autoCreation.studioFlowSid': FLOW } as const;
const told = async () =>
  (await subject.deliveries()).map(({ level, event_type }) => `${level} ${event_type}`);

test('creates a conversation in the default service of the account unless the address has another', async () => {
  const { sid } = await subject.api.services.create({ friendlyName: 'Another' });
  const { defaultChatServiceSid } = await subject.api.configuration().fetch();
  await expectMessages({ 'autoCreation.type': 'default' });
  const first = (await arrive()).body;
  await subject.api.addressConfigurations(TO).update({ 'autoCreation.conversationServiceSid': sid });
  const second = (await arrive({ From: '+15005550008' })).body;
  const serviceOf = async (conversation: string, service: string) =>
    (await subject.api.services(service).conversations(conversation).fetch()).chatServiceSid;
  expect(await serviceOf(first.conversation_sid, defaultChatServiceSid)).toBe(DEFAULT_SERVICE_SID);
  expect(await serviceOf(second.conversation_sid, sid)).toBe(sid);
});

test('adds a message to the open conversation of its addresses', async () => {
  await expectMessages({ 'autoCreation.type': 'default' });
  const { status, body } = await arrive({ From: '+15005550006' });
  expect(status).toBe(201);
  expect(body).toMatchObject({ conversation_sid: DEMO, author: '+15005550006', body: 'Hello', index: 0 });
  expect(await told()).toEqual(['account onMessageAdded']);
  await subject.api.conversations(DEMO).update({ state: 'inactive' });
  expect((await arrive({ From: '+15005550006' })).body).toMatchObject({ conversation_sid: DEMO, index: 1 });
});

describe('a message of an unknown sender', () => {
  test('creates a conversation with a webhook that gets the message', async () => {
    const filters = ['onParticipantAdded', 'onMessageAdded'];
    await expectMessages({
      'autoCreation.type': 'webhook',
      'autoCreation.webhookUrl': `${subject.origin}/_emulator/receiver?scoped`,
      'autoCreation.webhookMethod': 'post',
      'autoCreation.webhookFilters': filters,
    });
    const { status, body } = await arrive();
    expect(status).toBe(201);
    const conversation = subject.api.conversations(body.conversation_sid);
    expect(await conversation.fetch()).toMatchObject({
      state: 'active',
      chatServiceSid: DEFAULT_SERVICE_SID,
    });
    const [participant, ...others] = await conversation.participants.list();
    expect([participant?.messagingBinding, others]).toEqual([
      { type: 'sms', address: STRANGER, proxy_address: TO },
      [],
    ]);
    expect(body).toMatchObject({ author: STRANGER, participant_sid: participant?.sid, index: 0 });
    const webhooks = await conversation.webhooks.list();
    expect(webhooks.map(({ target, configuration }) => [target, configuration])).toEqual([
      ['webhook', { url: `${subject.origin}/_emulator/receiver?scoped`, method: 'post', filters }],
    ]);
    const deliveries = await subject.deliveries();
    expect(deliveries.map(({ level, event_type }) => `${level} ${event_type}`)).toEqual([
      'account onConversationAdded',
      'account onParticipantAdded',
      'scoped onMessageAdded',
      'account onMessageAdded',
    ]);
    expect(deliveries.map(({ params }) => params)).toMatchObject([
      { Source: 'SMS', 'MessagingBinding.Address': STRANGER, 'MessagingBinding.ProxyAddress': TO },
      { Source: 'SMS', 'MessagingBinding.Type': 'SMS', ParticipantSid: participant?.sid },
      { Source: 'SMS', Author: STRANGER, Index: '0', WebhookSid: webhooks[0]?.sid },
      { Source: 'SMS', Author: STRANGER, Index: '0' },
    ]);
    expect(deliveries[0]?.params).not.toHaveProperty('MessagingBinding.Type');
  });

  test('starts a flow that also gets the next message', async () => {
    await expectMessages(toStudio);
    const first = (await arrive()).body;
    const second = (await arrive({ Body: 'Anybody?' })).body;
    expect(second.conversation_sid).toBe(first.conversation_sid);
    expect(await subject.executions()).toMatchObject([
      {
        flow_sid: FLOW,
        conversation_sid: first.conversation_sid,
        messages: [{ Body: 'Hello' }, { Body: 'Anybody?' }],
      },
    ]);
  });

  test('creates a conversation without webhook, in the given service, for type default', async () => {
    const service = await subject.api.services.create({ friendlyName: 'Second' });
    await expectMessages({ 'autoCreation.conversationServiceSid': service.sid });
    const { body } = await arrive();
    expect(body).toMatchObject({ chat_service_sid: service.sid });
    const conversation = subject.api.services(service.sid).conversations(body.conversation_sid);
    expect(await conversation.webhooks.list()).toEqual([]);
  });

  test('creates another conversation after the first is closed', async () => {
    await expectMessages(toStudio);
    const first = (await arrive()).body.conversation_sid;
    await subject.api.conversations(first).update({ state: 'closed' });
    const second = (await arrive()).body.conversation_sid;
    expect(second).not.toBe(first);
    expect((await arrive()).body.conversation_sid).toBe(second);
  });

  test.each([
    ['in full', { From: 'whatsapp:+15005550007', To: 'whatsapp:+15005550001' }],
    ['by its source', { Source: 'whatsapp' }],
  ])('can come by WhatsApp, given %s', async (_, by) => {
    await expectMessages(toStudio);
    await expectMessages({ ...toStudio, type: 'whatsapp', address: `whatsapp:${TO}` });
    expect((await arrive(by)).body.author).toBe(`whatsapp:${STRANGER}`);
    expect((await subject.deliveries())[0]?.params).toMatchObject({
      Source: 'whatsapp',
      'MessagingBinding.ProxyAddress': `whatsapp:${TO}`,
    });
  });

  test.each([
    [`From=${STRANGER}&To=${TO}`, STRANGER],
    [`From=whatsapp:${STRANGER}&To=whatsapp:${TO}`, `whatsapp:${STRANGER}`],
    [`From=${STRANGER}&To=${TO}&Source=whatsapp`, `whatsapp:${STRANGER}`],
    [`From=whatsapp:${STRANGER}&To=${TO}`, `whatsapp:${STRANGER}`],
  ])('accepts a form with an unencoded plus, %s', async (form, author) => {
    await expectMessages(toStudio);
    await expectMessages({ ...toStudio, type: 'whatsapp', address: `whatsapp:${TO}` });
    const { status, body } = await subject.raw('POST', '/_emulator/inbound', `${form}&Body=1 + 1`);
    expect({ status, author: body.author, body: body.body }).toEqual({ status: 201, author, body: '1   1' });
  });

  test('is refused without a configuration that creates a conversation', async () => {
    const nowhere = {
      status: 404,
      body: {
        code: 20404,
        message: expect.stringContaining(`${STRANGER} and ${TO} have no open conversation`),
      },
    };
    expect(await arrive()).toMatchObject(nowhere);
    await expectMessages({ ...toStudio, 'autoCreation.enabled': false });
    expect(await arrive()).toMatchObject(nowhere);
    expect(await told()).toEqual([]);
    expect(await subject.api.conversations.list()).toHaveLength(1);
  });

  test.each([
    [{ From: undefined }, 20001],
    [{ To: undefined }, 20001],
    [{ Body: undefined }, 50503],
    [{ From: 'me' }, 50407],
    [{ To: 'you' }, 50408],
    [{ From: TO }, 50409],
    [{ Source: 'SDK' }, 20001],
    [{ Source: 'SMS', From: 'whatsapp:+15005550007', To: 'whatsapp:+15005550001' }, 20001],
    [{ Attributes: '{' }, 50304],
  ])('%j is refused, and creates nothing', async (wrong, code) => {
    await expectMessages(toStudio);
    expect(await arrive(wrong)).toMatchObject({ status: 400, body: { code } });
    expect(await subject.api.conversations.list()).toHaveLength(1);
  });
});
