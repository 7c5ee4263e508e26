import { reset } from '../../../emulator/seed';
import { BASIC, DEMO, FLOW, fires, refusal, useEmulator, useSink } from '../../support/emulator';

const subject = useEmulator();
const sink = useSink();

const demo = () => subject.api.conversations(DEMO);
const say = (Body: string) => subject.control('POST', '/conversations/demo/messages', { Body });
const hook = (more: object = {}) =>
  demo().webhooks.create({
    target: 'webhook',
    'configuration.url': sink.url,
    'configuration.filters': ['onMessageAdded'],
    ...more,
  });

describe('a unique name', () => {
  test('can be used again after a change', async () => {
    await demo().update({ uniqueName: 'renamed' });
    expect((await subject.api.conversations('renamed').fetch()).sid).toBe(DEMO);
    expect(await refusal(subject.api.conversations('demo').fetch())).toMatchObject({ status: 404 });
    expect((await subject.api.conversations.create({ uniqueName: 'demo' })).uniqueName).toBe('demo');
    expect((await demo().update({ uniqueName: 'renamed' })).uniqueName).toBe('renamed');
    expect(await refusal(demo().update({ uniqueName: 'demo' }))).toMatchObject({ status: 409, code: 50353 });
  });

  test('can be used again after its conversation is deleted', async () => {
    await demo().remove();
    expect((await subject.api.conversations.create({ uniqueName: 'demo' })).sid).not.toBe(DEMO);
    const simulated = await subject.control('POST', `/conversations/${DEMO}/messages`, { Body: 'Hello' });
    expect(simulated).toMatchObject({ status: 404, body: { code: 20404 } });
  });
});

describe('messages', () => {
  test('never get the same index twice', async () => {
    for (const body of ['zero', 'one', 'two']) await say(body);
    for (const { sid } of await demo().messages.list()) await demo().messages(sid).remove();
    expect((await say('three')).body.index).toBe(3);
    expect((await say('four')).body.index).toBe(4);
  });

  test('get the participant of a new author', async () => {
    const { sid } = (await say('Hello')).body;
    const [phone, agent] = await demo().participants.list();
    expect((await demo().messages(sid).fetch()).participantSid).toBe(phone?.sid);
    expect((await demo().messages(sid).update({ author: 'agent' })).participantSid).toBe(agent?.sid);
    expect((await demo().messages(sid).update({ author: 'nobody' })).participantSid).toBeNull();
  });

  test('take attachments and templates by SID', async () => {
    const [media, content] = [`ME${'a'.repeat(32)}`, `HX${'a'.repeat(32)}`];
    const message = await demo().messages.create({ mediaSid: media, contentSid: content });
    expect(message).toMatchObject({
      body: null,
      contentSid: content,
      media: [{ sid: media, category: 'media' }],
    });
  });
});

describe('participants', () => {
  const pair = (last: number) => ({
    'messagingBinding.address': `+1500555${1000 + last}`,
    'messagingBinding.proxyAddress': '+15005550001',
  });

  test('can use a pair of addresses again after its participant left', async () => {
    const other = await subject.api.conversations.create({});
    const join = () => subject.api.conversations(other.sid).participants.create(pair(0));
    const { sid } = await demo().participants.create(pair(0));
    expect(await refusal(join())).toMatchObject({ status: 409, code: 50416 });
    await demo().participants(sid).remove();
    expect((await join()).messagingBinding).toMatchObject({ type: 'sms' });
  });

  test('are limited to 50 by phone and 1,000 in all', async () => {
    for (let n = 1; n < 50; n += 1) await demo().participants.create(pair(n));
    expect(await refusal(demo().participants.create(pair(50)))).toMatchObject({ status: 403, code: 50422 });
    // As requests of the app, not over the network: there are a thousand.
    const join = async (Identity: string) => {
      const body = new URLSearchParams({ Identity });
      const request = { method: 'POST', headers: { Authorization: BASIC }, body };
      const response = await subject.app.request(`/v1/Conversations/${DEMO}/Participants`, request);
      return { status: response.status, body: await response.json() };
    };
    for (let n = 51; n < 999; n += 1) await join(`x${n}`);
    expect((await join('x1000')).status).toBe(201);
    expect(await join('x1001')).toMatchObject({ status: 403, body: { code: 50417 } });
  });
});

describe('webhooks', () => {
  test('keep ReplayAfter in an update', async () => {
    await subject.control('POST', '/options', { echoUndocumented: 'yes' });
    const { sid } = await hook({ 'configuration.replayAfter': 3 });
    const { body } = await subject.raw(
      'POST',
      `/v1/Conversations/demo/Webhooks/${sid}`,
      'Configuration.ReplayAfter=0',
    );
    expect(body.configuration.replay_after).toBe(3);
  });

  test('take the last value of a repeated parameter', async () => {
    const form = `Target=webhook&Target=studio&Configuration.FlowSid=${FLOW}`;
    const { body } = await subject.raw('POST', '/v1/Conversations/demo/Webhooks', form);
    expect(body.target).toBe('studio');
  });

  test('fire for a REST request only if X-Twilio-Webhook-Enabled is "true"', async () => {
    await hook();
    await demo().messages.create({ body: 'silent', xTwilioWebhookEnabled: 'false' });
    await demo().messages.create({ body: 'loud', ...fires });
    expect((await subject.deliveries()).map(({ params }) => params.Body)).toEqual(['loud']);
  });
});

describe('deliveries', () => {
  test('skip a message that is deleted during the replay', async () => {
    for (const body of ['zero', 'one', 'two']) await say(body);
    sink.respond = (_, response) => {
      const messages = subject.context.store.conversations.get(DEMO)?.messages;
      const one = [...(messages?.values() ?? [])].find(({ index }) => index === 1);
      messages?.delete(one?.sid ?? '');
      response.end();
    };
    await hook({ 'configuration.replayAfter': 0 });
    expect((await subject.deliveries()).map(({ params }) => params.Index)).toEqual(['0', '2']);
  });

  test('are retried on a new connection if the kept one was closed', async () => {
    await hook();
    await say('first');
    await subject.deliveries();
    sink.respond = (request, response) => {
      if (sink.requests.length === 2) request.socket.destroy();
      else response.end();
    };
    await say('second');
    expect((await subject.deliveries()).map(({ outcome }) => outcome)).toEqual(['answered', 'answered']);
    const tokens = sink.requests.map(({ headers }) => headers['i-twilio-idempotency-token']);
    expect(tokens[2]).toBe(tokens[1]);
    expect(tokens[1]).not.toBe(tokens[0]);
  });

  test('are dropped by a reset if they have not started', async () => {
    const { context } = subject;
    const ran: string[] = [];
    context.queue.add(async () => void ran.push('before'));
    reset(context);
    context.queue.add(async () => void ran.push('after'));
    await context.queue.idle();
    expect(ran).toEqual(['after']);
  });
});

describe.each(['on', 'late'])('with studioReattaches=%s', (studioReattaches) => {
  const endAfter = async (change: () => Promise<unknown>) => {
    await subject.control('POST', '/options', { studioReattaches });
    const { sid } = await demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
    await say('Hello');
    const [execution] = await subject.executions();
    await demo().webhooks(sid).remove();
    await change();
    const ended = await subject.control('POST', `/executions/${execution?.sid}/end`);
    await subject.control('GET', '/idle');
    return { status: ended.status, webhooks: (await demo().webhooks.list()).map(({ target }) => target) };
  };

  test('reattaches nothing to a closed conversation', async () => {
    expect(await endAfter(() => demo().update({ state: 'closed' }))).toEqual({ status: 200, webhooks: [] });
  });

  test('reattaches no sixth webhook', async () => {
    const fill = async () => {
      for (let n = 0; n < 5; n += 1) await hook();
    };
    expect(await endAfter(fill)).toEqual({ status: 200, webhooks: Array(5).fill('webhook') });
  });
});
