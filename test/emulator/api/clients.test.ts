import twilio6 from 'twilio';
import type { ConversationContext } from 'twilio/lib/rest/conversations/v1/conversation';
import twilio3 from 'twilio-3';
import twilio4 from 'twilio-4';
import twilio5 from 'twilio-5';
import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { clientOf, DEMO, FLOW, refusal, useEmulator } from '../../support/emulator';

const subject = useEmulator();

const libraries = [
  ['twilio 3', twilio3.Twilio as unknown as typeof twilio6.Twilio],
  ['twilio 4', twilio4.Twilio as unknown as typeof twilio6.Twilio],
  ['twilio 5', twilio5.Twilio as unknown as typeof twilio6.Twilio],
  ['twilio 6', twilio6.Twilio],
] as const;
const families = ['/v1/Conversations', '/v1/Services/IS…/Conversations'] as const;

describe.each(libraries)('%s', (_, library) => {
  describe.each(families)('%s', (family) => {
    // The two families have the same methods under two types.
    const conversation = (key = DEMO) => {
      const api = clientOf(library, subject.origin);
      const parent = family === families[0] ? api : api.services(DEFAULT_SERVICE_SID);
      return parent.conversations(key) as unknown as ConversationContext;
    };

    test('creates, lists, updates, fetches and deletes a webhook of each target', async () => {
      const { webhooks } = conversation();
      const created = [
        await webhooks.create({
          target: 'webhook',
          'configuration.url': 'http://127.0.0.1:9/hook',
          'configuration.method': 'get',
          'configuration.filters': ['onMessageAdded', 'onParticipantAdded'],
        }),
        await webhooks.create({
          target: 'trigger',
          'configuration.url': 'http://127.0.0.1:9/hook',
          'configuration.triggers': ['help', 'two words'],
        }),
        await webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW }),
      ];
      expect(created.map(({ configuration }) => configuration)).toEqual([
        { url: 'http://127.0.0.1:9/hook', method: 'get', filters: ['onMessageAdded', 'onParticipantAdded'] },
        { url: 'http://127.0.0.1:9/hook', method: 'post', triggers: ['help', 'two words'] },
        { flow_sid: FLOW },
      ]);
      const root = family === families[0] ? '/v1' : `/v1/Services/${DEFAULT_SERVICE_SID}`;
      for (const { url, sid } of created) {
        expect(url).toBe(`${subject.origin}${root}/Conversations/${DEMO}/Webhooks/${sid}`);
      }

      const listed = await webhooks.list({ pageSize: 1 });
      expect(listed.map(({ sid }) => sid)).toEqual(created.map(({ sid }) => sid));

      const sid = created[0]?.sid ?? '';
      const updated = await conversation()
        .webhooks(sid)
        .update({ 'configuration.url': 'http://127.0.0.1:9/other' });
      expect(updated.configuration).toEqual({
        url: 'http://127.0.0.1:9/other',
        method: 'get',
        filters: ['onMessageAdded', 'onParticipantAdded'],
      });
      expect((await conversation().webhooks(sid).fetch()).configuration).toEqual(updated.configuration);

      expect(await conversation().webhooks(sid).remove()).toBe(true);
      expect(await refusal(conversation().webhooks(sid).fetch())).toMatchObject({ status: 404, code: 20404 });
      expect(await refusal(conversation().webhooks(sid).remove())).toMatchObject({
        status: 404,
        code: 20404,
      });
      expect(await webhooks.list()).toHaveLength(2);
    });

    test('accepts a unique name in place of the SID', async () => {
      const webhook = await conversation('demo').webhooks.create({
        target: 'studio',
        'configuration.flowSid': FLOW,
      });
      expect(webhook.conversationSid).toBe(DEMO);
      expect((await conversation('demo').fetch()).sid).toBe(DEMO);
      expect(await conversation('demo').webhooks.list()).toHaveLength(1);
    });

    test('creates, updates and deletes conversations, participants and messages', async () => {
      const { messages, participants } = conversation();
      const message = await messages.create({ author: 'agent', body: 'Hello' });
      expect(message).toMatchObject({
        index: 0,
        author: 'agent',
        body: 'Hello',
        participantSid: expect.stringMatching(/^MB/),
      });
      expect((await conversation().messages(message.sid).update({ body: 'Hi' })).body).toBe('Hi');
      expect((await conversation().messages(message.sid).fetch()).body).toBe('Hi');
      expect(await conversation().messages(message.sid).remove()).toBe(true);
      expect((await messages.create({ body: 'Again' })).index).toBe(1);

      const participant = await participants.create({ identity: 'visitor', attributes: '{"a":1}' });
      expect((await conversation().participants('visitor').fetch()).sid).toBe(participant.sid);
      const change = { lastReadMessageIndex: 1, attributes: '{}' };
      expect(await conversation().participants(participant.sid).update(change)).toMatchObject(change);
      expect(await participants.list()).toHaveLength(3);
      expect(await conversation().participants(participant.sid).remove()).toBe(true);
      expect(await participants.list()).toHaveLength(2);

      const timers = { 'timers.inactive': 'PT1M', 'timers.closed': 'P1DT10M' };
      const updated = await conversation().update({ friendlyName: 'New', ...timers });
      expect(updated).toMatchObject({
        friendlyName: 'New',
        timers: { date_inactive: expect.any(String), date_closed: expect.any(String) },
      });
      expect((await conversation().update({ state: 'closed' })).state).toBe('closed');
      expect(await conversation().remove()).toBe(true);
      expect(await refusal(conversation().fetch())).toMatchObject({ status: 404, code: 20404 });
    });
  });
});

test('keeps the conversations of services apart', async () => {
  const { api } = subject;
  const service = await api.services.create({ friendlyName: 'Second' });
  const there = await api.services(service.sid).conversations.create({ uniqueName: 'demo' });
  expect(there.chatServiceSid).toBe(service.sid);
  expect((await api.services(service.sid).conversations('demo').fetch()).sid).toBe(there.sid);
  expect((await api.conversations('demo').fetch()).sid).toBe(DEMO);
  expect(await refusal(api.conversations(there.sid).fetch())).toMatchObject({ status: 404 });
  expect((await api.services.list()).map(({ sid }) => sid)).toEqual([DEFAULT_SERVICE_SID, service.sid]);
  expect((await api.services(service.sid).fetch()).friendlyName).toBe('Second');
});

test('deletes a service with its conversations, and tells no webhook', async () => {
  const { api } = subject;
  const service = await api.services.create({ friendlyName: 'Second' });
  const there = await api.services(service.sid).conversations.create({ uniqueName: 'theirs' });
  const binding = {
    'messagingBinding.address': '+15005550007',
    'messagingBinding.proxyAddress': '+15005550001',
  };
  const join = (sid: string) => api.services(sid).conversations('theirs').participants.create(binding);
  await join(service.sid);
  await api
    .services(service.sid)
    .conversations(there.sid)
    .webhooks.create({
      target: 'webhook',
      'configuration.url': 'http://127.0.0.1:9/hook',
      'configuration.filters': ['onConversationRemoved'],
    });

  expect(await api.services(service.sid).remove()).toBe(true);

  expect(await refusal(api.services(service.sid).fetch())).toMatchObject({ status: 404, code: 20404 });
  expect(await refusal(api.services(service.sid).remove())).toMatchObject({ status: 404, code: 20404 });
  expect(
    (await subject.control('POST', `/conversations/${there.sid}/messages`, { Body: 'Hello' })).status,
  ).toBe(404);
  expect(await subject.deliveries()).toEqual([]);
  expect((await api.conversations('demo').fetch()).sid).toBe(DEMO);
  const third = await api.services.create({ friendlyName: 'Third' });
  await api.services(third.sid).conversations.create({ uniqueName: 'theirs' });
  expect((await join(third.sid)).messagingBinding).toMatchObject({ address: '+15005550007' });
});

test('stores the webhook settings of account and service', async () => {
  const { api } = subject;
  const settings = { filters: ['onMessageAdded'], postWebhookUrl: 'http://127.0.0.1:9/post', method: 'GET' };
  expect(await api.configuration.webhooks().fetch()).toMatchObject({
    filters: [],
    method: 'POST',
    target: 'webhook',
  });
  const { method, ...rest } = settings;
  await api.configuration.webhooks().update({ ...rest, method });
  expect(await api.configuration.webhooks().fetch()).toMatchObject(settings);
  const legacy = await subject.raw('GET', '/v1/Conversations/Webhooks');
  expect(legacy.body).toMatchObject({
    filters: ['onMessageAdded'],
    post_webhook_url: 'http://127.0.0.1:9/post',
    url: `${subject.origin}/v1/Conversations/Webhooks`,
  });
  const change = await subject.raw('POST', '/v1/Conversations/Webhooks', 'Filters=onMessageRemoved');
  expect(change.status).toBe(200);
  expect((await api.configuration.webhooks().fetch()).filters).toEqual(['onMessageRemoved']);
  await api.configuration.webhooks().update({ filters: settings.filters });
  const service = () => api.services(DEFAULT_SERVICE_SID).configuration.webhooks();
  expect(await service().fetch()).toMatchObject({ filters: null, method: null, postWebhookUrl: null });
  await service().update(settings);
  expect(await service().fetch()).toMatchObject({ ...settings, preWebhookUrl: null });
});
