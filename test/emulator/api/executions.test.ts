import { DEMO, FLOW, refusal, useEmulator } from '../../support/emulator';

const OTHER_FLOW = FLOW.replace(/a/g, 'b');

const subject = useEmulator();

const executions = (flow = FLOW) => subject.studio.flows(flow).executions;
const attach = (conversation: string, flow = FLOW) =>
  subject.api
    .conversations(conversation)
    .webhooks.create({ target: 'studio', 'configuration.flowSid': flow });
const say = (conversation: string, Body: string) =>
  subject.control('POST', `/conversations/${conversation}/messages`, { Body });
/** Conversations that run the flow, each with one execution. */
const run = async (count: number, flow = FLOW) => {
  const { body } = await subject.control('POST', '/seed', { conversations: count });
  for (const sid of body.conversations) {
    await attach(sid, flow);
    await say(sid, 'hello');
  }
  await subject.control('GET', '/idle');
  return body.conversations as string[];
};
const addresses = async (options = {}) =>
  (await executions().list(options)).map(({ contactChannelAddress }) => contactChannelAddress);

test('are listed, fetched and ended', async () => {
  await attach(DEMO);
  await say(DEMO, 'hello');
  const [listed] = await executions().list();
  expect(listed).toMatchObject({
    sid: expect.stringMatching(/^FN[0-9a-f]{32}$/),
    accountSid: 'AC00000000000000000000000000000001',
    flowSid: FLOW,
    contactChannelAddress: DEMO,
    status: 'active',
    dateCreated: expect.any(Date),
    url: `${subject.origin}/v2/Flows/${FLOW}/Executions/${listed!.sid}`,
  });
  expect((await executions()(listed!.sid).fetch()).toJSON()).toEqual(listed!.toJSON());
  await subject.control('POST', '/clock', { advance: 5 });
  const ended = await executions()(listed!.sid).update({ status: 'ended' });
  expect(ended.status).toBe('ended');
  expect(ended.dateUpdated.getTime()).toBeGreaterThan(listed!.dateUpdated.getTime());
  expect((await executions()(listed!.sid).update({ status: 'ended' })).toJSON()).toEqual(ended.toJSON());
  await say(DEMO, 'hello again');
  expect((await subject.executions()).map(({ status, messages }) => [status, messages.length])).toEqual([
    ['ended', 1],
    ['active', 1],
  ]);
});

test('are deleted, active or ended; the next message starts a new one', async () => {
  await attach(DEMO);
  await say(DEMO, 'hello');
  const [first] = await executions().list();
  await executions()(first!.sid).update({ status: 'ended' });
  await say(DEMO, 'hello again');
  const [second] = await executions().list();
  for (const { sid } of [first!, second!]) expect(await executions()(sid).remove()).toBe(true);
  expect(await refusal(executions()(first!.sid).remove())).toMatchObject({ status: 404, code: 20404 });
  expect(await subject.executions()).toEqual([]);
  const { studio } = (await subject.control('GET', '/snapshot')).body;
  expect(studio).toMatchObject({ executions: [], finished: [], messages: [] });
  await say(DEMO, 'and again');
  expect((await subject.executions()).map(({ status, messages }) => [status, messages.length])).toEqual([
    ['active', 1],
  ]);
});

test('have the conversation in their context', async () => {
  await attach(DEMO);
  await say(DEMO, 'hello');
  const [execution] = await executions().list();
  const { context, executionSid } = await executions()(execution!.sid).executionContext().fetch();
  expect(executionSid).toBe(execution!.sid);
  expect(context).toMatchObject({ trigger: { conversation: { ConversationSid: DEMO, Body: 'hello' } } });
});

test('are filtered by flow, status and date, the newest first', async () => {
  const [first] = await run(1);
  const [execution] = await executions().list();
  await executions()(execution!.sid).update({ status: 'ended' });
  await subject.control('POST', '/clock', { advance: 60 });
  const [second] = await run(1);
  await run(1, OTHER_FLOW);
  expect(await addresses()).toEqual([second, first]);
  expect(await addresses({ status: 'active' })).toEqual([second]);
  expect(await addresses({ status: 'ended' })).toEqual([first]);
  const after = new Date(execution!.dateCreated.getTime() + 30_000);
  expect(await addresses({ dateCreatedFrom: after })).toEqual([second]);
  expect(await addresses({ dateCreatedTo: after })).toEqual([first]);
  const { body } = await subject.raw('GET', `/v2/Flows/${FLOW}/Executions?Status=ended`);
  expect(body.executions).toHaveLength(1);
});

test('come in pages whose links lead on', async () => {
  const conversations = await run(3);
  expect(await addresses({ pageSize: 2 })).toEqual(conversations.toReversed());
  const path = `/v2/Flows/${FLOW}/Executions`;
  const { body } = await subject.raw('GET', `${path}?PageSize=2&Status=active`);
  expect(body.meta).toMatchObject({
    key: 'executions',
    page: 0,
    page_size: 2,
    first_page_url: `${subject.origin}${path}?Status=active&PageSize=2&Page=0`,
    next_page_url: expect.stringMatching(/\/v2\/.*\?Status=active&PageSize=2&Page=1&PageToken=/),
  });
});

test('have the customer’s address with contactChannelAddress=customer', async () => {
  await subject.control('POST', '/options', { contactChannelAddress: 'customer' });
  await attach(DEMO);
  await say(DEMO, 'hello');
  const { sid } = await subject.api.conversations.create({});
  await attach(sid);
  await subject.api.conversations(sid).participants.create({ identity: 'visitor' });
  await subject.control('POST', `/conversations/${sid}/messages`, { Body: 'hello', Source: 'SDK' });
  expect(await addresses()).toEqual([sid, '+15005550006']);
});

test('dispatch their end to Event Streams, once', async () => {
  const sink = await subject.events.sinks.create({
    description: 'Sink',
    sinkType: 'webhook',
    sinkConfiguration: {
      destination: `${subject.origin}/_emulator/receiver`,
      method: 'POST',
      batch_events: true,
    },
  });
  const type = 'com.twilio.studio.flow.execution.ended';
  await subject.events.subscriptions.create({
    description: 'End',
    sinkSid: sink.sid,
    types: [{ type }],
  });
  await attach(DEMO);
  await say(DEMO, 'hello');
  const [execution] = await executions().list();
  await executions()(execution!.sid).update({ status: 'ended' });
  await executions()(execution!.sid).update({ status: 'ended' });
  const deliveries = await subject.deliveries(`?EventType=${type}`);
  expect(deliveries.map(({ events }) => events?.[0]?.data.execution_sid)).toEqual([execution!.sid]);
});

test('are refused where Twilio refuses', async () => {
  await attach(DEMO);
  await say(DEMO, 'hello');
  const [execution] = await executions().list();
  const notFound = { status: 404, code: 20404 };
  expect(await refusal(executions()(`FN${'0'.repeat(32)}`).fetch())).toMatchObject(notFound);
  expect(await refusal(executions(OTHER_FLOW)(execution!.sid).fetch())).toMatchObject(notFound);
  expect(await refusal(executions('FW1').list())).toMatchObject({
    ...notFound,
    message: 'The requested resource /Flows/FW1/Executions was not found',
  });
  expect(await subject.raw('GET', '/v2/Nothing')).toMatchObject({
    status: 404,
    body: { message: 'The requested resource /Nothing was not found' },
  });
  const invalid = { status: 400, code: 20001 };
  expect(await refusal(executions()(execution!.sid).update({ status: 'active' }))).toMatchObject(invalid);
  expect(await refusal(executions().list({ status: 'stuck' as 'active' }))).toMatchObject(invalid);
  const path = `/v2/Flows/${FLOW}/Executions`;
  expect((await subject.raw('GET', `${path}?DateCreatedFrom=yesterday`)).status).toBe(400);
  expect((await subject.raw('DELETE', path)).body.code).toBe(20004);
  const anonymous = await subject.raw('GET', path, undefined, { Authorization: '' });
  expect(anonymous.body.code).toBe(20003);
});

test('say by whom they are served, and obey faults', async () => {
  const path = `/v2/Flows/${FLOW}/Executions`;
  expect((await subject.raw('GET', path)).headers.get('X-Api-Domain')).toBe('studio.twilio.com');
  await subject.control('POST', '/faults', { match: { path: '/v2/*' }, do: { status: 503 } });
  expect((await subject.raw('GET', path)).status).toBe(503);
});
