import { assertSettingsOfOneTarget, parseDefinition } from '../../src/webhooks/definition';
import { parseSettings } from '../../src/webhooks/settings';

const site = { domainName: 'bots-1234.twil.io', local: false };
const FlowSid = `FW${'a'.repeat(32)}`;
const Url = 'https://crm.example/in';

test('parses a webhook, a trigger and a studio flow', () => {
  expect(parseDefinition('webhook', { Url, Filters: ['onMessageAdded', 'onMessageAdded'] }, site)).toEqual({
    target: 'webhook',
    url: Url,
    method: 'post',
    filters: ['onMessageAdded'],
  });
  expect(
    parseDefinition('trigger', { Url: '/urgent', Method: 'GET', Triggers: ['help', 'x'.repeat(248)] }, site),
  ).toEqual({
    target: 'trigger',
    url: 'https://bots-1234.twil.io/urgent',
    method: 'get',
    triggers: ['help', 'x'.repeat(248)],
  });
  expect(parseDefinition('studio', { FlowSid }, site)).toEqual({ target: 'studio', flowSid: FlowSid });
  expect(parseDefinition('studio', { FlowSid, Filters: ['onMessageAdded'] }, site)).toEqual({
    target: 'studio',
    flowSid: FlowSid,
    filters: ['onMessageAdded'],
  });
});

const Filters = ['onMessageAdded'];
const Triggers = ['help'];
test.each([
  [undefined, {}, 50368, 'Target is missing'],
  ['Webhook', { Url, Filters }, 50364, 'did you mean "webhook"?'],
  ['bot', { Url, Filters }, 50364, 'send webhook, trigger or studio'],
  ['webhook', { Filters }, 50369, 'Url is missing'],
  ['webhook', { Url }, 50370, 'Filters is missing'],
  ['webhook', { Url, Filters: [] }, 50370, 'at least one event'],
  ['webhook', { Url, Filters: ['onMessageAdd'] }, 50365, 'did you mean "onMessageAdded"?'],
  ['webhook', { Url, Filters: ['onMessageUpdate'] }, 50365, 'did you mean "onMessageUpdated"?'],
  ['webhook', { Url, Filters: ['onConversationRemove'] }, 50365, 'did you mean "onConversationRemoved"?'],
  ['webhook', { Url, Filters: ['onMessageSent'] }, 50365, 'did you mean "onMessageAdded"?'],
  ['webhook', { Url, Filters: ['onConversationAdded'] }, 50365, 'never sent to a scoped webhook'],
  ['webhook', { Url, Filters: ['onmessageadded'] }, 50365, 'did you mean "onMessageAdded"?'],
  ['webhook', { Url, Filters: ['help'] }, 50365, 'is not an event'],
  ['webhook', { Url, Triggers: ['onMessageAdded'] }, 20001, 'did you mean Filters'],
  ['webhook', { Url, Filters, FlowSid }, 20001, 'did you mean Target=studio?'],
  ['trigger', { Url, Filters }, 20001, 'did you mean Triggers'],
  ['trigger', { Url }, 50371, 'Triggers is missing'],
  ['trigger', { Url, Triggers: [] }, 50371, 'at least one keyword'],
  ['trigger', { Url, Triggers: ['a', 'b', 'c', 'd', 'e', 'f'] }, 50362, 'at most 5'],
  ['trigger', { Url, Triggers: ['a', ''] }, 50366, 'a keyword is empty'],
  ['trigger', { Url, Triggers: [' '] }, 50366, 'a keyword is empty'],
  ['trigger', { Url, Triggers: ['x'.repeat(249)] }, 50366, 'at most 248'],
  ['trigger', { Url, Triggers: ['onMessageAdded'] }, 50366, 'did you mean Target=webhook with Filters?'],
  ['trigger', { Triggers }, 50369, 'Url is missing'],
  ['webhook', { Url, Filters, Method: 'PUT' }, 50055, 'neither get nor post'],
  ['studio', {}, 50367, 'FlowSid is missing'],
  ['studio', { FlowSid: 'FW123' }, 50367, 'is malformed'],
  ['studio', { FlowSid, Url }, 20001, 'did you mean FlowSid'],
  [
    'studio',
    { FlowSid, Method: 'get' },
    20001,
    'did you mean Target=webhook or Target=trigger? Target=studio takes FlowSid and Filters',
  ],
  ['webhook', { Url, Filters: ['onConversationAdd'] }, 50365, 'use onConversationAdded on the service'],
  ['webhook', { Url, Filters: ['onUserUpdate'] }, 50365, 'use onUserUpdated on the service'],
  ['trigger', { Url, Triggers: ['onConversationAdd'] }, 50366, 'is an event'],
] as const)('rejects %s with %j as %i: …%s…', (target, settings, code, sentence) => {
  expect(() => parseDefinition(target, settings, site)).toThrow(
    expect.objectContaining({ code, status: 400, message: expect.stringContaining(sentence) }),
  );
});

test('accepts a trigger of 248 characters and rejects 249', () => {
  const parse = (length: number) => parseSettings({ Triggers: ['help', 'x'.repeat(length)] }, site);
  expect(parse(248).triggers?.[1]).toHaveLength(248);
  expect(() => parse(249)).toThrow(expect.objectContaining({ code: 50366, status: 400 }));
});

test('accepts five keywords', () => {
  const Triggers = ['a', 'b', 'c', 'd', 'e'];
  expect(parseSettings({ Triggers }, site)).toEqual({ triggers: Triggers });
});

test('validates only the settings that an update sends', () => {
  expect(parseSettings({ Method: 'POST' }, site)).toEqual({ method: 'post' });
  expect(parseSettings({}, site)).toEqual({});
});

test('rejects settings that no target has together', () => {
  expect(() => assertSettingsOfOneTarget({ FlowSid, Url })).toThrow('No target has Url and FlowSid together');
  expect(() => assertSettingsOfOneTarget({ Filters, Triggers })).toThrow(
    'No target has Filters and Triggers together',
  );
  expect(() => assertSettingsOfOneTarget({ FlowSid, Filters })).not.toThrow();
});
