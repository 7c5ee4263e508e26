import { createState, type EmulatorState } from '../../../emulator/context';
import { DEMO, startEmulator, useEmulator } from '../../support/emulator';

const time = { now: Date.parse('2026-01-31T12:00:00.250Z') };
const subject = useEmulator({ now: () => time.now });

const hook = (more: object = {}) =>
  subject.api.conversations(DEMO).webhooks.create({
    target: 'webhook',
    'configuration.url': `${subject.origin}/_emulator/receiver`,
    'configuration.filters': ['onMessageAdded'],
    ...more,
  });
const say = (Body: string) => subject.control('POST', '/conversations/demo/messages', { Body });

describe('the clock', () => {
  test('dates resources, deliveries and headers', async () => {
    const { sid } = await hook();
    await subject.control('POST', '/clock', { advance: 90 });
    await subject.api.conversations(DEMO).webhooks(sid).update({ 'configuration.method': 'get' });
    const { body, headers } = await subject.raw('GET', `/v1/Conversations/demo/Webhooks/${sid}`);
    expect(body).toMatchObject({
      date_created: '2026-01-31T12:00:00Z',
      date_updated: '2026-01-31T12:01:30Z',
    });
    expect(headers.get('date')).toBe('Sat, 31 Jan 2026 12:01:30 GMT');
    await say('Hello');
    expect(await subject.deliveries()).toMatchObject([
      { date: '2026-01-31T12:01:30.250Z', params: { DateCreated: '2026-01-31T12:01:30.250Z' } },
    ]);
  });

  test('moves forward, but not back', async () => {
    const now = { now: '2026-01-31T12:00:00.250Z', seconds: 1769860800 };
    expect((await subject.control('GET', '/clock')).body).toEqual(now);
    expect((await subject.control('POST', '/clock', { advance: 60 })).body.seconds).toBe(now.seconds + 60);
    for (const advance of [-1, 1e-9, 0.0005, 'soon', undefined]) {
      expect(await subject.control('POST', '/clock', { advance })).toMatchObject({
        status: 400,
        body: { code: 20001 },
      });
    }
  });

  test('adds up fractions of a second', async () => {
    for (let n = 0; n < 3; n += 1) await subject.control('POST', '/clock', { advance: 0.1 });
    await subject.control('POST', '/clock', { advance: '1.45' });
    expect((await subject.control('GET', '/clock')).body).toEqual({
      now: '2026-01-31T12:00:02.000Z',
      seconds: 1769860802,
    });
  });

  test('sets the Date header of every response', async () => {
    await subject.control('POST', '/clock', { advance: 3600.75 });
    const responses = await Promise.all([
      subject.raw('GET', '/v1/Conversations'),
      subject.raw('GET', '/v1/Conversations', undefined, { Authorization: '' }),
      subject.raw('GET', '/v1/Nothing'),
      subject.raw('DELETE', `/v1/Conversations/${DEMO}`),
      subject.raw('POST', '/_emulator/receiver', 'Body=x'),
      subject.control('GET', '/idle'),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([200, 401, 404, 204, 403, 200]);
    const dates = responses.map(({ headers }) => headers.get('date'));
    expect(dates).toEqual(Array(6).fill('Sat, 31 Jan 2026 13:00:01 GMT'));
  });

  test('starts timers now', async () => {
    const { timers } = await subject.api.conversations(DEMO).update({ 'timers.inactive': 'PT1H30M' });
    expect(timers).toEqual({ date_inactive: '2026-01-31T13:30:00Z' });
    expect((await subject.api.conversations(DEMO).update({ 'timers.inactive': '' })).timers).toEqual({});
  });
});

describe('the history', () => {
  test('filters deliveries by webhook, conversation and event, and clears them', async () => {
    const first = await hook();
    await hook();
    await say('Hello');
    expect(await subject.deliveries()).toHaveLength(2);
    expect(await subject.deliveries(`?WebhookSid=${first.sid}`)).toHaveLength(1);
    expect(await subject.deliveries(`?ConversationSid=${DEMO}`)).toHaveLength(2);
    expect(await subject.deliveries('?EventType=onMessageRemoved')).toEqual([]);
    expect((await subject.control('DELETE', '/deliveries')).status).toBe(204);
    expect((await subject.control('GET', '/deliveries')).body).toEqual({ total: 0, deliveries: [] });
  });

  test('counts API requests, refused ones too, but not those to /_emulator', async () => {
    await subject.control('DELETE', '/requests');
    await subject.api.conversations(DEMO).webhooks.list();
    await subject.raw('GET', '/v1/Nothing?x=1');
    await subject.raw('POST', '/v1/Conversations', '', { Authorization: '' });
    const { body } = await subject.control('GET', '/requests');
    expect(body.total).toBe(3);
    expect(
      body.requests.map(({ method, path, status }: { [key: string]: string }) => [method, path, status]),
    ).toEqual([
      ['GET', `/v1/Conversations/${DEMO}/Webhooks`, 200],
      ['GET', '/v1/Nothing?x=1', 404],
      ['POST', '/v1/Conversations', 401],
    ]);
  });
});

describe('seed and reset', () => {
  test('start with one conversation between a phone and an agent', async () => {
    const [conversation, ...others] = await subject.api.conversations.list();
    expect(others).toEqual([]);
    expect(conversation).toMatchObject({
      sid: DEMO,
      uniqueName: 'demo',
      friendlyName: 'Demo',
      state: 'active',
    });
    const participants = await subject.api.conversations(DEMO).participants.list();
    expect(participants.map(({ identity, messagingBinding }) => [identity, messagingBinding])).toEqual([
      [null, { type: 'sms', address: '+15005550006', proxy_address: '+15005550001' }],
      ['agent', null],
    ]);
    expect(await subject.api.conversations(DEMO).messages.list()).toEqual([]);
    expect(await subject.api.conversations(DEMO).webhooks.list()).toEqual([]);
  });

  test('add silent conversations of the same kind', async () => {
    const { body } = await subject.control('POST', '/seed', { conversations: 3 });
    expect(body.conversations).toHaveLength(3);
    for (const sid of body.conversations) {
      const sent = await subject.control('POST', `/conversations/${sid}/messages`, { Body: 'Hello' });
      expect(sent.body).toMatchObject({
        conversation_sid: sid,
        author: expect.stringMatching(/^\+1\d{10}$/),
      });
    }
    expect((await subject.control('POST', '/seed')).body).toEqual({ conversations: [] });
    expect((await subject.control('POST', '/seed', { conversations: 1_000_000 })).status).toBe(400);
  });

  test('return to the start', async () => {
    await hook();
    await say('Hello');
    await subject.deliveries();
    await subject.control('POST', '/seed', { conversations: 2 });
    await subject.control('POST', '/options', { methodEcho: 'upper' });
    await subject.control('POST', '/clock', { advance: 60 });
    expect((await subject.control('POST', '/reset')).status).toBe(204);
    expect(await subject.deliveries()).toEqual([]);
    expect((await subject.control('GET', '/requests')).body.requests).toEqual([]);
    expect((await subject.control('GET', '/receiver/requests')).body.requests).toEqual([]);
    expect((await subject.control('GET', '/options')).body.options.methodEcho).toBe('sent');
    expect((await subject.control('GET', '/clock')).body.now).toBe('2026-01-31T12:00:00.250Z');
    expect((await subject.api.conversations.list()).map(({ sid }) => sid)).toEqual([DEMO]);
    expect(await subject.api.conversations(DEMO).webhooks.list()).toEqual([]);
    expect((await say('Hello')).body.index).toBe(0);
  });
});

test('replaces every part of the state on reset, and no SID repeats', async () => {
  const { context, api } = subject;
  const state = Object.keys(createState({})) as (keyof EmulatorState)[];
  const before = { ...context };
  const { sid } = await api.conversations.create({});
  await subject.control('POST', '/reset');
  expect(state.filter((part) => context[part] === before[part])).toEqual([]);
  expect([context.queue, context.settings]).toEqual([before.queue, before.settings]);
  expect((await api.conversations.create({})).sid).not.toBe(sid);
});

test('brings back on reset what was registered when it was told to keep it', async () => {
  const { api, events, control } = subject;
  const register = (address: string) => api.addressConfigurations.create({ type: 'sms', address });
  const newSink = (destination: string) =>
    events.sinks.create({
      description: 'Sink',
      sinkType: 'webhook',
      sinkConfiguration: { destination, method: 'POST' },
    });
  const settings = (postWebhookUrl: string) => api.configuration.webhooks().update({ postWebhookUrl });
  await settings('http://127.0.0.1:9/kept');
  const { sid: sinkSid } = await newSink('http://127.0.0.1:9/sink');
  const types = [{ type: 'com.twilio.studio.flow.execution.ended' }];
  const subscription = await events.subscriptions.create({ description: 'Kept', sinkSid, types });
  await register('+15005550001');
  expect((await control('POST', '/reset/keep')).body).toEqual({
    post_webhook_url: 'http://127.0.0.1:9/kept',
    addresses: ['+15005550001'],
    sinks: ['http://127.0.0.1:9/sink'],
  });

  for (let time = 1; time <= 2; time += 1) {
    // Neither a change nor anything new is kept.
    await settings('http://127.0.0.1:9/other');
    await api.addressConfigurations('+15005550001').remove();
    await register('+15005550002');
    await events.subscriptions(subscription.sid).update({ description: 'Changed' });
    await control('POST', '/reset');
    expect(await api.configuration.webhooks().fetch()).toMatchObject({
      postWebhookUrl: 'http://127.0.0.1:9/kept',
    });
    expect((await api.addressConfigurations.list()).map(({ address }) => address)).toEqual(['+15005550001']);
    expect(await events.subscriptions.list()).toMatchObject([
      { sid: subscription.sid, description: 'Kept', sinkSid },
    ]);
    expect((await api.conversations.list()).map(({ sid }) => sid)).toEqual([DEMO]);
  }

  // The sink of a subscription is the one in the list, and new records follow the kept ones.
  expect(await events.sinks.list({ inUse: true })).toMatchObject([{ sid: sinkSid }]);
  const { sid } = await newSink('http://127.0.0.1:9/new');

  expect((await events.sinks.list({ pageSize: 1 })).map((sink) => sink.sid)).toEqual([sinkSid, sid]);
});

test('repeats SIDs with the same seed only', async () => {
  const sids = async (settings: { seed?: string }) => {
    const other = await startEmulator(settings);
    const { sid } = await other.api.conversations.create({});
    await other.stop();
    return sid;
  };
  expect(await sids({ seed: 'one' })).toBe(await sids({ seed: 'one' }));
  expect(await sids({ seed: 'one' })).not.toBe(await sids({ seed: 'two' }));
  expect(await sids({})).not.toBe(await sids({}));
});

test.each(['[]', 'null', '{', '"x"'])('refuses the body %s', async (body) => {
  const json = { 'Content-Type': 'application/json' };
  expect(await subject.raw('POST', '/_emulator/seed', body, json)).toMatchObject({
    status: 400,
    body: { code: 20001, message: 'The body must be a JSON object' },
  });
});
