import twilio from 'twilio';
import { createControlClient } from '../../emulator/control/client';
import { createEmulator, type Emulator } from '../../emulator/server';
import { DEMO, FLOW } from '../support/emulator';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ port: 0 });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

const conversations = () => {
  const client = twilio(emulator.accountSid, emulator.authToken);
  client.conversations.baseUrl = emulator.url;
  return client.conversations.v1.conversations;
};
const attach = (params: object) =>
  conversations()(DEMO).webhooks.create({ target: 'webhook', ...params } as never);
const hook = (place: string) => ({
  'configuration.url': `${emulator.url}/_emulator/receiver/${place}`,
  'configuration.filters': ['onMessageAdded'],
});

test('listens on a free port of this machine, and on the port it is given', async () => {
  expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  const other = await createEmulator();
  const { port } = new URL(other.url);
  await expect(createEmulator({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await other.close();
  const again = await createEmulator({ port: Number(port) });
  expect(again.url).toBe(other.url);
  await again.close();
  await expect(fetch(other.url)).rejects.toThrow('fetch failed');
});

test('shows what an event led to', async () => {
  await attach(hook('first'));
  const message = await emulator.addMessage('demo', { Body: 'Hello', Attributes: { urgent: true } });
  expect(message).toMatchObject({
    body: 'Hello',
    attributes: '{"urgent":true}',
    url: `${emulator.url}/v1/Conversations/${DEMO}/Messages/${message.sid}`,
  });
  await emulator.idle();
  expect(await emulator.events({ EventType: 'onMessageAdded' })).toMatchObject([{ conversation_sid: DEMO }]);
  expect(await emulator.deliveries({ ConversationSid: DEMO })).toMatchObject([
    { outcome: 'answered', status: 200, params: { MessageSid: message.sid } },
  ]);
  expect(await emulator.deliveries({ EventType: 'onMessageRemoved' })).toEqual([]);
  expect(await emulator.received()).toMatchObject([{ valid: true, params: { Body: 'Hello' } }]);
  expect((await emulator.requests()).map(({ method, status }) => [method, status])).toEqual([['POST', 201]]);

  const [{ id } = { id: 0 }] = await emulator.deliveries();
  expect(await emulator.sendAgain(id)).toMatchObject({ duplicate_of: id });
  await emulator.idle();
  expect(await emulator.received()).toHaveLength(2);

  await Promise.all([emulator.clearEvents(), emulator.clearDeliveries(), emulator.clearReceived()]);
  await emulator.clearRequests();
  expect(await Promise.all([emulator.events(), emulator.deliveries(), emulator.received()])).toEqual([
    [],
    [],
    [],
  ]);
  expect(await emulator.requests()).toEqual([]);
});

test('does what phones, people, timers and carriers do', async () => {
  const inbound = await emulator.receiveMessage({
    From: '+15005550006',
    To: '+15005550001',
    Body: 'By phone',
  });
  expect(inbound).toMatchObject({ conversation_sid: DEMO, author: '+15005550006' });
  expect(await emulator.addParticipant('demo', { Identity: 'carla' })).toMatchObject({ identity: 'carla' });
  const { sid } = await emulator.addMessage(DEMO, { Body: 'By chat', Source: 'SDK', Author: 'carla' });
  expect(await emulator.reportDelivery('demo', { MessageSid: sid, Status: 'read' })).toMatchObject({
    status: 'read',
  });
  expect(await emulator.setState('demo', 'inactive')).toEqual({ conversation_sid: DEMO, state: 'inactive' });
  expect((await conversations()(DEMO).fetch()).state).toBe('inactive');
});

test('ends executions, one or all of a conversation', async () => {
  await attach({ target: 'studio', 'configuration.flowSid': FLOW });
  const start = async () => {
    await emulator.addMessage('demo', { Body: 'Hello' });
    await emulator.idle();
    return (await emulator.executions({ ConversationSid: DEMO })).at(-1)?.sid ?? '';
  };
  const first = await start();
  expect(await emulator.endExecution(first, 'STOPPED')).toMatchObject({
    sid: first,
    ended_reason: 'STOPPED',
  });
  const second = await start();
  expect(await emulator.endExecutions('demo')).toMatchObject([{ sid: second, ended_reason: 'FLOW_END' }]);
  expect((await emulator.executions()).map(({ status }) => status)).toEqual(['ended', 'ended']);
});

test('sets faults, options and the clock, and returns to the start', async () => {
  await emulator.addFaults({ match: { method: 'GET' }, do: { status: 503 } });
  expect((await emulator.faults()).faults).toMatchObject([{ do: { status: 503 }, met: 0 }]);
  await expect(conversations()(DEMO).fetch()).rejects.toMatchObject({ status: 503 });
  await emulator.clearFaults();
  expect((await conversations()(DEMO).fetch()).sid).toBe(DEMO);

  expect(await emulator.setOptions({ defaultMethod: 'get', webhookTimeout: 100 })).toMatchObject({
    defaultMethod: 'get',
  });
  const before = await emulator.now();
  await emulator.advance(3600);
  expect((await emulator.now()).getTime() - before.getTime()).toBeGreaterThanOrEqual(3600_000);
  const seeded = await emulator.seed(2);
  expect((await conversations().list()).map(({ sid }) => sid)).toEqual([DEMO, ...seeded]);

  await emulator.reset();
  expect(await emulator.options()).toMatchObject({ defaultMethod: 'post', webhookTimeout: 5000 });
  expect(await conversations().list()).toHaveLength(1);
});

test('logs users in to Flex', async () => {
  expect(await emulator.createFlexToken({ Identity: 'ada', Roles: ['supervisor'] })).toMatchObject({
    identity: 'ada',
    roles: ['supervisor'],
    token: expect.any(String),
  });
});

test('rejects with the error of the route', async () => {
  await expect(emulator.addMessage('nowhere', { Body: 'Hello' })).rejects.toMatchObject({
    status: 404,
    code: 20404,
    message: expect.stringContaining('Conversation nowhere was not found'),
  });
  await expect(emulator.advance(-1)).rejects.toMatchObject({ status: 400, code: 20001 });
});

test('has a function for each route of /_emulator', async () => {
  const called = new Set<string>();
  const app = {
    request: (url: string, { method }: RequestInit) => {
      const path = new URL(url).pathname.replace(/\b(demo|FN1)\b/, ':x');
      called.add(`${method} ${path}`);
      return new Response('{}');
    },
  };
  for (const act of Object.values(createControlClient(app as never, emulator.url))) {
    await (act as (...args: unknown[]) => Promise<unknown>)(
      act.name === 'endExecution' ? 'FN1' : 'demo',
      {},
    ).catch(() => undefined);
  }
  const routes = emulator.app.routes
    .filter(({ method, path }) => path.startsWith('/_emulator/') && method !== 'ALL' && !path.includes('*'))
    // A stream is not a call.
    .filter(({ path }) => path !== '/_emulator/stream')
    .map(({ method, path }) => `${method} ${path.replace(/:\w+/, ':x')}`);
  expect([...called].sort()).toEqual([...new Set(routes)].sort());
});
