import { dormantEvents, planSettings, planSettingsRemoval } from '../../cli/setup/plan-settings';
import { planStreams, planStreamsRemoval } from '../../cli/setup/plan-streams';
import { ADDED, ENDED, describe as inWords, type Settings, type Sink } from '../../cli/setup/step';

const url = 'https://bots-1234.twil.io/events/conversation';
const theirs = 'https://them.example/hook?key=hidden';
const wanted = { url, former: [], replace: false, whose: "the account's" };
const unset: Settings = { url: '', filters: [], method: '', pre: false, target: 'webhook' };
const right: Settings = { ...unset, url, filters: [ADDED], method: 'POST' };
const set = (before: Settings, after: object) => [
  { kind: 'set', url, filters: [ADDED], method: 'POST', before, ...after },
];

test.each<[string, Settings, object]>([
  ['nothing is set', unset, {}],
  ['a service without settings', { ...unset, method: 'POST' }, {}],
  ['ours without the event', { ...right, filters: ['onMessageAdd'] }, { filters: ['onMessageAdd', ADDED] }],
  ['ours by GET', { ...right, method: 'GET' }, {}],
  ['a pre-event webhook by GET', { ...unset, method: 'GET', pre: true }, { method: 'GET' }],
  ['a pre-event webhook by POST', { ...unset, method: 'POST', pre: true }, {}],
  [
    'filters without a URL',
    { ...unset, filters: ['onMessageAdded'] },
    { filters: ['onMessageAdded', ADDED] },
  ],
])('sets the webhook: %s', (_, found, after) => {
  expect(planSettings(found, wanted)).toEqual(set(found, after));
});

test.each<[string, Settings]>([
  ['as it should be', right],
  ['more events', { ...right, filters: ['onMessageAdd', ADDED, 'onUserAdded'] }],
  ['another spelling of the URL', { ...right, url: 'HTTPS://BOTS-1234.twil.io:443/events/conversation#x' }],
  ['GET, shared with the pre-event webhook', { ...right, method: 'GET', pre: true }],
])('changes nothing: %s', (_, found) => {
  expect(planSettings(found, wanted)).toEqual([]);
});

test("refuses somebody else's URL without printing its query; replaces it and its events with --replace", () => {
  const found = {
    ...right,
    url: theirs,
    filters: ['onMessageAdd', 'onMessageAdded', 'onConversationStateUpdated'],
  };
  expect(() => planSettings(found, wanted)).toThrow(
    /is https:\/\/them\.example\/hook, which is not .*; use --replace/,
  );
  expect(planSettings(found, { ...wanted, replace: true })).toEqual(
    set(found, { filters: ['onMessageAdd', ADDED] }),
  );
  const [step] = planSettings(found, { ...wanted, replace: true });
  expect(inWords(step!, "the account's")).toContain(`was ${theirs} (POST; ${found.filters.join(', ')})`);
});

test('drops dormant post-event filters with --replace, and keeps those of a webhook that is ours', () => {
  const filters = ['onMessageAdd', ADDED, 'onMessageAdded', 'onUserUpdated'];
  const replacing = { ...wanted, replace: true };
  const dormant = { ...unset, filters };
  expect(dormantEvents(dormant)).toEqual(['onMessageAdded', 'onUserUpdated']);
  expect(planSettings(dormant, replacing)).toEqual(set(dormant, { filters: ['onMessageAdd', ADDED] }));
  const ours = { ...right, filters };
  expect(dormantEvents(ours)).toEqual([]);
  expect(planSettings(ours, replacing)).toEqual([]);
});

test('prints the replaced URL without its password', () => {
  const found = { ...right, url: 'https://me:pass-42@them.example/hook?at=me:you@home' };
  const [step] = planSettings(found, { ...wanted, replace: true });
  expect(inWords(step!, "the account's")).toContain(
    'was https://me:(redacted)@them.example/hook?at=me:you@home (',
  );
});

test.each([
  'https://bots-1234.twil.io/events/conversation?Profile=bot',
  'https://bots-1234.twil.io/events/studio',
  'http://bots-1234.twil.io/events/conversation',
  'https://bots-12345.twil.io/events/conversation',
  'not a URL',
])("treats %s as somebody else's", (other) => {
  expect(() => planSettings({ ...right, url: other }, wanted)).toThrow('--replace');
  expect(planSettingsRemoval({ ...right, url: other }, { url })).toEqual([]);
});

test('moves the URL of a former domain, and does not remove it', () => {
  const found = { ...right, url: 'https://old.twil.io/events/conversation' };
  expect(planSettings(found, { ...wanted, former: [found.url] })).toEqual(set(found, {}));
  expect(planSettingsRemoval(found, { url })).toEqual([]);
});

test('removes the URL and the event, and leaves the rest', () => {
  const found = { ...right, filters: ['onMessageAdd', ADDED], method: 'GET', pre: true };
  expect(planSettingsRemoval(found, { url })).toEqual([
    { kind: 'set', url: '', filters: ['onMessageAdd'], method: 'GET', before: found },
  ]);
  expect(planSettingsRemoval(unset, { url })).toEqual([]);
});

const destination = 'https://bots-1234.twil.io/events/studio';
const sink = (sid: string, subscriptions: Record<string, string[]> = {}, more: Partial<Sink> = {}): Sink => ({
  sid,
  method: 'POST',
  status: 'active',
  subscriptions: Object.entries(subscriptions).map(([sid, types]) => ({ sid, types })),
  ...more,
});
const other = 'com.twilio.studio.flow.execution.started';

test.each<[string, Sink[], object[]]>([
  ['nothing', [], [{ kind: 'create sink', destination }, { kind: 'subscribe' }]],
  ['a sink alone', [sink('DG1')], [{ kind: 'subscribe', sink: 'DG1' }]],
  [
    'a subscription to another event',
    [sink('DG1', { DF1: [other] })],
    [{ kind: 'add event', subscription: 'DF1' }],
  ],
  ['an empty subscription', [sink('DG1', { DF1: [] })], [{ kind: 'add event', subscription: 'DF1' }]],
  ['everything', [sink('DG1', { DF1: [other, ENDED] }, { method: 'post' })], []],
  ['everything, on the second of two', [sink('DG1'), sink('DG2', { DF2: [ENDED] })], []],
  [
    'a sink by GET',
    [sink('DG1', { DF1: [ENDED] }, { method: 'get' })],
    [
      { kind: 'create sink', destination },
      { kind: 'subscribe' },
      { kind: 'delete subscription', sid: 'DF1' },
      { kind: 'delete sink', sid: 'DG1' },
    ],
  ],
  [
    'a sink by GET with other events, and a working one',
    [sink('DG1', { DF1: [ENDED, other] }, { method: 'GET' }), sink('DG2')],
    [
      { kind: 'subscribe', sink: 'DG2' },
      { kind: 'remove event', subscription: 'DF1' },
    ],
  ],
  [
    'a sink that failed',
    [sink('DG1', {}, { status: 'failed' })],
    [{ kind: 'create sink', destination }, { kind: 'subscribe' }, { kind: 'delete sink', sid: 'DG1' }],
  ],
])('plans for existing sinks: %s', (_, found, steps) => {
  expect(planStreams(found, destination)).toEqual(steps);
});

test('removes subscriptions and sinks without other events, and leaves the others', () => {
  expect(planStreamsRemoval([])).toEqual([]);
  expect(planStreamsRemoval([sink('DG1', { DF1: [ENDED], DF2: [] }), sink('DG2')])).toEqual([
    { kind: 'delete subscription', sid: 'DF1' },
    { kind: 'delete subscription', sid: 'DF2' },
    { kind: 'delete sink', sid: 'DG1' },
    { kind: 'delete sink', sid: 'DG2' },
  ]);
  expect(planStreamsRemoval([sink('DG1', { DF1: [ENDED], DF2: [other, ENDED], DF3: [other] })])).toEqual([
    { kind: 'delete subscription', sid: 'DF1' },
    { kind: 'remove event', subscription: 'DF2' },
  ]);
});
