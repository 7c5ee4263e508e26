import { DEMO, FLOW, fires, useEmulator, useSink } from '../../support/emulator';
import { until } from '../../support/until';

const subject = useEmulator();
const sink = useSink();

const demo = () => subject.api.conversations(DEMO);
const fault = async (deliveries: object, seed = 'one') =>
  expect(await subject.control('POST', '/faults', { seed, deliveries })).toMatchObject({ status: 200 });
const attach = (more: object = {}) =>
  demo().webhooks.create({
    target: 'webhook',
    'configuration.url': `${sink.url}/hook`,
    'configuration.filters': ['onMessageAdded'],
    ...more,
  });
const say = async (...bodies: string[]) => {
  for (const body of bodies) await demo().messages.create({ body, ...fires });
};
const heard = async () => {
  await subject.deliveries();
  return sink.requests.map(({ params }) => params.get('Body'));
};

test('changes no delivery by default', async () => {
  await attach();
  await say('one');
  expect(await subject.deliveries()).toMatchObject([{ delay: 0, reordered: false, duplicate_of: null }]);
});

test('sends the same request twice', async () => {
  await fault({ duplicate: 1 });
  const { sid } = await attach();
  await say('one');
  const [first, second, ...others] = await subject.deliveries();
  expect(others).toEqual([]);
  expect(second).toMatchObject({
    id: 2,
    duplicate_of: 1,
    outcome: 'answered',
    status: 200,
    webhook_sid: sid,
  });
  expect(second?.params).toEqual(first?.params);
  const [one, two] = sink.requests;
  expect(sink.requests).toHaveLength(2);
  expect(two).toEqual(one);
  expect(one?.headers['i-twilio-idempotency-token']).toMatch(/^[0-9a-f-]{36}$/);
});

test('keeps a delayed delivery pending, and /idle waits for it', async () => {
  await fault({ delay: [5, 9] });
  await attach();
  await say('one');
  expect((await subject.control('GET', '/deliveries')).body.deliveries).toHaveLength(1);
  const [delivery] = await subject.deliveries();
  expect(delivery).toMatchObject({ outcome: 'answered', status: 200 });
  expect([5, 6, 7, 8, 9]).toContain(delivery?.delay);
  expect(sink.requests).toHaveLength(1);
});

test('drops delayed and held deliveries on reset and on close', async () => {
  await attach();
  await fault({ delay: 60_000, reorder: 1 });
  await say('one', 'two');
  await until(
    async () => (await subject.control('GET', '/deliveries')).body.total >= 2,
    () => 'fewer than 2 deliveries',
  );
  await subject.control('POST', '/reset');
  expect(await heard()).toEqual([]);
  await attach();
  await fault({ delay: 60_000 });
  await say('three');
});

test('drops on reset what waits for a dropped delivery', async () => {
  await attach();
  await fault({ delay: 60_000 });
  await say('one');
  await fault({ reorder: 1, delay: [0, 60_000] });
  await say('two', 'three', 'four', 'five');
  await until(
    async () => (await subject.control('GET', '/deliveries')).body.total >= 5,
    () => 'fewer than 5 deliveries',
  );
  await subject.control('POST', '/reset');
  expect((await subject.control('GET', '/idle')).status).toBe(200);
});

test('sends a reordered delivery right after the next one', async () => {
  await fault({ reorder: 1 });
  await attach();
  await say('one', 'two', 'three', 'four', 'five');
  expect(await heard()).toEqual(['two', 'one', 'four', 'three', 'five']);
  expect((await subject.deliveries()).map(({ params, reordered }) => [params.Body, reordered])).toEqual([
    ['one', true],
    ['two', false],
    ['three', true],
    ['four', false],
    ['five', true],
  ]);
});

test('sends a reordered delivery without a next one', async () => {
  await subject.control('POST', '/options', { webhookTimeout: 50 });
  await fault({ reorder: 1 });
  await attach();
  const arrived = new Promise<void>((resolve) => {
    sink.respond = (_, response) => {
      response.end();
      resolve();
    };
  });
  await say('one');
  await arrived;
  expect(await heard()).toEqual(['one']);
});

test('reorders each webhook by itself', async () => {
  await fault({ reorder: 1 });
  await attach();
  await attach({ 'configuration.url': `${sink.url}/other` });
  await say('one', 'two');
  await subject.deliveries();
  const on = (path: string) =>
    sink.requests.filter(({ url }) => url === path).map(({ params }) => params.get('Body'));
  expect([on('/hook'), on('/other')]).toEqual([
    ['two', 'one'],
    ['two', 'one'],
  ]);
});

test('reorders a replay', async () => {
  await say('one', 'two', 'three', 'four');
  await fault({ reorder: 1 });
  await attach({ 'configuration.replayAfter': 1 });
  expect(await heard()).toEqual(['three', 'two', 'four']);
});

test('keeps a replay without faults in order', async () => {
  await say('one', 'two', 'three');
  await fault({ duplicate: 1, delay: [0, 3] });
  await attach({ 'configuration.replayAfter': 0 });
  expect(await heard()).toEqual(['one', 'one', 'two', 'two', 'three', 'three']);
});

test('duplicates and reorders Event Streams, and delays what waits for them', async () => {
  await subject.control('POST', '/options', { studioReattaches: 'late' });
  const { sid } = await subject.events.sinks.create({
    description: 'Sink',
    sinkType: 'webhook',
    sinkConfiguration: { destination: sink.url, method: 'POST', batch_events: true },
  });
  await subject.events.subscriptions.create({
    description: 'Subscription',
    sinkSid: sid,
    types: ['started', 'ended'].map((what) => ({ type: `com.twilio.studio.flow.execution.${what}` })),
  });
  const studio = await demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
  await fault({ duplicate: 1, reorder: 1, delay: 1 });
  await say('one');
  await demo().webhooks(studio.sid).remove();
  await until(
    async () => (await subject.control('GET', '/deliveries')).body.total >= 2,
    () => 'fewer than 2 deliveries',
  );
  await subject.control('POST', '/conversations/demo/executions/end');
  await subject.deliveries();
  const events = sink.requests.map(({ body }) => JSON.parse(body)[0]);
  expect(events.map(({ data }) => data.status)).toEqual(['ended', 'ended', 'active', 'active']);
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  expect((await demo().webhooks.list()).map(({ target }) => target)).toEqual(['studio']);
});

test('delivers to Studio once and at once', async () => {
  await fault({ duplicate: 1, reorder: 1, delay: 1 });
  await demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
  await say('one', 'two');
  expect(await subject.executions()).toMatchObject([{ messages: [{ Body: 'one' }, { Body: 'two' }] }]);
  expect(await subject.deliveries()).toHaveLength(2);
});

describe('randomness', () => {
  const bodies = Array.from({ length: 16 }, (_, index) => `message ${index}`);
  const run = async (seed: string) => {
    await subject.control('POST', '/reset');
    await attach();
    await fault({ duplicate: 0.3, reorder: 0.3, delay: [0, 5] }, seed);
    await say(...bodies);
    return (await subject.deliveries())
      .map(({ params, delay, reordered, duplicate_of }) =>
        [params.Body, delay, reordered, duplicate_of !== null].join(),
      )
      .sort();
  };

  test('is the same for the same seed', async () => {
    const [one, again, two] = [await run('one'), await run('one'), await run('two')];
    expect(again).toEqual(one);
    expect(two).not.toEqual(one);
    expect(one.length).toBeGreaterThan(bodies.length);
  });
});
