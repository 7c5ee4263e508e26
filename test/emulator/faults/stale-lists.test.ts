import { DEMO, FLOW, refusal, useEmulator } from '../../support/emulator';

const subject = useEmulator({ now: () => Date.parse('2026-01-31T12:00:00Z') });
beforeEach(async () => {
  // Nothing but `pass` moves the time.
});

const webhooks = (key = DEMO) => subject.api.conversations(key).webhooks;
const hook = (path = '') =>
  webhooks().create({
    target: 'webhook',
    'configuration.url': `${subject.origin}/${path}`,
    'configuration.filters': ['onMessageAdded'],
  });
const listed = async (key = DEMO) => (await webhooks(key).list()).map(({ sid }) => sid);
const lag = (milliseconds: number) => subject.control('POST', '/faults', { lag: milliseconds });
const pass = (milliseconds: number) => subject.control('POST', '/clock', { advance: milliseconds / 1000 });

test('lists every change at once by default', async () => {
  const { sid } = await hook();
  expect(await listed()).toEqual([sid]);
});

test('lists the webhooks of lag milliseconds ago', async () => {
  const before = await hook();
  await lag(500);
  expect(await listed()).toEqual([before.sid]);
  const created = await hook();
  await pass(300);
  await webhooks()(before.sid).remove();
  expect(await listed()).toEqual([before.sid]);
  await pass(199);
  expect(await listed()).toEqual([before.sid]);
  await pass(1);
  expect(await listed()).toEqual([before.sid, created.sid]);
  await pass(299);
  expect(await listed()).toEqual([before.sid, created.sid]);
  await pass(1);
  expect(await listed()).toEqual([created.sid]);
});

test('lists the former configuration of a webhook', async () => {
  const { sid } = await hook('one');
  await lag(500);
  await webhooks()(sid).update({ 'configuration.url': `${subject.origin}/two` });
  const url = async () => (await webhooks().list())[0]?.configuration.url;
  expect(await url()).toBe(`${subject.origin}/one`);
  await pass(500);
  expect(await url()).toBe(`${subject.origin}/two`);
});

test('fetches and writes current webhooks', async () => {
  await lag(500);
  const created = await Promise.all([1, 2, 3, 4, 5].map(() => hook()));
  const sid = `${created[0]?.sid}`;
  expect(await listed()).toEqual([]);
  expect((await webhooks()(sid).fetch()).sid).toBe(sid);
  expect(await refusal(hook())).toMatchObject({ code: 50361 });
  await webhooks()(sid).remove();
  await pass(500);
  expect(await refusal(webhooks()(sid).fetch())).toMatchObject({ status: 404 });
  expect(await listed()).toHaveLength(4);
});

test('lists other conversations and resources without lag', async () => {
  await lag(500);
  await hook();
  const other = await subject.api.conversations.create({});
  await subject.api.conversations(other.sid).participants.create({ identity: 'x' });
  expect(await subject.api.conversations(other.sid).participants.list()).toHaveLength(1);
  expect(await subject.api.conversations.list()).toHaveLength(2);
  expect(await listed(other.sid)).toEqual([]);
});

test('lists a webhook that Studio reattaches late', async () => {
  await subject.control('POST', '/options', { studioReattaches: 'on' });
  const studio = await webhooks().create({ target: 'studio', 'configuration.flowSid': FLOW });
  await subject.control('POST', '/conversations/demo/messages', { Body: 'Hello' });
  const [execution] = await subject.executions();
  await webhooks()(studio.sid).remove();
  await lag(500);
  await subject.control('POST', `/executions/${execution?.sid}/end`);
  expect(await listed()).toEqual([]);
  await pass(500);
  expect(await listed()).toHaveLength(1);
});

test('drops its snapshots when lag is 0', async () => {
  await lag(500);
  const { sid } = await hook();
  expect(await listed()).toEqual([]);
  await lag(0);
  expect(await listed()).toEqual([sid]);
  await lag(500);
  expect(await listed()).toEqual([sid]);
  await subject.control('DELETE', '/faults');
  await webhooks()(sid).remove();
  expect(await listed()).toEqual([]);
});
