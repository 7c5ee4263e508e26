import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { DEMO, fires, type Sink, type Subject, startEmulator, startSink } from '../../support/emulator';

let subject: Subject;
let sink: Sink;
beforeEach(async () => {
  sink = await startSink();
  subject = await startEmulator();
});
afterEach(async () => {
  await subject.stop();
  await sink.stop();
});

const demo = () => subject.api.conversations(DEMO);
const say = (Body: string, more: object = {}) =>
  subject.control('POST', '/conversations/demo/messages', { Body, ...more });
const attach = (filters: string[], more: object = {}) =>
  demo().webhooks.create({
    target: 'webhook',
    'configuration.url': `${sink.url}/hook`,
    'configuration.filters': filters,
    ...more,
  });

describe('which webhooks get an event', () => {
  test('those that filter it', async () => {
    const added = await attach(['onMessageAdded', 'onMessageRemoved']);
    await attach(['onParticipantAdded']);
    await say('one');
    expect((await subject.deliveries()).map(({ webhook_sid }) => webhook_sid)).toEqual([added.sid]);
  });

  test('a trigger, when a keyword is present in the body of a new message', async () => {
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

  test('not an edited message, for a trigger', async () => {
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

  test('none, when the REST API did it without X-Twilio-Webhook-Enabled', async () => {
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

  test('one that was deleted gets nothing more', async () => {
    const { sid } = await attach(['onMessageAdded']);
    await say('one');
    await demo().webhooks(sid).remove();
    await say('two');
    expect((await subject.deliveries()).map(({ params }) => params.Body)).toEqual(['one']);
  });

  describe('of service and account', () => {
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

    test('the account’s hears every service that has none', async () => {
      await account();
      await subject.api.conversations.create({ friendlyName: 'x', ...fires });
      await say('one');
      expect(await heard()).toEqual([
        ['account', 'POST', 'onConversationAdded'],
        ['account', 'POST', 'onMessageAdded'],
      ]);
    });

    test('the service’s takes its place, beside scoped ones, and has no WebhookSid', async () => {
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

    test('neither hears what it does not filter', async () => {
      await account();
      await service();
      await subject.control('POST', '/conversations/demo/participants', { Identity: 'visitor' });
      expect(await subject.deliveries()).toEqual([]);
    });
  });
});
