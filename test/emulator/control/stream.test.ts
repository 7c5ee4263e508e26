import * as conversations from '../../../emulator/actions/conversations';
import * as executions from '../../../emulator/actions/executions';
import * as inbound from '../../../emulator/actions/inbound';
import * as messages from '../../../emulator/actions/messages';
import * as participants from '../../../emulator/actions/participants';
import * as receipts from '../../../emulator/actions/receipts';
import * as services from '../../../emulator/actions/services';
import * as webhooks from '../../../emulator/actions/webhooks';
import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { DEMO, FLOW, fires, startEmulator, useDemoConversation } from '../../support/emulator';
import { openStream } from '../../support/event-stream';
import { until } from '../../support/until';

const { subject, sink, demo, say, attach } = useDemoConversation();

type Stream = Awaited<ReturnType<typeof openStream>>;
const open: Stream[] = [];
const follow = async (query = '', lastEventId?: number | string) => {
  const stream = await openStream(`${subject.origin}/_emulator/stream${query}`, lastEventId);
  open.push(stream);
  return stream;
};
afterEach(async () => {
  for (const stream of open.splice(0)) await stream.close();
});

/** The names of what the stream sends of an act, each once. */
async function toldOf(act: () => Promise<unknown>): Promise<string[]> {
  const stream = await follow();
  await act();
  await subject.control('GET', '/idle');
  await until(
    () => stream.lastId() === subject.context.changes.lastId,
    () => `the stream is behind:\n${stream.text()}`,
  );
  return [...new Set(stream.events().map(({ event }) => event))];
}

const studio = () => demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
const update = (name: string, value: object) => subject.control('POST', `/${name}`, value);

const firstMessage = async () =>
  (await subject.raw('GET', `/v1/Conversations/${DEMO}/Messages`)).body.messages[0].sid;
const firstWebhook = async () =>
  (await subject.raw('GET', `/v1/Conversations/${DEMO}/Webhooks`)).body.webhooks[0].sid;

/** By action: what comes first, the act, and what the stream sends of it. */
type Scenario = [prepare: () => Promise<unknown>, act: () => Promise<unknown>, told: string[]];
const nothing = async () => {};
const scenarios: { [action: string]: Scenario } = {
  addConversation: [nothing, () => subject.api.conversations.create({}), ['conversation', 'event']],
  updateConversation: [nothing, () => demo().update({ friendlyName: 'x' }), ['conversation', 'event']],
  updateState: [
    nothing,
    () => update('conversations/demo/state', { State: 'inactive' }),
    ['conversation', 'event'],
  ],
  removeConversation: [nothing, () => demo().remove(), ['event', 'conversation_removed']],
  addMessage: [nothing, () => say('Hello'), ['message', 'event']],
  updateMessage: [
    () => say('Hello'),
    async () =>
      demo()
        .messages(await firstMessage())
        .update({ body: 'Bye' }),
    ['message', 'event'],
  ],
  removeMessage: [
    () => say('Hello'),
    async () =>
      demo()
        .messages(await firstMessage())
        .remove(),
    ['message_removed', 'event'],
  ],
  receiveMessage: [
    nothing,
    () => update('inbound', { From: '+15005550006', To: '+15005550001', Body: 'Hello' }),
    ['message', 'event'],
  ],
  addParticipant: [nothing, () => demo().participants.create({ identity: 'x' }), ['participants', 'event']],
  updateParticipant: [
    nothing,
    () => demo().participants('agent').update({ attributes: '{"a":1}' }),
    ['participants', 'event'],
  ],
  removeParticipant: [nothing, () => demo().participants('agent').remove(), ['participants', 'event']],
  reportDelivery: [
    () => say('Hello'),
    async () => {
      await update('conversations/demo/receipts', { MessageSid: await firstMessage(), Status: 'read' });
    },
    ['message', 'event'],
  ],
  addService: [nothing, () => subject.api.services.create({ friendlyName: 'x' }), ['settings']],
  removeService: [
    async () => {
      const { sid } = await subject.api.services.create({ friendlyName: 'x' });
      await subject.api.services(sid).conversations.create({});
    },
    async () => {
      const { body } = await subject.raw('GET', '/v1/Services');
      const { sid } = body.services.find(({ sid }: { sid: string }) => sid !== DEFAULT_SERVICE_SID);
      await subject.raw('DELETE', `/v1/Services/${sid}`);
    },
    ['conversation_removed', 'settings'],
  ],
  addWebhook: [nothing, () => attach(['onMessageAdded']), ['webhooks']],
  updateWebhook: [
    () => attach(['onMessageAdded']),
    async () =>
      demo()
        .webhooks(await firstWebhook())
        .update({ 'configuration.method': 'get' }),
    ['webhooks'],
  ],
  removeWebhook: [
    () => attach(['onMessageAdded']),
    async () =>
      demo()
        .webhooks(await firstWebhook())
        .remove(),
    ['webhooks'],
  ],
  endExecution: [
    async () => {
      await studio();
      await say('Hello');
    },
    () => update('conversations/demo/executions/end', {}),
    ['execution'],
  ],
};

test('sends a change for each action', () => {
  const all = { ...conversations, ...executions, ...inbound, ...messages };
  const more = { ...participants, ...receipts, ...services, ...webhooks };
  const actions = Object.keys({ ...all, ...more }).filter(
    (name) => !/^(find|forget|refuse)|^[A-Z]|^statuses$/.test(name),
  );
  expect(Object.keys(scenarios).sort()).toEqual(actions.sort());
});

test.each(Object.entries(scenarios))('sends the change of %s', async (_, [prepare, act, told]) => {
  await prepare();
  await subject.control('GET', '/idle');
  expect(await toldOf(act)).toEqual(told);
});

test.each<[string, () => Promise<unknown>, string[]]>([
  ['options', () => update('options', { triggerCase: 'insensitive' }), ['settings']],
  ['the clock', () => update('clock', { advance: 1 }), ['settings']],
  ['faults', () => update('faults', { lag: 100 }), ['settings']],
  ['removed faults', () => subject.control('DELETE', '/faults'), ['settings']],
  [
    'a service’s webhook',
    () =>
      subject.api
        .services(DEFAULT_SERVICE_SID)
        .configuration.webhooks()
        .update({ filters: ['onMessageAdded'] }),
    ['settings'],
  ],
  [
    'the account’s webhook',
    () => subject.api.configuration.webhooks().update({ method: 'GET' }),
    ['settings'],
  ],
])('sends the change of %s', async (_, act, told) => {
  expect(await toldOf(act)).toEqual(told);
});

test('ends a reset with "reset"', async () => {
  const stream = await follow();
  await subject.control('POST', '/reset');
  const { id } = await stream.received('reset');
  expect(id).toBe(subject.context.changes.lastId);
});

test('sends records as the API and the other routes show them', async () => {
  const { sid: service } = await subject.api.services.create({ friendlyName: 'x' });
  const stream = await follow();
  const { sid } = await subject.api.services(service).conversations.create({});
  const path = `/v1/Services/${service}/Conversations/${sid}`;
  expect((await stream.received('conversation')).data).toEqual({
    conversation: (await subject.raw('GET', path)).body,
  });
  const { body } = await say('Hello');
  expect((await stream.received('message')).data).toEqual({
    conversation_sid: DEMO,
    message: (await subject.raw('GET', `/v1/Conversations/${DEMO}/Messages/${body.sid}`)).body,
  });
  await demo().messages(body.sid).remove();
  expect((await stream.received('message_removed')).data).toEqual({ conversation_sid: DEMO, sid: body.sid });
  await demo().remove();
  expect((await stream.received('conversation_removed')).data).toEqual({ sid: DEMO });
});

test('sends a delivery when it is recorded, sent and done, and its event before and after', async () => {
  await attach(['onMessageAdded']);
  const stream = await follow();
  let respond = () => {};
  sink.respond = (_, response) => {
    respond = () => void response.end('{"result":"ignored"}');
  };
  await say('Hello');
  await until(
    () => sink.requests.length === 1,
    () => 'nothing was delivered',
  );
  const pending = await stream.received('delivery', 2);
  expect(pending.data.delivery).toMatchObject({ id: 1, event_id: 1, outcome: 'pending', method: 'POST' });
  expect((await stream.received('event')).data.event).toMatchObject({ id: 1, webhooks: [{ reason: null }] });
  expect(stream.events().filter(({ event }) => event === 'event')).toHaveLength(1);
  respond();
  const done = await stream.received('delivery', 3);
  expect(done.data.delivery).toMatchObject({
    outcome: 'answered',
    response: { body: '{"result":"ignored"}' },
  });
  const [event] = (await subject.control('GET', '/events')).body.events;
  expect((await stream.received('event', 2)).data).toEqual({ event });
});

test('sends an execution when it starts, gets a message and ends', async () => {
  await studio();
  const stream = await follow();
  await say('one');
  await say('two');
  await update('conversations/demo/executions/end', {});
  const last = (await stream.received('execution', 3)).data.execution;
  expect(last).toMatchObject({ status: 'ended', messages: [{ Body: 'one' }, { Body: 'two' }] });
  const done = stream.events().filter(({ event }) => event === 'delivery');
  expect(done.at(-1)?.data.delivery).toMatchObject({ outcome: 'studio', execution_sid: last.sid });
});

test('leaves out other conversations for ?ConversationSid=, but not the settings', async () => {
  const { sid } = await subject.api.conversations.create({});
  const stream = await follow(`?ConversationSid=${DEMO}`);
  await subject.api.conversations(sid).messages.create({ body: 'elsewhere', ...fires });
  await update('clock', { advance: 1 });
  await say('here');
  expect((await stream.received('message')).data.message.body).toBe('here');
  await stream.received('event');
  expect(stream.events().map(({ event }) => event)).toEqual(['settings', 'message', 'event']);
});

describe('a client that comes back', () => {
  test('gets what it missed, once', async () => {
    const first = await follow();
    await say('one');
    await first.received('event');
    await first.close();
    await say('two');
    const again = await follow('', first.lastId());
    await say('three');
    await again.received('event', 2);
    const bodies = again
      .events()
      .flatMap(({ event, data }) => (event === 'message' ? data.message.body : []));
    expect(bodies).toEqual(['two', 'three']);
    const ids = [...first.events(), ...again.events()].map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => ids[0]! + index));
  });

  test('gets what it missed if nothing had happened before', async () => {
    const first = await follow();
    await first.close();
    await say('one');
    const again = await follow('', first.lastId());
    expect((await again.received('message')).data.message.body).toBe('one');
  });

  test('gets one "reset" after more than 2,000 changes', async () => {
    const before = subject.context.changes.lastId;
    const emit = (times: number) => {
      for (let n = 0; n < times; n += 1) subject.context.changes.emit({ type: 'settings' });
    };
    emit(2_000);
    const kept = await follow('', before);
    await kept.received('settings', 2_000);
    emit(1);
    const late = await follow('', before);
    await say('Hello');
    await late.received('event');
    expect(late.events().map(({ event }) => event)).toEqual(['reset', 'message', 'event']);
  });

  test.each(['0', 'x', '99999999999999'])('gets one "reset" if its id is %s', async (id) => {
    const stream = await follow('', id);
    expect(await stream.received('reset')).toEqual({
      id: subject.context.changes.lastId,
      event: 'reset',
      data: {},
    });
  });
});

test('serves several clients, and none that has gone', async () => {
  const [one, two] = [await follow(), await follow()];
  await say('Hello');
  await one.received('message');
  await two.received('message');
  await one.close();
  await say('Hello again');
  expect((await two.received('message', 2)).data.message.body).toBe('Hello again');
  expect(one.events().filter(({ event }) => event === 'message')).toHaveLength(1);
});

test('is text/event-stream, which no cache keeps', async () => {
  const { response, text } = await follow();
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(text()).toBe(`retry: 1000\nid: ${subject.context.changes.lastId}\n\n`);
});

test('sends a comment every 15 seconds, until the client has gone', async () => {
  const [start, stop] = [jest.spyOn(globalThis, 'setInterval'), jest.spyOn(globalThis, 'clearInterval')];
  const stream = await follow();
  const call = start.mock.calls.findIndex(([, ms]) => ms === 15_000);
  start.mock.calls[call]?.[0]();
  await until(
    () => stream.text().endsWith('\n\n:\n\n'),
    () => stream.text(),
  );
  await stream.close();
  const stopped = () => stop.mock.calls.some(([timer]) => timer === start.mock.results[call]?.value);
  await until(stopped, () => 'the comments go on');
  jest.restoreAllMocks();
});

test('ends when the emulator closes', async () => {
  const other = await startEmulator();
  const stream = await openStream(`${other.origin}/_emulator/stream`);
  await other.stop();
  await stream.ended;
});
