import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks';
import { AUTH_TOKEN } from '../../../emulator/twilio/account';
import { DEMO, FLOW, useDemoConversation } from '../../support/emulator';
import { until } from '../../support/until';

const { subject, sink, demo, say, attach } = useDemoConversation();

const again = (id: number | string) => subject.control('POST', `/deliveries/${id}/again`);
const studio = () => demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });

test.each(['post', 'get'])('sends the same %s request, signed, with the same token', async (method) => {
  await attach(['onMessageAdded'], { 'configuration.method': method });
  await say('Tüte & more');
  await subject.deliveries();
  const { status, body } = await again(1);
  expect({ status, body }).toMatchObject({
    status: 201,
    body: { id: 2, duplicate_of: 1, outcome: 'pending' },
  });
  const [first, second] = await subject.deliveries();
  expect(second).toMatchObject({
    outcome: 'answered',
    url: first?.url,
    params: first?.params,
    signature: first?.signature,
  });
  const [one, two] = sink.requests;
  expect({ ...two, headers: {} }).toEqual({ ...one, headers: {} });
  expect(two?.headers).toEqual(one?.headers);
  const params = method === 'post' ? Object.fromEntries(two?.params ?? []) : {};
  const signature = String(two?.headers['x-twilio-signature']);
  expect(validateRequest(AUTH_TOKEN, signature, `${sink.url}${two?.url}`, params)).toBe(true);
  expect((await subject.control('GET', '/events')).body.events).toMatchObject([
    { webhooks: [{ delivery_ids: [1, 2] }] },
  ]);
});

test('names the first delivery as the original, however often it is sent', async () => {
  await attach(['onMessageAdded']);
  await say('one');
  await subject.deliveries();
  await again(1);
  await subject.deliveries();
  await again(2);
  expect((await subject.deliveries()).map(({ duplicate_of }) => duplicate_of)).toEqual([null, 1, 1]);
});

test.each(['array', 'object'])('sends an event of Event Streams again, as %s', async (unbatchedEvents) => {
  await subject.control('POST', '/options', { unbatchedEvents });
  const configuration = { destination: `${sink.url}/events`, method: 'POST', batch_events: false };
  const created = await subject.events.sinks.create({
    description: 'x',
    sinkType: 'webhook',
    sinkConfiguration: configuration,
  });
  await subject.events.subscriptions.create({
    description: 'x',
    sinkSid: created.sid,
    types: [{ type: 'com.twilio.studio.flow.execution.started' }],
  });
  await studio();
  await say('one');
  const sent = (await subject.deliveries()).find(({ level }) => level === 'event_streams');
  expect((await again(sent?.id ?? 0)).status).toBe(201);
  await subject.deliveries();
  const [one, two] = sink.requests;
  expect({ ...two, params: {} }).toEqual({ ...one, params: {} });
  expect(Array.isArray(JSON.parse(`${two?.body}`))).toBe(unbatchedEvents === 'array');
  const signature = String(two?.headers['x-twilio-signature']);
  expect(validateRequestWithBody(AUTH_TOKEN, signature, `${sink.url}${two?.url}`, `${two?.body}`)).toBe(true);
});

test('gives the message of a studio webhook to its flow again', async () => {
  await studio();
  await say('one');
  await subject.deliveries();
  expect(await again(1)).toMatchObject({ status: 201, body: { id: 2, duplicate_of: 1, outcome: 'studio' } });
  expect(await subject.executions()).toMatchObject([{ messages: [{ Body: 'one' }, { Body: 'one' }] }]);
  await subject.control('POST', '/conversations/demo/executions/end');
  await again(1);
  expect(await subject.executions()).toMatchObject([{ status: 'ended' }, { messages: [{ Body: 'one' }] }]);
  await demo().remove();
  expect(await again(1)).toMatchObject({
    status: 404,
    body: { code: 20404, message: expect.stringMatching(DEMO) },
  });
});

test('refuses a delivery that has not been sent, and one that is not there', async () => {
  await subject.control('POST', '/faults', { deliveries: { delay: 60_000 } });
  await attach(['onMessageAdded']);
  await say('one');
  const pending = async () => (await subject.control('GET', '/deliveries')).body.deliveries.length === 1;
  await until(pending, () => 'nothing was recorded');
  expect(await again(1)).toMatchObject({
    status: 400,
    body: { code: 20001, message: 'Delivery 1 has not been sent yet' },
  });
  for (const id of ['2', '0', 'x']) expect((await again(id)).status).toBe(404);
});
