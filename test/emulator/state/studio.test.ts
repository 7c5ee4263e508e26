import { DEMO, FLOW, fires, type Subject, startEmulator } from '../../support/emulator';

let subject: Subject;
beforeEach(async () => {
  subject = await startEmulator();
});
afterEach(() => subject.stop());

const demo = () => subject.api.conversations(DEMO);
const attach = (more: object = {}) =>
  demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW, ...more });
const say = (Body: string) => subject.control('POST', '/conversations/demo/messages', { Body });
const end = (sid = '', body = {}) => subject.control('POST', `/executions/${sid}/end`, body);

test('the first message starts an execution with its context; further ones go to it', async () => {
  const webhook = await attach();
  const first = (await say('one')).body;
  await say('two');
  const executions = await subject.executions();
  expect(executions).toMatchObject([
    {
      sid: expect.stringMatching(/^FN[0-9a-f]{32}$/),
      flow_sid: FLOW,
      conversation_sid: DEMO,
      contact_channel_address: DEMO,
      webhook_sid: webhook.sid,
      status: 'active',
      ended_reason: null,
      trigger: {
        conversation: {
          ConversationSid: DEMO,
          ChannelSid: DEMO,
          MessageSid: first.sid,
          Body: 'one',
          From: '+15005550006',
          Author: '+15005550006',
          WebhookSid: webhook.sid,
          WebhookType: 'studio',
        },
      },
      messages: [{ Body: 'one' }, { Body: 'two' }],
    },
  ]);
  expect(await subject.deliveries()).toMatchObject([
    {
      target: 'studio',
      outcome: 'studio',
      url: null,
      method: null,
      signature: null,
      params: { Body: 'one' },
    },
    { target: 'studio', outcome: 'studio', params: { Body: 'two' } },
  ]);
});

test('when it has ended, the next message starts another', async () => {
  await attach();
  await say('one');
  const [execution] = await subject.executions();
  expect((await end(execution?.sid, { ended_reason: 'FLOW_ERROR' })).body).toMatchObject({
    status: 'ended',
    ended_reason: 'FLOW_ERROR',
  });
  await say('two');
  expect(await subject.executions()).toMatchObject([
    { status: 'ended', messages: [{ Body: 'one' }] },
    { status: 'active', messages: [{ Body: 'two' }] },
  ]);
  expect(await end(execution?.sid)).toMatchObject({ status: 400, body: { code: 20001 } });
  expect(await end('FN1')).toMatchObject({ status: 404, body: { code: 20404 } });
});

test('each conversation and each flow has its own', async () => {
  const OTHER = FLOW.replace(/a/g, 'b');
  await attach();
  await attach({ 'configuration.flowSid': OTHER });
  const other = await subject.api.conversations.create({});
  await subject.api
    .conversations(other.sid)
    .webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
  await say('one');
  await subject.api.conversations(other.sid).messages.create({ body: 'two', ...fires });
  const executions = await subject.executions();
  expect(executions.map(({ flow_sid, conversation_sid }) => [flow_sid, conversation_sid])).toEqual([
    [FLOW, DEMO],
    [OTHER, DEMO],
    [FLOW, other.sid],
  ]);
  const { body } = await subject.control('GET', `/executions?ConversationSid=${other.sid}`);
  expect(body.executions).toHaveLength(1);
});

test('only filtered events reach a flow, new messages where nothing is said', async () => {
  await attach();
  await attach({
    'configuration.flowSid': FLOW.replace(/a/g, 'b'),
    'configuration.filters': ['onParticipantAdded'],
  });
  await subject.control('POST', '/conversations/demo/participants', { Identity: 'visitor' });
  expect(await subject.executions()).toMatchObject([
    { trigger: { conversation: { EventType: 'onParticipantAdded' } } },
  ]);
  await say('one');
  expect(await subject.executions()).toHaveLength(2);
});

describe.each([
  ['off', []],
  ['on', [FLOW]],
  ['late', [FLOW]],
] as const)('with studioReattaches=%s', (studioReattaches, after) => {
  test('a webhook detached meanwhile', async () => {
    await subject.control('POST', '/options', { studioReattaches });
    const webhook = await attach();
    await say('one');
    await demo().webhooks(webhook.sid).remove();
    const [execution] = await subject.executions();
    await end(execution?.sid);
    await subject.control('GET', '/idle');
    expect((await demo().webhooks.list()).map(({ configuration }) => configuration.flow_sid)).toEqual(after);
  });

  test('a webhook still attached is not doubled', async () => {
    await subject.control('POST', '/options', { studioReattaches });
    await attach();
    await say('one');
    const [execution] = await subject.executions();
    await end(execution?.sid);
    await subject.control('GET', '/idle');
    expect(await demo().webhooks.list()).toHaveLength(1);
  });
});
