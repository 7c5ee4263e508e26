import { request } from 'node:http';
import { createState, type EmulatorState } from '../../../emulator/context';
import type { ControlClient } from '../../../emulator/control/client';
import { DEMO, FLOW, fires, type Subject, startEmulator, useEmulator } from '../../support/emulator';
import { openStream } from '../../support/event-stream';

const ENDED = 'com.twilio.studio.flow.execution.ended';
const PAIR = {
  'messagingBinding.address': '+15005550111',
  'messagingBinding.proxyAddress': '+15005550001',
};

const subject = useEmulator({ seed: 'snapshots' });
let other: Subject;
beforeEach(async () => {
  other = await startEmulator({ seed: 'snapshots' });
});
afterEach(() => other.stop());

type Snapshot = Awaited<ReturnType<ControlClient['snapshot']>>;

const save = async (from: Subject = subject): Promise<Snapshot> => {
  await from.control('GET', '/idle');
  return (await from.control('GET', '/snapshot')).body;
};
const load = (snapshot: unknown, into: Subject = subject) =>
  into.control('POST', '/snapshot', snapshot as object);
const say = (into: Subject, Body: string, more: object = {}) =>
  into.control('POST', '/conversations/demo/messages', { Body, ...more });
const attachFlow = (conversation: string) =>
  subject.api
    .conversations(conversation)
    .webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });

/** Adds something of everything. */
async function fill() {
  const { api, events, control } = subject;
  const demo = api.conversations(DEMO);
  await control('POST', '/clock', { advance: 86_400 });
  await control('POST', '/options', { triggerCase: 'insensitive', webhookTimeout: 900 });
  await control('POST', '/faults', {
    seed: 7,
    lag: 1,
    deliveries: { duplicate: 0.5, delay: [0, 2] },
    faults: [{ match: { path: '/v1/Users' }, when: { probability: 0.5 }, do: { status: 503 } }],
  });
  await api.configuration.webhooks().update({
    postWebhookUrl: 'http://127.0.0.1:9/account',
    filters: ['onUserAdded'],
  });
  await api.addressConfigurations.create({
    type: 'sms',
    address: '+15005550002',
    friendlyName: 'Support',
    'autoCreation.enabled': true,
    'autoCreation.type': 'studio',
    'autoCreation.studioFlowSid': FLOW,
  });
  const sink = await events.sinks.create({
    description: 'Sink',
    sinkType: 'webhook',
    sinkConfiguration: { destination: 'http://127.0.0.1:9/sink', method: 'POST' },
  });
  await events.subscriptions.create({ description: 'All', sinkSid: sink.sid, types: [{ type: ENDED }] });
  await control('POST', `/sinks/${sink.sid}/status`, { Status: 'failed' });

  await attachFlow(DEMO);
  await demo.webhooks.create({
    target: 'trigger',
    'configuration.url': 'http://127.0.0.1:9/trigger',
    'configuration.triggers': ['help', 'urgent'],
    'configuration.method': 'get',
  });
  const { sid: removed } = await demo.messages.create({ body: 'Removed' });
  await demo.messages(removed).remove();
  const { sid: MessageSid } = (await say(subject, 'Hello')).body;
  await control('POST', '/conversations/demo/receipts', {
    MessageSid,
    Status: 'failed',
    ErrorCode: 30003,
  });
  await control('POST', '/conversations/demo/executions/end', {});
  await say(subject, 'Look', {
    Attributes: { 'a "quoted"': ['ünïcode', null] },
    Media: [{ Sid: `ME${'b'.repeat(32)}`, ContentType: 'image/jpeg', Filename: 'a.jpg', Size: 3 }],
  });
  await demo.participants('agent').update({ lastReadMessageIndex: 1 });

  const { sid: serviceSid } = await api.services.create({ friendlyName: 'Second' });
  const second = api.services(serviceSid);
  await second.users.create({ identity: 'ann', friendlyName: 'Ann', attributes: '{"vip":true}' });
  const { sid } = await second.conversations.create({ uniqueName: 'demo', 'timers.closed': 'P1D' });
  await second.conversations(sid).participants.create({ identity: 'ann' });
  await second.configuration.webhooks().update({ postWebhookUrl: 'http://127.0.0.1:9/second' });

  for (const state of ['closed', 'inactive'] as const) {
    const { sid } = await api.conversations.create({ friendlyName: state });
    await api.conversations(sid).participants.create(PAIR);
    await api.conversations(sid).update({ state });
  }
  const lost = (await api.conversations.create({ friendlyName: 'Lost' })).sid;
  await attachFlow(lost);
  await api.conversations(lost).messages.create({ body: 'Anybody?', ...fires });
  await control('GET', '/idle');
  await api.conversations(lost).remove();
}

/** What clients can read, whatever the emulator's address. */
async function read({ raw, control, origin }: Subject): Promise<{ [path: string]: unknown }> {
  const pages: { [path: string]: unknown } = {};
  const keep = (path: string, body: object) => {
    pages[path] = JSON.parse(JSON.stringify(body).replaceAll(origin, ''));
  };
  const rest = async (path: string) => {
    const { status, body } = await raw('GET', path);
    expect(status).toBe(200);
    keep(path, body);
    return body;
  };
  const { services } = await rest('/v1/Services');
  for (const { sid } of services) {
    await rest(`/v1/Services/${sid}/Configuration/Webhooks`);
    await rest(`/v1/Services/${sid}/Users`);
    await rest(`/v1/Services/${sid}/ParticipantConversations?Identity=agent`);
    const { conversations } = await rest(`/v1/Services/${sid}/Conversations`);
    for (const { sid: key } of conversations)
      for (const part of ['Participants', 'Messages', 'Webhooks'])
        await rest(`/v1/Services/${sid}/Conversations/${key}/${part}`);
  }
  await rest(`/v1/ParticipantConversations?Address=${encodeURIComponent('+15005550111')}`);
  for (const name of ['Webhooks', 'Addresses']) await rest(`/v1/Configuration/${name}`);
  await rest('/v1/Sinks');
  const { subscriptions } = await rest('/v1/Subscriptions');
  for (const { sid } of subscriptions) await rest(`/v1/Subscriptions/${sid}/SubscribedEvents`);
  const { executions } = await rest(`/v2/Flows/${FLOW}/Executions`);
  for (const { sid } of executions) await rest(`/v2/Flows/${FLOW}/Executions/${sid}/Context`);
  for (const path of ['/options', '/faults', '/executions', '/conversations', '/conversations/demo/messages'])
    keep(path, (await control('GET', path)).body);
  return pages;
}

describe('a snapshot', () => {
  beforeEach(fill);

  test('is restored after a reset, and in another emulator', async () => {
    const before = await read(subject);
    const snapshot = await save();
    await subject.control('POST', '/reset');
    expect(await read(subject)).not.toEqual(before);
    expect((await load(snapshot)).status).toBe(204);
    expect(await read(subject)).toEqual(before);
    expect((await load(snapshot, other)).status).toBe(204);
    expect(await read(other)).toEqual(before);
  });

  test('is the same again once it is restored', async () => {
    const { now, ...snapshot } = await save();
    await load({ now, ...snapshot }, other);
    const { now: then, ...again } = await save(other);
    expect(again).toEqual(snapshot);
    expect(Number(then)).toBeGreaterThanOrEqual(Number(now));
  });

  test('can be restored whatever media the messages have', async () => {
    for (const Size of [1.5, -1, '1e999', null]) {
      const Media = `{"Sid": "anything", "ContentType": "x", "Size": ${Size}}`;
      expect((await say(subject, 'Look', { Media })).status).toBe(201);
    }
    expect((await load(await save())).status).toBe(204);
  });

  test('can be restored if it is of a version that did not have the status of sinks', async () => {
    const { sinks, ...snapshot } = await save();
    const older = (sinks as object[]).map(({ status: _, ...sink }: { status?: string }) => sink);
    expect((await load({ ...snapshot, sinks: older }, other)).status).toBe(204);
    expect(await other.events.sinks.list()).toMatchObject([{ status: 'active' }]);
  });

  test('brings back the time, which goes on', async () => {
    const snapshot = await save();
    await subject.control('POST', '/clock', { advance: 1_000_000 });
    await load(snapshot);
    const { body } = await subject.control('GET', '/clock');
    const passed = Date.parse(body.now) - Number(snapshot.now);
    expect(passed).toBeGreaterThanOrEqual(0);
    expect(passed).toBeLessThan(1_000_000_000);
  });

  test('restores what events, messages and pages need', async () => {
    const api = other.api;
    await load(await save(), other);
    const before = await other.executions();
    await say(other, 'I need HELP');
    // The active execution gets it, and the trigger of the option's letter case.
    const events = (await other.control('GET', '/events?EventType=onMessageAdded')).body.events;
    expect(events).toHaveLength(1);
    expect(events[0].webhooks.map(({ reason }: { reason: string | null }) => reason).slice(0, 2)).toEqual([
      null,
      null,
    ]);
    const after = await other.executions();
    expect(after).toHaveLength(before.length);
    const growth = after.map(
      ({ messages }, index) => messages.length - (before[index]?.messages.length ?? 0),
    );
    expect(growth.filter((more) => more > 0)).toHaveLength(1);
    // By the index after the last one, and by the pair of addresses of the open conversation.
    expect((await api.conversations('demo').messages.list()).map(({ index }) => index)).toEqual([1, 2, 3]);
    const inbound = await other.control('POST', '/inbound', {
      From: PAIR['messagingBinding.address'],
      To: PAIR['messagingBinding.proxyAddress'],
      Body: 'Hello',
    });
    const { conversation_sid } = inbound.body;
    expect(await api.conversations(conversation_sid).fetch()).toMatchObject({
      friendlyName: 'inactive',
      state: 'active',
    });
    const paged = await api.conversations.list({ pageSize: 1 });
    expect(paged.map(({ sid }) => sid)).toEqual((await api.conversations.list()).map(({ sid }) => sid));
  });

  test('continues a page that was read before', async () => {
    const first = await subject.raw('GET', '/v1/Conversations?PageSize=1');
    const next = new URL(first.body.meta.next_page_url);
    const expected = await subject.raw('GET', next.pathname + next.search);
    await load(await save(), other);
    await other.api.conversations.create({});
    const { body } = await other.raw('GET', next.pathname + next.search);
    expect(body.conversations[0].sid).toBe(expected.body.conversations[0].sid);
  });

  test('continues the SIDs and the faults of its seed', async () => {
    await load(await save(), other);
    const statuses = async ({ raw }: Subject) => {
      const seen: number[] = [];
      for (let n = 0; n < 12; n += 1) seen.push((await raw('GET', '/v1/Users')).status);
      return seen;
    };
    const expected = await statuses(subject);
    expect(new Set(expected).size).toBe(2);
    expect(await statuses(other)).toEqual(expected);
    const create = async ({ api }: Subject) => (await api.conversations.create({})).sid;
    expect(await create(other)).toBe(await create(subject));
  });

  test('never returns a SID again that was used since', async () => {
    const snapshot = await save();
    const { sid } = await subject.api.conversations.create({});
    await load(snapshot);
    const later = await Promise.all(Array.from({ length: 20 }, () => subject.api.conversations.create({})));
    expect(later.map((conversation) => conversation.sid)).not.toContain(sid);
  });

  test('drops pending deliveries, and tells the stream', async () => {
    const snapshot = await save();
    const stream = await openStream(`${subject.origin}/_emulator/stream`);
    await subject.control('POST', '/faults', { deliveries: { delay: 60_000 } });
    await say(subject, 'urgent');
    await load(snapshot);
    await subject.control('GET', '/idle');
    await stream.received('reset');
    await stream.close();
    expect((await subject.control('GET', '/deliveries')).body).toEqual({ total: 0, deliveries: [] });
  });
});

test('covers every part of the state', async () => {
  const lists = 'a list of what has happened, which starts empty as after a reset';
  const parts: { [Part in keyof EmulatorState]: { saved: string[] } | { notSaved: string } } = {
    store: { saved: ['settings', 'services', 'serial'] },
    clock: { saved: ['now'] },
    options: { saved: ['options'] },
    studio: { saved: ['studio'] },
    streams: { saved: ['sinks', 'subscriptions'] },
    addresses: { saved: ['addresses'] },
    faults: { saved: ['faults'] },
    events: { notSaved: lists },
    deliveries: { notSaved: lists },
    alerts: { notSaved: lists },
    functionLogs: { notSaved: lists },
    flexTokens: { notSaved: 'a login, which ends as at a reset' },
    requests: { notSaved: lists },
    received: { notSaved: lists },
  };
  expect(Object.keys(parts).sort()).toEqual(Object.keys(createState({})).sort());
  const saved = Object.values(parts).flatMap((part) => ('saved' in part ? part.saved : []));
  expect(Object.keys(await save()).sort()).toEqual([...saved, 'emulator_snapshot', 'sids'].sort());
});

describe('what is not a snapshot', () => {
  // biome-ignore lint/suspicious/noExplicitAny: each test changes another part
  type Loose = any;
  const zeros = '0'.repeat(32);
  const demo = (part: string) => `services.0.conversations.0.${part}`;

  test.each<[issue: string, path: string, value: unknown]>([
    ['emulator_snapshot must be 1, the version that this emulator reads, not 2', 'emulator_snapshot', 2],
    ['emulator_snapshot is missing', 'emulator_snapshot', undefined],
    ['The body has an unknown key "more"', 'more', 1],
    ['now must be a date in milliseconds since 1970, not 1e+300', 'now', 1e300],
    ['sids.position must be an integer from 0 to', 'sids.position', -1],
    ['options: Unknown option "triggerCas"; did you mean "triggerCase"?', 'options.triggerCas', 1],
    ['options: Option webhookTimeout must be an integer', 'options.webhookTimeout', -1],
    ['settings.postWebhookUrl must be an http or https URL', 'settings.postWebhookUrl', 'file:///'],
    ['services must be an array, not {}', 'services', {}],
    ['[0].conversations[0].state must be "active" or "inactive" or "closed", not 1', demo('state'), 1],
    ['[0].conversations[0].attributes must be a string with JSON, not "{"', demo('attributes'), '{'],
    ['services[0].conversations[0].nextIndex is missing', demo('nextIndex'), undefined],
    ['services[0].conversations[0] has an unknown key "shade"', demo('shade'), 'blue'],
    ['participants[0].sid must be a SID that begins with MB, not "x"', demo('participants.0.sid'), 'x'],
    [
      'services[0].conversations[0].participants[1].sid is a duplicate',
      demo('participants.1.sid'),
      ({ services }: Loose) => services[0].conversations[0].participants[0].sid,
    ],
    [
      'participants[1].serial must be greater than the one before it',
      demo('participants.1.serial'),
      ({ services }: Loose) => services[0].conversations[0].participants[0].serial,
    ],
    ['participants[1].serial must not be greater than serial', demo('participants.1.serial'), 1e6],
    ['messages[1].index must be greater than the one before it', demo('messages.1.index'), 1],
    ['messages[1].index must be less than nextIndex', demo('messages.1.index'), 1e6],
    ['webhooks[0].configuration must have a flowSid', demo('webhooks.0.configuration.flowSid'), null],
    ['webhooks[1].configuration must have a url', demo('webhooks.1.configuration.url'), null],
    [
      'services[0].users[1].identity is a duplicate: "agent"',
      'services.0.users.1',
      ({ services, serial }: Loose) => ({ ...services[0].users[0], sid: `US${zeros}`, serial }),
    ],
    ['services[1].conversations[0].sid is a duplicate', 'services.1.conversations.0.sid', DEMO],
    [
      'services[0].conversations[1].uniqueName is a duplicate: "demo"',
      'services.0.conversations.1.uniqueName',
      'demo',
    ],
    [
      'addresses[1].address is a duplicate',
      'addresses.1',
      ({ addresses, serial }: Loose) => ({ ...addresses[0], sid: `IG${zeros}`, serial }),
    ],
    ['subscriptions[0].sinkSid must be the SID of one of the sinks', 'sinks', []],
    ['faults.faults[0].spec.do.status must be an integer', 'faults.faults.0.spec.do.status', 200],
    ['faults.deliveries.duplicate must be a probability', 'faults.deliveries.duplicate', 2],
    ['studio.finished[0] must be the SID of one of the executions', 'studio.finished.0', `FN${zeros}`],
    [
      'studio.messages[0].execution_sid must be the SID of one',
      'studio.messages.0.execution_sid',
      `FN${zeros}`,
    ],
    ['studio.messages[0].params must be an object of strings', 'studio.messages.0.params', { Body: 1 }],
    ['studio.executions[0] has ended, but is not in studio.finished', 'studio.finished', []],
    [
      'studio.executions[1] is the second active one of its flow and conversation',
      'studio',
      ({ studio: { executions, ...studio } }: Loose) => ({
        ...studio,
        executions: executions.map((each: object) => ({ ...each, status: 'active' })),
        finished: [],
      }),
    ],
    ['executions[0].date_created must be an ISO 8601 date', 'studio.executions.0.date_created', 'soon'],
    ['studio.serial must not be less than that of an execution', 'studio.serial', 0],
  ])('is refused, and nothing changes: %s', async (issue, path, value) => {
    await fill();
    const before = await save();
    const changed: Loose = structuredClone(before);
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce((part, key) => part[key], changed);
    parent[last] = typeof value === 'function' ? value(before) : value;
    const { status, body } = await load(changed);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 20001 });
    expect(body.message).toContain(issue);
    expect({ ...(await save()), now: 0 }).toEqual({ ...before, now: 0 });
  });

  test('is refused if it is not an object', async () => {
    expect((await load([1])).body.message).toBe('The body must be an object, not [1]');
  });

  test.each([
    ['is not JSON', '{"emulator_snapshot":'],
    ['is nested deeper than the stack', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('is refused if it %s', async (_, text) => {
    const { status, body } = await subject.raw('POST', '/_emulator/snapshot', text);
    expect({ status, message: body.message }).toEqual({
      status: 400,
      message: 'The body must be JSON, as GET /_emulator/snapshot returns it',
    });
  });

  test('is refused with 413 if it is too large, before it is read', async () => {
    const { origin } = subject;
    const status = await new Promise((resolve, reject) => {
      const headers = { 'Content-Length': 128 * 1024 * 1024 + 1 };
      const upload = request(`${origin}/_emulator/snapshot`, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        upload.destroy();
      });
      upload.on('error', reject);
      upload.write('{');
    });
    expect(status).toBe(413);
  });

  test('may be larger than the body of another route', async () => {
    const snapshot = await save();
    const padded = JSON.stringify(snapshot) + ' '.repeat(2 * 1024 * 1024);
    expect((await subject.raw('POST', '/_emulator/snapshot', padded)).status).toBe(204);
  });
});
