import type { Conversation } from '../../../emulator/state/records';
import { createSids } from '../../../emulator/state/sids';
import { Studio, type StudioDelivery } from '../../../emulator/state/studio';
import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { DEMO, FLOW, fires, useEmulator } from '../../support/emulator';

const subject = useEmulator();

const demo = () => subject.api.conversations(DEMO);
const attach = (more: object = {}) =>
  demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW, ...more });
const say = (Body: string) => subject.control('POST', '/conversations/demo/messages', { Body });
const end = (sid = '', body = {}) => subject.control('POST', `/executions/${sid}/end`, body);

test('starts an execution with the first message, and adds later ones to it', async () => {
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
      execution_sid: executions[0]?.sid,
      params: { Body: 'one' },
    },
    { target: 'studio', outcome: 'studio', execution_sid: executions[0]?.sid, params: { Body: 'two' } },
  ]);
});

test('gives a flow the attributes of the conversation as they are when it starts', async () => {
  await demo().update({ attributes: '{"pre_engagement_data":{"email":"a@example.com"}}' });
  await attach();
  await say('one');
  await demo().update({ attributes: '{}' });
  await say('two');
  expect(await subject.executions()).toMatchObject([
    {
      trigger: {
        conversation: {
          Attributes: '{}',
          ChannelAttributes: { pre_engagement_data: { email: 'a@example.com' } },
          InstanceSid: DEFAULT_SERVICE_SID,
        },
      },
    },
  ]);
});

test('starts another execution after the first has ended', async () => {
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

test('starts one execution per conversation and flow', async () => {
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

test('delivers the filtered events to a flow, new messages by default', async () => {
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
  test(`reattaches a webhook that was deleted: ${after.length === 1}`, async () => {
    await subject.control('POST', '/options', { studioReattaches });
    const webhook = await attach();
    await say('one');
    await demo().webhooks(webhook.sid).remove();
    const [execution] = await subject.executions();
    await end(execution?.sid);
    await subject.control('GET', '/idle');
    expect((await demo().webhooks.list()).map(({ configuration }) => configuration.flow_sid)).toEqual(after);
  });

  test('adds no second webhook', async () => {
    await subject.control('POST', '/options', { studioReattaches });
    await attach();
    await say('one');
    const [execution] = await subject.executions();
    await end(execution?.sid);
    await subject.control('GET', '/idle');
    expect(await demo().webhooks.list()).toHaveLength(1);
  });
});

describe('a long run', () => {
  const message = (conversation: Conversation, n: number): StudioDelivery => ({
    conversation,
    contactAddress: conversation.sid,
    flowSid: FLOW,
    webhookSid: null,
    params: { MessageSid: `IM${n}`, Index: String(n) },
  });
  const newConversation = (n: number) =>
    ({ sid: `CH${n}`, attributes: '{}', service: { sid: 'IS1' } }) as Conversation;
  const studioWith = () => {
    const studio = new Studio();
    const sids = createSids();
    const receive = (delivery: StudioDelivery) => studio.receive(delivery, 0, () => sids('FN')).execution;
    return { studio, receive };
  };

  test('keeps the last 10,000 messages of all executions, and the first of each as its trigger', () => {
    const { studio, receive } = studioWith();
    const [one, other] = [newConversation(1), newConversation(2)];
    receive(message(other, 0));
    for (let n = 0; n < 12_000; n += 1) receive(message(one, n));
    const [early, late] = studio.executions.ordered;
    expect(early).toMatchObject({
      status: 'active',
      messages: [],
      trigger: { conversation: { Index: '0' } },
    });
    expect(late?.messages).toHaveLength(10_000);
    expect([late?.messages[0], late?.messages.at(-1)]).toMatchObject([{ Index: '2000' }, { Index: '11999' }]);
    expect(late?.trigger.conversation).toMatchObject({ Index: '0' });
    receive(message(other, 12_000));
    expect(early?.messages).toMatchObject([{ Index: '12000' }]);
    expect(studio.executions.size).toBe(2);
  });

  test('keeps every active execution, and the last 10,000 of the others', () => {
    const { studio, receive } = studioWith();
    const active = receive(message(newConversation(0), 0));
    for (let n = 1; n <= 10_003; n += 1) {
      const conversation = newConversation(n);
      const execution = receive(message(conversation, n));
      // Nobody ends the executions of a conversation that is deleted.
      if (n % 2 === 0) studio.end(execution, 'FLOW_END', 0);
      else studio.abandon(conversation.sid);
    }
    const sids = studio.executions.ordered.map(({ conversation_sid }) => conversation_sid);
    expect([sids.length, sids[0], sids[1], sids.at(-1)]).toEqual([10_001, 'CH0', 'CH4', 'CH10003']);
    expect(studio.executions.get(active.sid)).toBe(active);
    expect(receive(message(newConversation(0), 1))).toBe(active);
  });
});

test('shows no serial, and still ends the execution of a deleted conversation', async () => {
  await attach();
  await say('one');
  await demo().remove();
  const [execution] = await subject.executions();
  expect(execution).toMatchObject({ status: 'active', conversation_sid: DEMO });
  expect(execution).not.toHaveProperty('serial');
  const ended = (await end(execution?.sid)).body;
  expect(ended).toMatchObject({ status: 'ended' });
  expect(ended).not.toHaveProperty('serial');
});
