import { eventStreams } from '../../cli/setup/check/event-streams';
import { run, together } from '../../cli/setup/check/finding';
import { type Address, address, type Service, serviceWebhook } from '../../cli/setup/check/webhooks';
import { ADDED, ENDED, type Settings, type Sink } from '../../cli/setup/step';

const origin = 'https://bots-1234.twil.io';
const setup = (...flags: string[]) => ['setup', ...flags].join(' ');
const settings = (url: string): Settings => ({
  url,
  filters: [ADDED],
  method: 'POST',
  pre: false,
  target: 'webhook',
});
const ours = settings(`${origin}/events/conversation`);
const former = settings('https://old.twil.io/events/conversation');
const theirs = settings('https://me:pass-42@them.example/hook?key=42');

const facts = (services: readonly Service[], addresses: readonly Address[] = []) => ({
  place: { origin, formerDomains: ['old.twil.io'], setup },
  account: ours,
  services,
  addresses,
  only: false,
});
const sms = (service: string | undefined): Address => ({
  sid: 'IG1',
  type: 'sms',
  address: '+15005550001',
  service,
});

test('reports a service once, however many addresses lead to it', () => {
  const found = facts([{ sid: 'IS1', settings: theirs }], [sms('IS1'), { ...sms('IS1'), sid: 'IG2' }]);
  expect(serviceWebhook.find(found)).toEqual([]);
  expect(address.find(found).map((finding) => finding.address)).toEqual(['IG1', 'IG2']);
});

test('leaves a service alone that has the webhook, or none', () => {
  const found = facts(
    [
      { sid: 'IS1', settings: ours },
      { sid: 'IS2', settings: settings('') },
    ],
    [sms('IS1'), sms('IS2'), sms('IS3'), sms(undefined)],
  );
  expect([...serviceWebhook.find(found), ...address.find(found)]).toEqual([]);
});

test('moves a former domain without --replace, and prints nothing of a URL that may be a secret', () => {
  const found = facts([
    { sid: 'IS1', settings: former },
    { sid: 'IS2', settings: theirs },
  ]);
  const findings = serviceWebhook.find(found);
  expect(findings.map(({ remedy }) => remedy)).toEqual([
    'setup --service IS1',
    'setup --service IS2 --replace',
  ]);
  expect(JSON.stringify(findings)).not.toMatch(/pass-42|key=42/);
});

const sink = (sid: string, more: Partial<Sink> = {}): Sink => ({
  sid,
  method: 'POST',
  status: 'active',
  subscriptions: [{ sid: 'DF1', types: [ENDED] }],
  ...more,
});

test.each<[what: string, sinks: Sink[], detail: string | undefined]>([
  ['one that works', [sink('DG1', { method: 'post' })], undefined],
  ['one that works, beside one that failed', [sink('DG1', { status: 'failed' }), sink('DG2')], undefined],
  ['method GET', [sink('DG1', { method: 'GET' })], 'sink DG1 has method GET; events are sent by POST'],
  [
    'a failed one with the event, and an active one without',
    [sink('DG1', { status: 'failed' }), sink('DG2', { subscriptions: [] })],
    'sink DG2 has no subscription',
  ],
])('checks the sinks: %s', (_, sinks, detail) => {
  const found = eventStreams.find({ needed: true, destination: `${origin}/events/studio`, sinks, setup });
  expect(found[0]?.detail).toBe(detail);
  expect(found.length).toBe(detail === undefined ? 0 : 1);
});

test('does not check what could not be read', () => {
  const find = () => {
    throw new Error('it was not read');
  };
  const unread = { why: 'because of credentials', cause: 'credentials' };
  const reading = together<{ a: number; b: number }>({ a: { value: 1 }, b: unread });
  expect(run({ code: 'sum', healthy: 'all is well', find }, reading)).toEqual([
    { code: 'sum', status: 'not_checked', detail: 'because of credentials', cause: 'credentials' },
  ]);
});
