import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { fires, useDemoConversation } from '../../support/emulator';

const { subject, sink, demo, say, attach } = useDemoConversation();

describe('an event', () => {
  test('reaches the webhooks that filter it', async () => {
    const added = await attach(['onMessageAdded', 'onMessageRemoved']);
    await attach(['onParticipantAdded']);
    await say('one');
    expect((await subject.deliveries()).map(({ webhook_sid }) => webhook_sid)).toEqual([added.sid]);
  });

  test('reaches a trigger if the body of a new message has a keyword', async () => {
    await demo().webhooks.create({
      target: 'trigger',
      'configuration.url': sink.url,
      'configuration.triggers': ['help', 'stop now'],
    });
    for (const body of ['Help', 'no', 'unhelpful', 'please stop now', 'stop', 'now']) await say(body);
    const deliveries = await subject.deliveries();
    expect(deliveries.map(({ params }) => params.Body)).toEqual(['unhelpful', 'please stop now']);
    expect(deliveries[0]).toMatchObject({ event_type: 'onMessageAdded', params: { WebhookType: 'trigger' } });
  });

  test('does not reach a trigger if a message is edited', async () => {
    await demo().webhooks.create({
      target: 'trigger',
      'configuration.url': sink.url,
      'configuration.triggers': ['help'],
    });
    const { body } = await say('no');
    await demo()
      .messages(body.sid)
      .update({ body: 'help', ...fires });
    expect(await subject.deliveries()).toEqual([]);
  });

  test('reaches nobody if a REST request has no X-Twilio-Webhook-Enabled', async () => {
    await attach(['onMessageAdded', 'onMessageUpdated', 'onMessageRemoved', 'onConversationStateUpdated']);
    const message = await demo().messages.create({ body: 'silent' });
    await demo().messages(message.sid).update({ body: 'silent still' });
    await demo().messages(message.sid).remove();
    await demo().update({ state: 'inactive' });
    expect(await subject.deliveries()).toEqual([]);
    await demo().messages.create({ body: 'loud', ...fires });
    expect((await subject.deliveries()).map(({ event_type, params }) => [event_type, params.Source])).toEqual(
      [
        ['onConversationStateUpdated', 'API'],
        ['onMessageAdded', 'API'],
      ],
    );
  });

  test('does not reach a deleted webhook', async () => {
    const { sid } = await attach(['onMessageAdded']);
    await say('one');
    await demo().webhooks(sid).remove();
    await say('two');
    expect((await subject.deliveries()).map(({ params }) => params.Body)).toEqual(['one']);
  });

  describe('the webhooks of service and account', () => {
    const filters = ['onMessageAdded', 'onConversationAdded'];
    const account = () =>
      subject.api.configuration.webhooks().update({ filters, postWebhookUrl: `${sink.url}/account` });
    const service = () =>
      subject.api
        .services(DEFAULT_SERVICE_SID)
        .configuration.webhooks()
        .update({ filters, postWebhookUrl: `${sink.url}/service`, method: 'GET' });
    const heard = async () =>
      (await subject.deliveries()).map(({ level, method, event_type }) => [level, method, event_type]);

    test('deliver to the account if the service has none', async () => {
      await account();
      await subject.api.conversations.create({ friendlyName: 'x', ...fires });
      await say('one');
      expect(await heard()).toEqual([
        ['account', 'POST', 'onConversationAdded'],
        ['account', 'POST', 'onMessageAdded'],
      ]);
    });

    test('deliver to the service instead, without WebhookSid, and to scoped webhooks too', async () => {
      await account();
      await service();
      await attach(['onMessageAdded']);
      await say('one');
      const deliveries = await subject.deliveries();
      expect(deliveries.map(({ level }) => level).sort()).toEqual(['scoped', 'service']);
      const unscoped = deliveries.find(({ level }) => level === 'service');
      expect(unscoped).toMatchObject({ webhook_sid: null, method: 'GET' });
      expect(Object.keys(unscoped?.params ?? {})).not.toEqual(expect.arrayContaining(['WebhookSid']));
      expect(Object.keys(unscoped?.params ?? {})).not.toEqual(expect.arrayContaining(['WebhookType']));
    });

    test('deliver only what they filter', async () => {
      await account();
      await service();
      await subject.control('POST', '/conversations/demo/participants', { Identity: 'visitor' });
      expect(await subject.deliveries()).toEqual([]);
    });
  });
});
