import type { RecordedEvent } from '../../../emulator/state/history';
import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { DEMO, FLOW, fires, useDemoConversation } from '../../support/emulator';

const { subject, sink, demo, say, attach } = useDemoConversation();

const events = async (query = ''): Promise<RecordedEvent[]> => {
  await subject.control('GET', '/idle');
  return (await subject.control('GET', `/events${query}`)).body.events;
};
const lastEvent = async () => (await events()).at(-1);
const reasons = async () => (await lastEvent())?.webhooks.map(({ reason }) => reason);
const trigger = (...keywords: string[]) =>
  demo().webhooks.create({
    target: 'trigger',
    'configuration.url': sink.url,
    'configuration.triggers': keywords,
  });
const ofAccount = (settings: object) => subject.api.configuration.webhooks().update(settings);
const ofService = (settings: object) =>
  subject.api.services(DEFAULT_SERVICE_SID).configuration.webhooks().update(settings);

test('records an event with its webhooks and their deliveries', async () => {
  const webhook = await attach(['onMessageAdded']);
  const studio = await demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
  const { body } = await say('one');
  const [event, ...others] = await events();
  const deliveries = await subject.deliveries();
  expect(others).toEqual([]);
  expect(event).toEqual({
    id: 1,
    date: expect.stringMatching(/^20.*\.\d{3}Z$/),
    event_type: 'onMessageAdded',
    conversation_sid: DEMO,
    params: expect.objectContaining({ EventType: 'onMessageAdded', MessageSid: body.sid, Body: 'one' }),
    message_index: 0,
    replay: false,
    reason: null,
    message: null,
    webhooks: [
      {
        level: 'scoped',
        webhook_sid: webhook.sid,
        target: 'webhook',
        url: `${sink.url}/hook`,
        flow_sid: null,
        delivery_ids: deliveries.filter(({ target }) => target === 'webhook').map(({ id }) => id),
        reason: null,
        message: null,
      },
      {
        level: 'scoped',
        webhook_sid: studio.sid,
        target: 'studio',
        url: null,
        flow_sid: FLOW,
        delivery_ids: deliveries.filter(({ target }) => target === 'studio').map(({ id }) => id),
        reason: null,
        message: null,
      },
    ],
  });
  expect(deliveries.map(({ event_id }) => event_id)).toEqual([1, 1]);
});

describe('the reason why a webhook does not get an event', () => {
  test('is its filters', async () => {
    await attach(['onMessageRemoved']);
    await trigger('one');
    await demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
    const { body } = await say('one');
    expect(await reasons()).toEqual(['filters', null, null]);
    expect((await lastEvent())?.webhooks[0]?.message).toBe('onMessageAdded is not in its filters.');
    await demo()
      .messages(body.sid)
      .update({ body: 'two', ...fires });
    expect(await reasons()).toEqual(['filters', 'filters', 'filters']);
    expect((await lastEvent())?.webhooks[1]?.message).toBe('A trigger gets onMessageAdded only.');
  });

  test('is a missing keyword, or only its letter case', async () => {
    await trigger('help', 'stop now');
    await say('Good day');
    expect((await lastEvent())?.webhooks).toMatchObject([
      { reason: 'keyword', message: 'The body has none of its keywords: help, stop now.' },
    ]);
    await say('STOP NOW');
    expect((await lastEvent())?.webhooks).toMatchObject([
      { reason: 'keyword_case', message: 'The body has "stop now" in another letter case only.' },
    ]);
    await subject.control('POST', '/options', { triggerCase: 'insensitive' });
    await say('STOP NOW');
    expect(await reasons()).toEqual([null]);
    await say('Good day');
    expect(await reasons()).toEqual(['keyword']);
  });

  test('is that the service’s webhook shadows the account’s', async () => {
    const settings = { postWebhookUrl: sink.url, filters: ['onMessageAdded'] };
    await ofAccount(settings);
    await ofService(settings);
    await say('one');
    expect((await lastEvent())?.webhooks).toMatchObject([
      { level: 'service', webhook_sid: null, url: sink.url, reason: null, delivery_ids: [1] },
      { level: 'account', webhook_sid: null, url: sink.url, reason: 'shadowed', delivery_ids: [] },
    ]);
    await subject.control('POST', '/options', { accountWebhook: 'also' });
    await say('two');
    expect(await reasons()).toEqual([null, null]);
  });

  test('is that it is for pre-events', async () => {
    await ofService({ preWebhookUrl: sink.url, filters: ['onMessageAdd', 'onMessageAdded'] });
    await ofAccount({ postWebhookUrl: sink.url, filters: ['onMessageAdd', 'onParticipantRemove'] });
    const { body } = await say('one');
    expect((await lastEvent())?.webhooks).toMatchObject([
      {
        level: 'service',
        reason: 'pre_event',
        message: 'It has a PreWebhookUrl only; the emulator sends no pre-events.',
      },
      {
        level: 'account',
        reason: 'pre_event',
        message: 'It filters onMessageAdd, a pre-event; the emulator sends onMessageAdded only.',
      },
    ]);
    await demo().messages(body.sid).remove(fires);
    expect(await reasons()).toEqual(['filters', 'filters']);
    const [, agent] = await demo().participants.list();
    await demo().participants(`${agent?.sid}`).remove(fires);
    expect(await reasons()).toEqual(['filters', 'pre_event']);
  });

  test('is a request without X-Twilio-Webhook-Enabled, if nothing else is', async () => {
    await attach(['onMessageAdded']);
    await attach(['onMessageRemoved']);
    await demo().messages.create({ body: 'silent' });
    expect(await lastEvent()).toMatchObject({
      reason: 'not_enabled',
      message: 'The request had no X-Twilio-Webhook-Enabled: true.',
      params: { Body: 'silent' },
      webhooks: [{ reason: 'not_enabled' }, { reason: 'filters' }],
    });
    expect(await subject.deliveries()).toEqual([]);
  });
});

test('records an event that no webhook could get', async () => {
  await say('one');
  expect(await events()).toMatchObject([
    { event_type: 'onMessageAdded', reason: 'no_webhook', message: expect.any(String), webhooks: [] },
  ]);
});

test('records what a closed conversation refuses', async () => {
  const { body } = await say('one');
  await attach(['onMessageAdded']);
  await subject.control('POST', '/conversations/demo/state', { State: 'closed' });
  await subject.control('GET', '/idle');
  await subject.control('DELETE', '/events');
  const [phone] = (await subject.raw('GET', `/v1/Conversations/${DEMO}/Participants`)).body.participants;
  const path = `/v1/Conversations/${DEMO}`;
  const refused = [
    await say('two'),
    await subject.raw('POST', `${path}/Messages/${body.sid}`, 'Body=x'),
    await subject.raw('DELETE', `${path}/Messages/${body.sid}`),
    await subject.raw('POST', `${path}/Participants`, 'Identity=x'),
    await subject.raw('POST', `${path}/Participants/${phone.sid}`, 'Attributes={}'),
    await subject.raw('DELETE', `${path}/Participants/${phone.sid}`),
    await subject.raw('POST', path, 'FriendlyName=x'),
    await subject.control('POST', '/conversations/demo/state', { State: 'active' }),
  ];
  expect(refused.map(({ body }) => body.code)).toEqual(Array(8).fill(50377));
  const recorded = await events();
  expect(recorded.map(({ event_type, reason, webhooks }) => [event_type, reason, webhooks])).toEqual([
    ['onMessageAdded', 'closed', []],
    ['onMessageUpdated', 'closed', []],
    ['onMessageRemoved', 'closed', []],
    ['onParticipantAdded', 'closed', []],
    ['onParticipantUpdated', 'closed', []],
    ['onParticipantRemoved', 'closed', []],
    ['onConversationUpdated', 'closed', []],
    ['onConversationStateUpdated', 'closed', []],
  ]);
  expect(recorded[0]?.params).toMatchObject({ Body: 'two', Author: '+15005550006', ConversationSid: DEMO });
});

test('records each replayed message for its webhook', async () => {
  for (const body of ['zero', 'one', 'two']) await say(body);
  const { sid } = await attach(['onMessageAdded'], { 'configuration.replayAfter': 1 });
  const replayed = (await events()).filter(({ replay }) => replay);
  expect(replayed).toMatchObject([
    { message_index: 1, reason: null, webhooks: [{ webhook_sid: sid, reason: null, delivery_ids: [1] }] },
    { message_index: 2, reason: null, webhooks: [{ webhook_sid: sid, reason: null, delivery_ids: [2] }] },
  ]);
  await trigger('zero');
  await demo().webhooks.create({
    target: 'trigger',
    'configuration.url': sink.url,
    'configuration.triggers': ['two'],
    'configuration.replayAfter': 1,
  });
  expect((await events()).slice(-2)).toMatchObject([
    { replay: true, message_index: 1, webhooks: [{ reason: 'keyword', delivery_ids: [] }] },
    { replay: true, message_index: 2, webhooks: [{ reason: null, delivery_ids: [3] }] },
  ]);
});

test('records both deliveries of one that is duplicated', async () => {
  await subject.control('POST', '/faults', { deliveries: { duplicate: 1 } });
  await attach(['onMessageAdded']);
  await say('one');
  expect((await lastEvent())?.webhooks).toMatchObject([{ delivery_ids: [1, 2] }]);
});

test('is filtered by conversation and type, and cleared on its own', async () => {
  const other = await subject.api.conversations.create({});
  await attach(['onMessageAdded']);
  await say('one');
  expect(await events()).toHaveLength(2);
  expect(await events(`?ConversationSid=${other.sid}`)).toMatchObject([
    { event_type: 'onConversationAdded' },
  ]);
  expect(await events('?EventType=onMessageAdded')).toMatchObject([{ conversation_sid: DEMO }]);
  expect(await events('?EventType=onMessageRemoved')).toEqual([]);
  expect((await subject.control('DELETE', '/deliveries')).status).toBe(204);
  await say('two');
  expect((await lastEvent())?.webhooks).toMatchObject([{ delivery_ids: [2] }]);
  expect((await subject.control('DELETE', '/events')).status).toBe(204);
  expect((await subject.control('GET', '/events')).body).toEqual({ total: 0, events: [] });
});

test('records nothing of what the emulator starts with', async () => {
  await subject.control('POST', '/seed', { conversations: 2 });
  await subject.control('POST', '/reset');
  expect(await events()).toEqual([]);
});
