import fc from 'fast-check';
import { policyHash } from '../../src/policy/hash';
import { parseSource } from '../support/policy';

const HOST = 'bots-1234.twil.io';
const crm = {
  target: 'webhook',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: so a policy names a variable
  url: '${CRM_URL}',
  method: 'post',
  filters: ['onMessageAdded', 'onDeliveryUpdated'],
};
const sos = { target: 'trigger', url: '/sos', triggers: ['help', 'urgent'] };
const bot = { target: 'studio', flowSid: `FW${'b'.repeat(32)}` };
const POLICY = {
  webhooks: { bot, crm, sos },
  profiles: { bot: ['bot', 'sos'], agent: ['crm', 'sos'], closed: [] },
  formerProfiles: { robot: 'bot', desk: 'agent' },
  rules: [
    { on: 'onConversationAdded', profile: 'bot' },
    { on: 'onMessageAdded', from: ['bot'], when: { Body: { words: ['human'] } }, profile: 'agent' },
    { on: 'onConversationStateUpdated', when: { StateTo: 'closed' }, profile: 'closed' },
  ],
};
const [first, second, third] = POLICY.rules;
const hash = (more: object = {}, { host = HOST, CRM_URL = 'https://crm.example/in' } = {}) =>
  policyHash(
    parseSource(JSON.stringify({ ...POLICY, ...more }), { CRM_URL }, { domainName: host, local: false }),
    host,
  );

test('is the same in every release that does not say otherwise, so an update rewrites no router', () => {
  expect(hash()).toBe('qs4l74');
});

test.each<[string, object]>([
  ['a condition', { rules: [first, { ...second, when: { Body: 'agent' } }, third] }],
  ['a rule’s `from`', { rules: [first, { ...second, from: ['bot', 'closed'] }, third] }],
  ['a rule’s profile', { rules: [first, { ...second, profile: 'closed' }, third] }],
  ['a rule’s replay', { rules: [first, { ...second, replay: 'this' }, third] }],
  ['the order of rules', { rules: [third, second, first] }],
  [
    'another rule on an event of theirs',
    { rules: [first, second, third, { ...second, when: { Body: 'x' } }] },
  ],
  [
    'another rule on new conversations',
    { rules: [{ ...first, when: { Source: 'SMS' } }, first, second, third] },
  ],
  ['the order of keys', { webhooks: { sos, crm: Object.fromEntries(Object.entries(crm).reverse()), bot } }],
  ['the order of profiles', { profiles: { closed: [], agent: ['crm', 'sos'], bot: ['bot', 'sos'] } }],
  ['the order in a profile', { profiles: { bot: ['sos', 'bot'], agent: ['sos', 'crm'], closed: [] } }],
  ['the order of filters', { webhooks: { bot, sos, crm: { ...crm, filters: [...crm.filters].reverse() } } }],
  ['`endExecutions`', { webhooks: { bot: { ...bot, endExecutions: true }, crm, sos } }],
  ['the order of keywords', { webhooks: { bot, crm, sos: { ...sos, triggers: ['urgent', 'help'] } } }],
  ['the order of former profiles', { formerProfiles: { desk: 'agent', robot: 'bot' } }],
])('does not change with %s', (_, more) => {
  expect(hash(more)).toBe(hash());
});

test.each<[string, object]>([
  ['a filter', { webhooks: { bot, sos, crm: { ...crm, filters: ['onMessageAdded'] } } }],
  ['a keyword', { webhooks: { bot, crm, sos: { ...sos, triggers: ['help'] } } }],
  ['a path', { webhooks: { bot, crm, sos: { ...sos, url: '/sos2' } } }],
  ['a method', { webhooks: { bot, sos, crm: { ...crm, method: 'get' } } }],
  ['a flow', { webhooks: { crm, sos, bot: { ...bot, flowSid: `FW${'c'.repeat(32)}` } } }],
  ['another webhook', { webhooks: { bot, crm, sos, other: { ...sos, url: '/other' } } }],
  ['the webhooks of a profile', { profiles: { ...POLICY.profiles, bot: ['bot'] } }],
  ['another profile', { profiles: { ...POLICY.profiles, vip: ['crm'] } }],
  ['former profiles', { formerProfiles: { robot: 'bot' } }],
  ['what a former profile is called', { formerProfiles: { robot: 'bot', desk: 'bot' } }],
  ['a rule on another event', { rules: [first, second, third, { ...second, on: 'onParticipantAdded' }] }],
  ['the last rule on an event', { rules: [first, second] }],
])('changes with %s', (_, more) => {
  expect(hash(more)).not.toBe(hash());
});

test.each([
  'https://crm.example/in2',
  'https://crm.example/in?tenant=2',
  'https://crm.example/in#rc=3',
  'https://crm.example:443/in',
  'https://CRM.example/in',
])('changes with the text of a URL in a variable: %s', (CRM_URL) => {
  expect(hash({}, { CRM_URL })).not.toBe(hash());
});

test('changes with the host, but not with its letter case', () => {
  expect(hash({}, { host: 'bots-5678.twil.io' })).not.toBe(hash());
  expect(
    policyHash(
      parseSource('{"webhooks":{},"profiles":{},"rules":[]}', {}, { domainName: HOST, local: false }),
      HOST,
    ),
  ).toBe(
    policyHash(
      parseSource('{"webhooks":{},"profiles":{},"rules":[]}', {}, { domainName: HOST, local: false }),
      'BOTS-1234.twil.io',
    ),
  );
});

test('does not change with any order of keys, filters, and webhooks of profiles', () => {
  const shuffled = <T>(items: readonly T[]) =>
    fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
  const keys = <T extends object>(object: T) => shuffled(Object.entries(object)).map(Object.fromEntries);
  fc.assert(
    fc.property(
      keys(POLICY.webhooks),
      keys(POLICY.profiles),
      keys(POLICY.formerProfiles),
      shuffled(crm.filters),
      shuffled(['bot', 'sos']),
      (webhooks, profiles, formerProfiles, filters, names) => {
        const again = {
          formerProfiles,
          profiles: { ...profiles, bot: names },
          webhooks: { ...webhooks, crm: { ...crm, filters } },
        };
        expect(hash(again)).toBe(hash());
      },
    ),
  );
});
