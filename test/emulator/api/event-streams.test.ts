import { refusal, useEmulator } from '../../support/emulator';

const STARTED = 'com.twilio.studio.flow.execution.started';
const ENDED = 'com.twilio.studio.flow.execution.ended';
const OTHER = 'com.twilio.messaging.message.delivered';

const subject = useEmulator();

const configuration = { destination: 'http://127.0.0.1:9/events', method: 'POST', batch_events: true };
const newSink = (sinkConfiguration: unknown = configuration) =>
  subject.events.sinks.create({ description: 'Sink', sinkType: 'webhook', sinkConfiguration });
const newSubscription = (sinkSid: string, types: unknown[] = [{ type: ENDED }]) =>
  subject.events.subscriptions.create({ description: 'Subscription', sinkSid, types });

describe('sinks', () => {
  test('are created, fetched, listed, updated and deleted', async () => {
    const sink = await newSink();
    expect(sink).toMatchObject({
      sid: expect.stringMatching(/^DG[0-9a-f]{32}$/),
      description: 'Sink',
      sinkType: 'webhook',
      sinkConfiguration: { ...configuration, method: 'POST' },
      status: 'active',
      url: `${subject.origin}/v1/Sinks/${sink.sid}`,
    });
    expect((await subject.events.sinks(sink.sid).fetch()).toJSON()).toEqual(sink.toJSON());
    expect((await subject.events.sinks(sink.sid).update({ description: 'New' })).description).toBe('New');
    const { sid } = await newSink({ destination: 'https://user:pass@example.com', method: 'post' });
    expect((await subject.events.sinks(sid).fetch()).sinkConfiguration.batch_events).toBe(false);
    const listed = await subject.events.sinks.list({ pageSize: 1 });
    expect(listed.map((item) => item.sid)).toEqual([sink.sid, sid]);
    expect(await subject.events.sinks(sid).remove()).toBe(true);
    expect(await refusal(subject.events.sinks(sid).fetch())).toMatchObject({ status: 404, code: 20404 });
  });

  test('are filtered by use and status', async () => {
    const [used, unused] = [await newSink(), await newSink()];
    await newSubscription(used.sid);
    const sids = async (filter: object) => (await subject.events.sinks.list(filter)).map(({ sid }) => sid);
    expect(await sids({ inUse: true })).toEqual([used.sid]);
    expect(await sids({ inUse: false })).toEqual([unused.sid]);
    expect(await sids({ status: 'active' })).toHaveLength(2);
    expect(await sids({ status: 'failed' })).toEqual([]);
    await subject.control('POST', `/sinks/${used.sid}/status`, { Status: 'failed' });
    expect(await sids({ status: 'failed' })).toEqual([used.sid]);
    expect((await subject.events.sinks(used.sid).fetch()).status).toBe('failed');
  });

  test('refuse a status that does not exist', async () => {
    const { sid } = await newSink();
    const set = async (path: string, Status: string) =>
      (await subject.control('POST', `/sinks/${path}/status`, { Status })).body;
    expect(await set(sid, 'broken')).toMatchObject({ status: 400, code: 20001 });
    expect(await set('DG1', 'failed')).toMatchObject({ status: 404, code: 91001 });
  });

  test('cannot be deleted while in use', async () => {
    const { sid } = await newSink();
    const subscription = await newSubscription(sid);
    expect(await refusal(subject.events.sinks(sid).remove())).toMatchObject({ status: 409, code: 91007 });
    await subject.events.subscriptions(subscription.sid).remove();
    expect(await subject.events.sinks(sid).remove()).toBe(true);
  });

  test('are limited to 100', async () => {
    for (let n = 0; n < 100; n += 1) await newSink();
    expect(await refusal(newSink())).toMatchObject({ status: 403, code: 91003 });
  });

  test.each([
    ['an unknown type', { sinkType: 'kinesis' as const }, 'SinkType must be webhook, not "kinesis"'],
    ['no description', { description: '' }, 'Description must not be empty'],
    ['invalid JSON', { sinkConfiguration: '{' }, 'SinkConfiguration must be JSON such as'],
    ['JSON that is not an object', { sinkConfiguration: '7' }, 'SinkConfiguration must be JSON such as'],
    ['no destination', { sinkConfiguration: { method: 'POST' } }, 'destination must be an http or https URL'],
    [
      'another scheme',
      { sinkConfiguration: { ...configuration, destination: 'ftp://x' } },
      'destination must be an http or https URL',
    ],
    ['GET', { sinkConfiguration: { ...configuration, method: 'GET' } }, 'method must be POST'],
    [
      'batch_events that is not a boolean',
      { sinkConfiguration: { ...configuration, batch_events: 1 } },
      'true or false',
    ],
  ])('with %s are refused', async (_, wrong, sentence) => {
    const right = { description: 'Sink', sinkType: 'webhook', sinkConfiguration: configuration } as const;
    const error = await refusal(subject.events.sinks.create({ ...right, ...wrong }));
    expect(error).toMatchObject({
      status: 400,
      code: 91000,
      message: expect.stringContaining(sentence),
    });
  });
});

describe('subscriptions', () => {
  test('are created, fetched, listed, updated and deleted', async () => {
    const sinks = [await newSink(), await newSink()];
    const subscription = await newSubscription(sinks[0]?.sid ?? '');
    expect(subscription).toMatchObject({
      sid: expect.stringMatching(/^DF[0-9a-f]{32}$/),
      description: 'Subscription',
      sinkSid: sinks[0]?.sid,
    });
    const context = subject.events.subscriptions(subscription.sid);
    expect((await context.fetch()).toJSON()).toEqual(subscription.toJSON());
    expect((await context.update({ description: 'New' })).description).toBe('New');
    expect((await context.update({})).description).toBe('New');
    expect(await refusal(context.update({ description: '' }))).toMatchObject({ code: 91101 });
    const second = await newSubscription(sinks[1]?.sid ?? '');
    expect(await subject.events.subscriptions.list()).toHaveLength(2);
    const [found, ...others] = await subject.events.subscriptions.list({ sinkSid: second.sinkSid });
    expect([found?.sid, others]).toEqual([second.sid, []]);
    expect(await context.remove()).toBe(true);
    expect(await refusal(context.fetch())).toMatchObject({ status: 404, code: 20404 });
    expect((await subject.events.sinks.list()).length).toBe(2);
  });

  test.each([
    ['no description', { description: '' }, 400, 91101, 'Description must not be empty'],
    ['no such sink', { sinkSid: `DG${'0'.repeat(32)}` }, 404, 91001, 'Sink could not be found: DG'],
    ['no types', { types: [] }, 400, 91101, 'Types is missing'],
    [
      'types that are not JSON',
      { types: ['{'] },
      400,
      91101,
      'Types must be JSON such as {"type":"com.twilio.',
    ],
    ['types without a name', { types: ['null'] }, 400, 91101, 'Type not found in the system: undefined'],
    ['a type twice', { types: [{ type: OTHER }, { type: OTHER }] }, 400, 91101, 'Event types are duplicated'],
    ['an unknown type', { types: [{ type: 'studio.ended' }] }, 400, 91101, 'Type not found in the system'],
    [
      'a misspelt type',
      { types: [{ type: ENDED.slice(0, -2) }] },
      400,
      91101,
      'Type not found in the system: com.twilio.studio.flow.execution.end',
    ],
    [
      'an unknown schema version',
      { types: [{ type: ENDED, schema_version: 3 }] },
      400,
      91101,
      'Schema version 3 of com.twilio.studio.flow.execution.ended does not exist',
    ],
  ])('with %s are refused', async (_, wrong, status, code, sentence) => {
    const right = { description: 'Subscription', sinkSid: (await newSink()).sid, types: [{ type: ENDED }] };
    const error = await refusal(subject.events.subscriptions.create({ ...right, ...wrong }));
    expect(error).toMatchObject({ status, code, message: expect.stringContaining(sentence) });
    expect(await subject.events.subscriptions.list()).toEqual([]);
  });
});

describe('subscribed events', () => {
  const versions = async (sid: string) =>
    (await subject.events.subscriptions(sid).subscribedEvents.list({ pageSize: 1 })).map(
      ({ type, schemaVersion }) => [type, schemaVersion],
    );

  test('have the latest schema version by default', async () => {
    const types = [{ type: ENDED, schema_version: 1 }, { type: STARTED }, { type: OTHER }];
    const { sid } = await newSubscription((await newSink()).sid, types);
    expect(await versions(sid)).toEqual([
      [ENDED, 1],
      [STARTED, 2],
      [OTHER, 1],
    ]);
  });

  test('are created, fetched, updated and deleted', async () => {
    const { sid } = await newSubscription((await newSink()).sid);
    const { subscribedEvents } = subject.events.subscriptions(sid);
    expect(await subscribedEvents.create({ type: STARTED, schemaVersion: 1 })).toMatchObject({
      subscriptionSid: sid,
      type: STARTED,
      schemaVersion: 1,
      url: `${subject.origin}/v1/Subscriptions/${sid}/SubscribedEvents/${STARTED}`,
    });
    expect((await subscribedEvents(STARTED).fetch()).schemaVersion).toBe(1);
    expect((await subscribedEvents(STARTED).update({ schemaVersion: 2 })).schemaVersion).toBe(2);
    expect(await subscribedEvents(ENDED).remove()).toBe(true);
    expect(await versions(sid)).toEqual([[STARTED, 2]]);
    for (const call of [subscribedEvents(ENDED).fetch(), subscribedEvents(ENDED).remove()]) {
      expect(await refusal(call)).toMatchObject({ status: 404, code: 20404 });
    }
    expect(await refusal(subscribedEvents.create({ type: 'nothing' }))).toMatchObject({ code: 91101 });
  });

  test('return 200 if they exist already', async () => {
    const { sid } = await newSubscription((await newSink()).sid);
    const add = (form: string) => subject.raw('POST', `/v1/Subscriptions/${sid}/SubscribedEvents`, form);
    expect((await add(`Type=${STARTED}`)).status).toBe(201);
    expect(await add(`Type=${STARTED}&SchemaVersion=1`)).toMatchObject({
      status: 200,
      body: { schema_version: 1 },
    });
  });
});

test('responses name their API in X-Api-Domain', async () => {
  const domain = async (path: string) => (await subject.raw('GET', path)).headers.get('x-api-domain');
  expect(await domain('/v1/Sinks')).toBe('events.twilio.com');
  expect(await domain('/v1/Subscriptions/DF1')).toBe('events.twilio.com');
  expect(await domain('/v1/Conversations')).toBe('conversations.twilio.com');
});

test('deletes sinks and subscriptions on reset', async () => {
  await newSubscription((await newSink()).sid);
  await subject.control('POST', '/reset');
  expect(await subject.events.sinks.list()).toEqual([]);
  expect(await subject.events.subscriptions.list()).toEqual([]);
});
