import { DEMO, useEmulator } from '../../support/emulator';

const RECEIVER = '/_emulator/receiver?from=test';
const ALL = ['onMessageAdded', 'onConversationStateUpdated', 'onParticipantAdded', 'onDeliveryUpdated'];

const subject = useEmulator();
beforeEach(async () => {
  await demo().webhooks.create({
    target: 'webhook',
    'configuration.url': subject.origin + RECEIVER,
    'configuration.filters': ALL,
  });
});

const demo = () => subject.api.conversations(DEMO);
const simulate = (what: string, body: object) => subject.control('POST', `/conversations/demo/${what}`, body);
const params = async () => (await subject.deliveries()).map((delivery) => delivery.params);
const phone = (address: string, proxy: string) =>
  demo().participants.create({ 'messagingBinding.address': address, 'messagingBinding.proxyAddress': proxy });

describe('a message', () => {
  test('by SMS has the phone of the conversation as author', async () => {
    const { status, body } = await simulate('messages', {
      Body: 'Hello',
      Source: 'SMS',
      Attributes: { a: 1 },
    });
    expect(status).toBe(201);
    expect((await demo().messages(body.sid).fetch()).toJSON()).toMatchObject({
      author: '+15005550006',
      body: 'Hello',
      attributes: '{"a":1}',
      index: 0,
    });
    const [event] = await params();
    expect(event).toMatchObject({
      EventType: 'onMessageAdded',
      Source: 'SMS',
      Author: '+15005550006',
      Index: '0',
    });
    expect(event?.ParticipantSid).toMatch(/^MB/);
    expect(event).not.toHaveProperty('ClientIdentity');
  });

  test('by WhatsApp needs a WhatsApp participant', async () => {
    expect(await simulate('messages', { Body: 'Hello', Source: 'whatsapp' })).toMatchObject({
      status: 400,
      body: { code: 50430 },
    });
    await phone('whatsapp:+15005550008', 'whatsapp:+15005550001');
    await simulate('messages', { Body: 'Hello', Source: 'whatsapp' });
    expect(await params()).toMatchObject([{ Source: 'whatsapp', Author: 'whatsapp:+15005550008' }]);
  });

  test('by a chat client has a ClientIdentity', async () => {
    await simulate('messages', { Body: 'Hello', Source: 'SDK' });
    expect(await params()).toMatchObject([{ Source: 'SDK', Author: 'agent', ClientIdentity: 'agent' }]);
  });

  test('is accepted as a form, by SID, in any service', async () => {
    const service = await subject.api.services.create({ friendlyName: 'Second' });
    const { sid } = await subject.api.services(service.sid).conversations.create({});
    await subject.api.services(service.sid).conversations(sid).participants.create({ identity: 'x' });
    const path = `/_emulator/conversations/${sid}/messages`;
    const { status, body } = await subject.raw('POST', path, 'Source=SDK&Body=Hello');
    expect(status).toBe(201);
    expect(body).toMatchObject({ chat_service_sid: service.sid, conversation_sid: sid, author: 'x' });
    expect(body.url).toContain(`/v1/Services/${service.sid}/Conversations/${sid}/Messages/`);
  });

  test.each([
    [{ Body: 'x', Author: '+15005550099' }, 50430],
    [{ Body: 'x', Source: 'API' }, 20001],
    [{}, 50503],
    [{ Body: 'x', Media: 'x' }, 20001],
  ])('%j is refused', async (body, code) => {
    expect(await simulate('messages', body)).toMatchObject({ status: 400, body: { code } });
    expect(await params()).toEqual([]);
  });

  test('activates an inactive conversation, but not a closed one', async () => {
    await demo().update({ state: 'inactive' });
    await simulate('messages', { Body: 'Hello' });
    expect(await params()).toMatchObject([
      { EventType: 'onConversationStateUpdated', StateFrom: 'inactive', StateTo: 'active', Reason: 'EVENT' },
      { EventType: 'onMessageAdded' },
    ]);
    expect((await demo().fetch()).state).toBe('active');
    await demo().update({ state: 'closed' });
    expect(await simulate('messages', { Body: 'Hello' })).toMatchObject({
      status: 400,
      body: { code: 50377 },
    });
  });
});

describe('a participant', () => {
  test.each([
    [{ Identity: 'visitor' }, { Source: 'SDK', ClientIdentity: 'visitor', 'MessagingBinding.Type': 'CHAT' }],
    [
      { 'MessagingBinding.Address': '+15005550008', 'MessagingBinding.ProxyAddress': '+15005550001' },
      { Source: 'SMS', 'MessagingBinding.Type': 'SMS' },
    ],
    [
      {
        'MessagingBinding.Address': 'whatsapp:+1500555',
        'MessagingBinding.ProxyAddress': 'whatsapp:+15005550001',
      },
      { Source: 'whatsapp', 'MessagingBinding.Type': 'WHATSAPP' },
    ],
  ])('that joins as %j is dispatched', async (body, event) => {
    const joined = await simulate('participants', body);
    expect(joined.status).toBe(201);
    expect(await params()).toMatchObject([
      { EventType: 'onParticipantAdded', ParticipantSid: joined.body.sid, ...event },
    ]);
  });

  test('joins and writes by a form with an unencoded plus', async () => {
    const at = '/_emulator/conversations/demo';
    const binding =
      'MessagingBinding.Address=whatsapp:+15005550008&MessagingBinding.ProxyAddress=whatsapp:+15005550001';
    const joined = await subject.raw('POST', `${at}/participants`, binding);
    expect(joined.body.messaging_binding).toMatchObject({ address: 'whatsapp:+15005550008' });
    const written = await subject.raw(
      'POST',
      `${at}/messages`,
      'Author=whatsapp:+15005550008&Source=whatsapp&Body=Hi',
    );
    expect(written.body).toMatchObject({ author: 'whatsapp:+15005550008', participant_sid: joined.body.sid });
  });
});

describe('a change of state', () => {
  test('has a timer as its reason', async () => {
    expect((await simulate('state', { State: 'inactive' })).body).toEqual({
      conversation_sid: DEMO,
      state: 'inactive',
    });
    expect(await params()).toMatchObject([{ StateFrom: 'active', StateTo: 'inactive', Reason: 'TIMER' }]);
    await simulate('state', { State: 'closed' });
    expect(await params()).toMatchObject([{}, { StateFrom: 'inactive', StateTo: 'closed', Reason: 'TIMER' }]);
    expect(await simulate('state', { State: 'active' })).toMatchObject({
      status: 400,
      body: { code: 50377 },
    });
  });

  test('to the same state is no event', async () => {
    await simulate('state', { State: 'active' });
    expect(await params()).toEqual([]);
    expect(await simulate('state', {})).toMatchObject({ status: 400, body: { code: 50378 } });
  });
});

describe('a receipt', () => {
  test('is created once per message and participant, then updated', async () => {
    const { sid } = await demo().messages.create({ body: 'Hello' });
    const sent = await simulate('receipts', { MessageSid: sid, Status: 'sent' });
    const failed = await simulate('receipts', { MessageSid: sid, Status: 'undelivered', ErrorCode: '30005' });
    expect(failed.body.sid).toBe(sent.body.sid);
    expect(await params()).toMatchObject([
      { EventType: 'onDeliveryUpdated', Status: 'sent', DeliveryReceiptSid: sent.body.sid, MessageSid: sid },
      { Status: 'undelivered', ErrorCode: '30005', ChannelMessageSid: sent.body.channel_message_sid },
    ]);
  });

  test.each([
    [{ Status: 'sent' }, 404, 50500],
    [{ MessageSid: true, Status: 'lost' }, 400, 20001],
    [{ MessageSid: true, Status: 'sent', ParticipantSid: 'MB1' }, 404, 50432],
  ])('%j is refused', async (body, status, code) => {
    const { sid } = await demo().messages.create({ body: 'Hello' });
    const wanted = { ...body, ...('MessageSid' in body ? { MessageSid: sid } : {}) };
    expect(await simulate('receipts', wanted)).toMatchObject({ status, body: { code } });
  });
});

test.each(['messages', 'participants', 'state', 'receipts'])(
  'returns 404 for %s of an unknown conversation',
  async (what) => {
    expect(await subject.control('POST', `/conversations/none/${what}`, {})).toMatchObject({
      status: 404,
      body: { code: 20404 },
    });
  },
);

describe('the receiver', () => {
  test('accepts and lists signed requests', async () => {
    await simulate('messages', { Body: 'Hello' });
    expect(await subject.deliveries()).toMatchObject([{ outcome: 'answered', status: 200 }]);
    const { body } = await subject.control('GET', '/receiver/requests');
    expect(body).toMatchObject({
      total: 1,
      requests: [{ method: 'POST', url: subject.origin + RECEIVER, valid: true, params: { Body: 'Hello' } }],
    });
    expect((await subject.control('DELETE', '/receiver/requests')).status).toBe(204);
    expect((await subject.control('GET', '/receiver/requests')).body).toEqual({ total: 0, requests: [] });
  });

  test('holds its response for ?hold= milliseconds', async () => {
    await subject.control('POST', '/options', { webhookTimeout: 50 });
    await subject.api.conversations(DEMO).webhooks.create({
      target: 'webhook',
      'configuration.url': `${subject.origin}/_emulator/receiver?hold=60000`,
      'configuration.filters': ['onMessageAdded'],
    });
    await simulate('messages', { Body: 'Hello' });
    const deliveries = await subject.deliveries();
    expect(deliveries.filter(({ url }) => url?.endsWith('hold=60000'))).toMatchObject([
      { outcome: 'timeout' },
    ]);
  });

  test('refuses unsigned requests', async () => {
    expect(await subject.raw('POST', RECEIVER, 'Body=Hello')).toMatchObject({
      status: 403,
      body: { valid: false },
    });
    expect((await subject.control('GET', '/receiver/requests')).body.requests).toMatchObject([
      { valid: false },
    ]);
  });
});
