import type { Definition } from '../../src/webhooks/definition';
import type { WebhookConfig } from '../../src/webhooks/settings';
import { byAge, isSameWebhook, matchesConfig, type Webhook } from '../../src/webhooks/webhook';
import { FakeConversation } from '../support/conversation';

const url = 'https://crm.example/in';
const crm: Definition = {
  ...{ target: 'webhook', url, method: 'post', filters: ['onMessageAdded', 'onMessageUpdated'] },
};
const sos: Definition = { target: 'trigger', url, method: 'post', triggers: ['help', 'urgent'] };
const bot: Definition = { target: 'studio', flowSid: `FW${'a'.repeat(32)}` };
const attached = (definition: Definition): Webhook => new FakeConversation().plant(definition);

test.each<[what: string, filters: NonNullable<WebhookConfig['filters']>, matches: boolean]>([
  ['the same', ['onMessageAdded', 'onMessageUpdated'], true],
  ['the same in another order', ['onMessageUpdated', 'onMessageAdded'], true],
  ['fewer', ['onMessageAdded'], false],
  ['more', ['onMessageAdded', 'onMessageUpdated', 'onMessageRemoved'], false],
  ['others, as many', ['onMessageAdded', 'onMessageRemoved'], false],
])('compares filters: %s', (_, filters, matches) => {
  expect(matchesConfig(attached(crm), { filters })).toBe(matches);
  expect(matchesConfig(attached(crm), { ...crm, filters })).toBe(matches);
});

test.each<[what: string, triggers: readonly string[], matches: boolean]>([
  ['the same', ['help', 'urgent'], true],
  ['the same in another order', ['urgent', 'help'], true],
  ['fewer', ['help'], false],
  ['more', ['help', 'urgent', 'sos'], false],
  ['others, as many', ['help', 'sos'], false],
  ['in another letter case', ['help', 'Urgent'], false],
])('compares triggers: %s', (_, triggers, matches) => {
  expect(matchesConfig(attached(sos), { triggers })).toBe(matches);
  const { triggers: keywords, ...configuration } = attached(sos).configuration;
  const shownAsFilters = { ...attached(sos), configuration: { ...configuration, filters: keywords! } };
  expect(matchesConfig(shownAsFilters, { triggers })).toBe(matches);
});

test('counts a filter that Twilio shows twice once', () => {
  const twice = attached({ ...crm, filters: ['onMessageAdded', 'onMessageAdded'] } as Definition);
  expect(matchesConfig(twice, { filters: ['onMessageAdded'] })).toBe(true);
  expect(matchesConfig(twice, { filters: ['onMessageAdded', 'onMessageUpdated'] })).toBe(false);
});

test('compares the filters of a studio flow only if Twilio shows them', () => {
  expect(matchesConfig(attached(bot), { filters: ['onMessageAdded'] })).toBe(true);
  const shown = attached({ ...bot, filters: ['onMessageAdded', 'onMessageUpdated'] } as Definition);
  expect(matchesConfig(shown, { filters: ['onMessageAdded'] })).toBe(false);
  expect(matchesConfig(shown, {})).toBe(true);
});

test.each<[config: WebhookConfig, matches: boolean]>([
  [{ method: 'get' }, false],
  [{ method: 'post' }, true],
  [{ url }, true],
  [{ url: 'https://crm.example/other' }, false],
  [{ flowSid: `FW${'b'.repeat(32)}` }, false],
  [{}, true],
])('compares only what it is given: %j', (config, matches) => {
  expect(matchesConfig(attached(crm), config)).toBe(matches);
});

test.each([
  'https://crm.example/in#rc=3&rp=5xx',
  'https://crm.example:443/in',
  'https://CRM.example/in',
  'HTTPS://crm.example/in',
])('takes %s for the same webhook with another configuration', (spelling) => {
  for (const [before, after] of [
    [url, spelling],
    [spelling, url],
  ] as const) {
    expect(isSameWebhook(attached({ ...crm, url: before }), { ...crm, url: after })).toBe(true);
    expect(matchesConfig(attached({ ...crm, url: before }), { url: after })).toBe(false);
  }
});

test('takes a webhook that Twilio shows without a URL for no other', () => {
  const nowhere = { ...attached(crm), configuration: { url: null } } as unknown as Webhook;
  expect(isSameWebhook(nowhere, crm)).toBe(false);
  expect(matchesConfig(nowhere, { url })).toBe(false);
});

test('takes a webhook that Twilio shows without a method or filters for another configuration', () => {
  const bare = { ...attached(crm), configuration: { url } };
  expect(matchesConfig(bare, { method: 'post' })).toBe(false);
  expect(matchesConfig(bare, { filters: ['onMessageAdded'] })).toBe(false);
});

test('sorts by age, and by SID what is of the same second, from any order', () => {
  const [a, b, c] = [
    ['WH2', 10],
    ['WH1', 20],
    ['WH3', 20],
  ].map(([sid, at]) => ({ ...new FakeConversation().plant(crm, Number(at)), sid: `${sid}` }));
  for (const webhooks of [
    [a!, b!, c!],
    [c!, b!, a!],
    [b!, c!, a!],
  ])
    expect(webhooks.sort(byAge).map(({ sid }) => sid)).toEqual(['WH2', 'WH1', 'WH3']);
});

test('identifies a webhook by its target and its URL or flow, whatever its settings', () => {
  expect(isSameWebhook(attached(crm), { ...crm, method: 'get', filters: ['onMessageRemoved'] })).toBe(true);
  expect(isSameWebhook(attached(sos), { ...sos, triggers: ['sos'] })).toBe(true);
  expect(isSameWebhook(attached(crm), sos)).toBe(false);
  expect(isSameWebhook(attached(crm), { ...crm, url: `${url}?a=1` })).toBe(false);
  expect(isSameWebhook(attached(bot), { ...bot, flowSid: `FW${'b'.repeat(32)}` })).toBe(false);
});
