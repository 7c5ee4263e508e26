import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { FLOW, refusal, useEmulator } from '../../support/emulator';

const ADDRESS = '+15005550001';

const subject = useEmulator();

const configurations = () => subject.api.addressConfigurations;
const create = (more: object = {}) => configurations().create({ type: 'sms', address: ADDRESS, ...more });
const webhook = {
  'autoCreation.enabled': true,
  'autoCreation.type': 'webhook',
  'autoCreation.conversationServiceSid': DEFAULT_SERVICE_SID,
  'autoCreation.webhookUrl': 'http://127.0.0.1:9/hook',
  'autoCreation.webhookMethod': 'get',
  'autoCreation.webhookFilters': ['onParticipantAdded', 'onMessageAdded'],
} as const;
const studio = { 'autoCreation.type': 'studio', 'autoCreation.studioFlowSid': FLOW } as const;
const printed = {
  enabled: true,
  type: 'webhook',
  conversation_service_sid: DEFAULT_SERVICE_SID,
  webhook_url: 'http://127.0.0.1:9/hook',
  webhook_method: 'GET',
  webhook_filters: ['onParticipantAdded', 'onMessageAdded'],
};

test('creates, fetches by SID or address, and deletes a configuration', async () => {
  const made = await create({ ...webhook, friendlyName: 'Ours', addressCountry: 'US' });
  expect(made).toMatchObject({
    sid: expect.stringMatching(/^IG[0-9a-f]{32}$/),
    type: 'sms',
    address: ADDRESS,
    friendlyName: 'Ours',
    addressCountry: 'US',
    autoCreation: printed,
    url: `${subject.origin}/v1/Configuration/Addresses/${made.sid}`,
  });
  for (const key of [made.sid, ADDRESS]) {
    const { sid, url, autoCreation } = await configurations()(key).fetch();
    expect({ sid, url, autoCreation }).toEqual({ sid: made.sid, url: made.url, autoCreation: printed });
  }
  expect(await configurations()(ADDRESS).remove()).toBe(true);
  for (const key of [made.sid, ADDRESS]) {
    expect(await refusal(configurations()(key).fetch())).toMatchObject({ status: 404, code: 20404 });
  }
});

test('disables auto-creation by default', async () => {
  expect((await create()).autoCreation).toEqual({ enabled: false, type: 'default' });
});

test('takes a type in any case, and filters by type', async () => {
  const [phone, ours] = [await create(), 'whatsapp:+15005550001'];
  const { sid, type } = await create({ type: 'whAtsAPP', address: ours });
  expect(type).toBe('whatsapp');
  const sids = async (filter: object) => (await configurations().list(filter)).map((item) => item.sid);
  expect(await sids({ pageSize: 1 })).toEqual([phone.sid, sid]);
  expect(await sids({ type: 'whatsapp' })).toEqual([sid]);
  expect(await sids({ type: 'sms' })).toEqual([phone.sid]);
  expect((await configurations()(ours).fetch()).sid).toBe(sid);
});

test('keeps what an update leaves out', async () => {
  const { sid } = await create(webhook);
  const update = async (change: object) => (await configurations()(sid).update(change)).autoCreation;
  expect(await update({})).toEqual(printed);
  expect(await update({ 'autoCreation.enabled': false })).toEqual({ ...printed, enabled: false });
  const filters = { 'autoCreation.webhookFilters': ['onMessageAdded'] };
  expect(await update(filters)).toMatchObject({
    ...printed,
    enabled: false,
    webhook_filters: ['onMessageAdded'],
  });
  expect(await update({ ...studio, 'autoCreation.studioRetryCount': 3 })).toEqual({
    enabled: false,
    type: 'studio',
    conversation_service_sid: DEFAULT_SERVICE_SID,
    studio_flow_sid: FLOW,
    studio_retry_count: 3,
  });
  expect(await refusal(configurations()(sid).update({ 'autoCreation.type': 'webhook' }))).toMatchObject({
    code: 50369,
  });
  expect((await configurations()(sid).update({ friendlyName: 'New' })).friendlyName).toBe('New');
});

test.each([
  ['another channel', { type: 'email', address: 'x@example.com' }, 400, 20001],
  ['no address', { address: '' }, 400, 20001],
  ['an address of another channel', { address: 'whatsapp:+15005550001' }, 400, 20001],
  ['a long name', { friendlyName: 'x'.repeat(257) }, 400, 50003],
  ['no country', { addressCountry: 'USA' }, 400, 20001],
  ['another kind of creation', { 'autoCreation.type': 'flex' }, 400, 20001],
  ['no flag', { 'autoCreation.enabled': 'yes' }, 400, 20001],
  ['no such service', { 'autoCreation.conversationServiceSid': `IS${'9'.repeat(32)}` }, 404, 50050],
  ['no flow', { 'autoCreation.type': 'studio' }, 400, 50367],
  ['no number', { ...studio, 'autoCreation.studioRetryCount': -1 }, 400, 20001],
  ['no URL', { 'autoCreation.type': 'webhook' }, 400, 50369],
  ['no filters', { ...webhook, 'autoCreation.webhookFilters': [''] }, 400, 50370],
  ['a filter of nothing', { ...webhook, 'autoCreation.webhookFilters': ['onMessageSent'] }, 400, 50365],
  ['another method', { ...webhook, 'autoCreation.webhookMethod': 'put' }, 400, 50055],
])('refuses %s', async (_, wrong, status, code) => {
  expect(await refusal(create(wrong))).toMatchObject({ status, code });
  expect(await configurations().list()).toEqual([]);
});

test('refuses a second configuration of an address', async () => {
  await create();
  expect(await refusal(create())).toMatchObject({ status: 409, code: 20409 });
  await subject.control('POST', '/reset');
  await create();
});
