import { DEFAULT_MESSAGING_SERVICE_SID, DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { DEMO, fires, useDemoConversation } from '../../support/emulator';

const { subject, sink, demo, say, attach } = useDemoConversation();

describe('the payload', () => {
  const scoped = ['AccountSid', 'EventType', 'RetryCount', 'WebhookSid', 'WebhookType'];
  const message = [
    'ConversationSid',
    'MessageSid',
    'Index',
    'DateCreated',
    'Body',
    'Author',
    'ParticipantSid',
    'Attributes',
  ];
  const conversation = [
    'ConversationSid',
    'DateCreated',
    'DateUpdated',
    'FriendlyName',
    'UniqueName',
    'Attributes',
    'State',
  ];
  const owner = ['ChatServiceSid', 'MessagingServiceSid'];
  const chat = [
    'ConversationSid',
    'ParticipantSid',
    'DateCreated',
    'Identity',
    'RoleSid',
    'Attributes',
    'MessagingBinding.Type',
  ];
  const phone = [
    ...chat.filter((name) => name !== 'Identity'),
    'MessagingBinding.Address',
    'MessagingBinding.ProxyAddress',
  ];

  // https://www.twilio.com/docs/conversations/conversations-webhooks, and what real deliveries were seen to have.
  const events: [string, () => Promise<unknown>, string[]][] = [
    ['onMessageAdded', () => say('one'), [...message, ...owner, 'Source']],
    [
      'onMessageAdded',
      () => say('one', { Source: 'SDK' }),
      [...message, ...owner, 'Source', 'ClientIdentity'],
    ],
    [
      'onMessageAdded',
      () => say('', { Media: [{ Sid: `ME${'a'.repeat(32)}`, ContentType: 'image/png' }] }),
      [...message.filter((name) => name !== 'Body'), ...owner, 'Source', 'Media'],
    ],
    [
      'onMessageUpdated',
      async () =>
        demo()
          .messages((await say('one')).body.sid)
          .update({ body: 'two', ...fires }),
      [...message, 'DateUpdated', 'Source'],
    ],
    [
      'onMessageRemoved',
      async () =>
        demo()
          .messages((await say('one')).body.sid)
          .remove(fires),
      [...message, 'DateUpdated', 'DateRemoved', 'Source'],
    ],
    [
      'onConversationUpdated',
      () => demo().update({ friendlyName: 'x', ...fires }),
      [...conversation, ...owner, 'Source'],
    ],
    [
      'onConversationRemoved',
      () => demo().remove(fires),
      [...conversation, ...owner, 'DateRemoved', 'Source'],
    ],
    [
      'onConversationStateUpdated',
      () => demo().update({ state: 'inactive', ...fires }),
      ['ConversationSid', 'StateUpdated', 'StateFrom', 'StateTo', 'Reason', ...owner, 'Source'],
    ],
    [
      'onConversationStateUpdated',
      () => subject.control('POST', '/conversations/demo/state', { State: 'inactive' }),
      ['ConversationSid', 'StateUpdated', 'StateFrom', 'StateTo', 'Reason', 'ChatServiceSid'],
    ],
    [
      'onParticipantAdded',
      () => demo().participants.create({ identity: 'x', ...fires }),
      [...chat, 'Source'],
    ],
    [
      'onParticipantAdded',
      () =>
        demo().participants.create({
          'messagingBinding.address': '+15005550009',
          'messagingBinding.proxyAddress': '+15005550001',
          ...fires,
        }),
      [...phone, 'Source'],
    ],
    [
      'onParticipantUpdated',
      () =>
        demo()
          .participants('agent')
          .update({ lastReadMessageIndex: 3, ...fires }),
      [...chat, 'DateUpdated', 'LastReadMessageIndex', 'Source'],
    ],
    [
      'onParticipantRemoved',
      () => demo().participants('agent').remove(fires),
      [...chat, 'DateUpdated', 'DateRemoved', 'Source'],
    ],
    [
      'onDeliveryUpdated',
      async () =>
        subject.control('POST', '/conversations/demo/receipts', {
          MessageSid: (await say('one')).body.sid,
          Status: 'failed',
          ErrorCode: 30003,
        }),
      [
        ...['ConversationSid', 'ChatServiceSid', 'MessageSid', 'DeliveryReceiptSid', 'ChannelMessageSid'],
        ...['ParticipantSid', 'Status', 'ErrorCode', 'DateCreated', 'DateUpdated'],
      ],
    ],
  ];

  test.each(events)('of %s has exactly the documented fields', async (type, act, fields) => {
    const webhook = await attach([type]);
    await act();
    const deliveries = await subject.deliveries();
    expect(deliveries).toHaveLength(1);
    const params = deliveries[0]?.params ?? {};
    expect(Object.keys(params).sort()).toEqual([...scoped, ...fields].sort());
    expect(params).toMatchObject({
      EventType: type,
      ConversationSid: DEMO,
      WebhookSid: webhook.sid,
      WebhookType: 'webhook',
      RetryCount: '0',
    });
    for (const [name, value] of Object.entries(params)) {
      expect(value).toEqual(expect.any(String));
      if (/^(Date|StateUpdated)/.test(name))
        expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });

  test('of onConversationAdded is delivered to the service', async () => {
    await subject.api
      .services(DEFAULT_SERVICE_SID)
      .configuration.webhooks()
      .update({ filters: ['onConversationAdded'], postWebhookUrl: sink.url });
    const created = await subject.api.conversations.create({ friendlyName: 'a', uniqueName: 'b', ...fires });
    const [delivery] = await subject.deliveries();
    const common = ['AccountSid', 'EventType', 'RetryCount', 'Source'];
    expect(Object.keys(delivery?.params ?? {}).sort()).toEqual([...common, ...conversation, ...owner].sort());
    expect(delivery?.params).toMatchObject({
      ConversationSid: created.sid,
      ChatServiceSid: DEFAULT_SERVICE_SID,
      MessagingServiceSid: DEFAULT_MESSAGING_SERVICE_SID,
      State: 'active',
    });
  });

  test('has Media as a JSON string', async () => {
    const media = { Sid: `ME${'a'.repeat(32)}`, Filename: 'x.png', ContentType: 'image/png', Size: 7 };
    await attach(['onMessageAdded']);
    await say('see', { Media: [media] });
    const [delivery] = await subject.deliveries();
    expect(JSON.parse(delivery?.params.Media ?? '')).toEqual([media]);
    expect((await demo().messages.list())[0]?.media).toEqual([
      { category: 'media', sid: media.Sid, filename: 'x.png', content_type: 'image/png', size: 7 },
    ]);
  });
});
