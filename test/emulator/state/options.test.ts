import { defaultOptions, optionNames, setOption } from '../../../emulator/state/options';
import { DEFAULT_MESSAGING_SERVICE_SID, DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { DEMO, FLOW, fires, refusal, useEmulator } from '../../support/emulator';

const subject = useEmulator();

const set = (options: object) => subject.control('POST', '/options', options);
const demo = () => subject.api.conversations(DEMO);
const hook = (more: object = {}) =>
  demo().webhooks.create({
    target: 'webhook',
    'configuration.url': `${subject.origin}/_emulator/receiver`,
    'configuration.filters': ['onMessageAdded'],
    ...more,
  });
const trigger = () =>
  demo().webhooks.create({
    target: 'trigger',
    'configuration.url': `${subject.origin}/_emulator/receiver`,
    'configuration.triggers': ['Help'],
  });

const echoedMethods = async () => {
  const { sid, configuration } = await hook({ 'configuration.method': 'Get' });
  const sink = await subject.events.sinks.create({
    description: 'Sink',
    sinkType: 'webhook',
    sinkConfiguration: { destination: 'http://127.0.0.1:9', method: 'Post' },
  });
  const fetched = await demo().webhooks(sid).fetch();
  return [configuration.method, fetched.configuration.method, sink.sinkConfiguration.method];
};

/** One act under an option's default and under its other value. */
const cases: [string, string | number, () => Promise<unknown>, unknown, unknown][] = [
  [
    'tooManyWebhooksStatus',
    400,
    async () => {
      for (let n = 0; n < 5; n += 1) await hook();
      return (await refusal(hook())).status;
    },
    403,
    400,
  ],
  [
    'notFoundCode',
    'specific',
    async () => [
      (await refusal(subject.api.conversations('none').fetch())).code,
      (
        await refusal(
          demo()
            .webhooks(`WH${'a'.repeat(32)}`)
            .fetch(),
        )
      ).code,
      (await refusal(demo().webhooks('none').fetch())).code,
      (await refusal(demo().messages('none').fetch())).code,
      (await refusal(demo().participants('none').fetch())).code,
      (await refusal(subject.api.services('none').fetch())).code,
    ],
    [20404, 20404, 20404, 20404, 20404, 20404],
    [50350, 50360, 50363, 50500, 50432, 50050],
  ],
  [
    'uniqueNameStatus',
    400,
    async () => (await refusal(subject.api.conversations.create({ uniqueName: 'demo' }))).status,
    409,
    400,
  ],
  [
    'closedWebhooks',
    'allow',
    async () => {
      await demo().update({ state: 'closed' });
      return hook().then(
        () => 'created',
        ({ code }) => code,
      );
    },
    50377,
    'created',
  ],
  [
    'pageSizeTooLarge',
    'refuse',
    async () => (await subject.raw('GET', '/v1/Conversations/demo/Webhooks?PageSize=6')).status,
    200,
    400,
  ],
  [
    'replayAfterBeyondNewest',
    'refuse',
    async () => {
      await demo().messages.create({ body: 'Hello', ...fires });
      const replayed = async (index: number) => {
        const outcome = await hook({ 'configuration.replayAfter': index }).then(
          () => 'created',
          ({ status, code }) => [status, code],
        );
        return [outcome, (await subject.deliveries()).length];
      };
      return [await replayed(2), await replayed(1), await replayed(0), (await demo().webhooks.list()).length];
    },
    [['created', 0], ['created', 0], ['created', 1], 3],
    [[[400, 20001], 0], [[400, 20001], 0], ['created', 1], 1],
  ],
  ['defaultMethod', 'get', async () => (await hook()).configuration.method, 'post', 'get'],
  ['methodEcho', 'lower', echoedMethods, ['Get', 'Get', 'Post'], ['get', 'get', 'post']],
  ['methodEcho', 'upper', echoedMethods, ['Get', 'Get', 'Post'], ['GET', 'GET', 'POST']],
  [
    'triggerEcho',
    'filters',
    async () => Object.keys((await trigger()).configuration),
    ['url', 'method', 'triggers'],
    ['url', 'method', 'filters'],
  ],
  [
    'keywordEcho',
    'lower',
    async () => {
      const { sid, configuration } = await trigger();
      const updated = await demo()
        .webhooks(sid)
        .update({ 'configuration.triggers': ['Help', 'ÄRZTE'] });
      for (const body of ['HELP', 'help', 'Help']) await demo().messages.create({ body, ...fires });
      const bodies = (await subject.deliveries()).map(({ params }) => params.Body);
      return [configuration.triggers, updated.configuration.triggers, bodies];
    },
    [['Help'], ['Help', 'ÄRZTE'], ['Help']],
    [['help'], ['help', 'ärzte'], ['Help']],
  ],
  [
    'dateUpdated',
    'null',
    async () => {
      const { sid, dateUpdated } = await hook();
      const listed = (await demo().webhooks.list())[0]?.dateUpdated;
      const updated = await demo().webhooks(sid).update({ 'configuration.method': 'get' });
      const known = (date: unknown) => date instanceof Date && !Number.isNaN(date.getTime());
      return [dateUpdated, listed, updated.dateUpdated].map(known);
    },
    [true, true, true],
    [false, false, true],
  ],
  [
    'echoUndocumented',
    'yes',
    async () => [
      Object.keys((await hook({ 'configuration.replayAfter': 0 })).configuration),
      Object.keys((await hook()).configuration),
      (
        await demo().webhooks.create({
          target: 'studio',
          'configuration.flowSid': FLOW,
          'configuration.filters': ['onMessageAdded'],
        })
      ).configuration,
    ],
    [['url', 'method', 'filters'], ['url', 'method', 'filters'], { flow_sid: FLOW }],
    [
      ['url', 'method', 'filters', 'replay_after'],
      ['url', 'method', 'filters'],
      { flow_sid: FLOW, filters: ['onMessageAdded'] },
    ],
  ],
  [
    'triggerCase',
    'insensitive',
    async () => {
      await trigger();
      await demo().messages.create({ body: 'i need help', ...fires });
      return (await subject.deliveries()).length;
    },
    0,
    1,
  ],
  [
    'extraFilters',
    'accept',
    async () =>
      Promise.all(
        ['onConversationAdded', 'onUserAdded', 'onMessageAdd'].map((filter) =>
          hook({ 'configuration.filters': [filter] }).then(
            () => 'created',
            ({ code }) => code,
          ),
        ),
      ),
    [50365, 50365, 50365],
    ['created', 'created', 50365],
  ],
  [
    'chatServiceSid',
    'always',
    async () => {
      await hook({ 'configuration.filters': ['onParticipantAdded'] });
      await demo().participants.create({ identity: 'x', ...fires });
      return (await subject.deliveries())[0]?.params.ChatServiceSid;
    },
    undefined,
    DEFAULT_SERVICE_SID,
  ],
  [
    'messageServiceSids',
    'absent',
    async () => {
      await hook();
      await demo().messages.create({ body: 'Hello', ...fires });
      const { Body, ChatServiceSid, MessagingServiceSid } = (await subject.deliveries())[0]?.params ?? {};
      return [Body, ChatServiceSid, MessagingServiceSid];
    },
    ['Hello', DEFAULT_SERVICE_SID, DEFAULT_MESSAGING_SERVICE_SID],
    ['Hello', undefined, undefined],
  ],
  [
    'accountWebhook',
    'also',
    async () => {
      const settings = {
        filters: ['onMessageAdded'],
        postWebhookUrl: `${subject.origin}/_emulator/receiver`,
      };
      await subject.api.configuration.webhooks().update(settings);
      await subject.api.services(DEFAULT_SERVICE_SID).configuration.webhooks().update(settings);
      await demo().messages.create({ body: 'Hello', ...fires });
      return (await subject.deliveries()).map(({ level }) => level).sort();
    },
    ['service'],
    ['account', 'service'],
  ],
  [
    'sinkSharing',
    'accept',
    async () => {
      const { sid } = await subject.events.sinks.create({
        description: 'Sink',
        sinkType: 'webhook',
        sinkConfiguration: { destination: 'http://127.0.0.1:9', method: 'POST' },
      });
      const subscribe = () =>
        subject.events.subscriptions.create({
          description: 'Subscription',
          sinkSid: sid,
          types: [{ type: 'com.twilio.studio.flow.execution.ended' }],
        });
      await subscribe();
      return subscribe().then(
        () => 'created',
        ({ code }) => code,
      );
    },
    91100,
    'created',
  ],
];

test.each(cases)('changes the behaviour with %s=%s', async (name, value, act, usual, other) => {
  expect(await act()).toEqual(usual);
  await subject.control('POST', '/reset');
  expect((await set({ [name]: value })).status).toBe(200);
  expect(await act()).toEqual(other);
});

test('has a test of each option', () => {
  // These are shown in concurrency.test.ts, executions.test.ts, execution-events.test.ts and post.test.ts.
  const elsewhere = [
    'concurrencyLimit',
    'contactChannelAddress',
    'studioReattaches',
    'unbatchedEvents',
    'webhookTimeout',
  ];
  expect([...new Set(cases.map(([name]) => name)), ...elsewhere].sort()).toEqual([...optionNames].sort());
});

test('changes several options, or none if one is invalid', async () => {
  expect((await subject.control('GET', '/options')).body.options).toEqual(defaultOptions());
  await set({ defaultMethod: 'get', webhookTimeout: 100 });
  const changed = { ...defaultOptions(), defaultMethod: 'get', webhookTimeout: 100 };
  expect((await subject.control('GET', '/options')).body.options).toEqual(changed);
  expect(await set({ triggerCase: 'insensitive', methodEcho: 'other' })).toMatchObject({
    status: 400,
    body: { code: 20001, message: 'Option methodEcho must be sent or lower or upper, not "other".' },
  });
  expect((await subject.control('GET', '/options')).body.options).toEqual(changed);
});

test.each([
  ['concurrencyLimit', '-1', /must be an integer from 0 to/],
  ['webhookTimeout', '0', /must be an integer from 1 to/],
  ['webhookTimeout', '1.5', /must be an integer from 1 to/],
  ['webhookTimeout', '', /, not ""/],
  ['nonsense', '1', /Unknown option "nonsense"; use one of tooManyWebhooksStatus, /],
  ['toString', '1', /Unknown option "toString"/],
])('refuses %s=%s', (name, text, message) => {
  expect(() => setOption(defaultOptions(), name, text)).toThrow(message);
});
