// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable

import { parseConversationEvent } from '../../src/events/parse';
import type { ConversationEvent } from '../../src/events/types';
import { PatternBudget } from '../../src/policy/conditions/pattern';
import { firstApplicableRule, matchingRules, routerFilters } from '../../src/policy/match';
import type { Policy } from '../../src/policy/policy';
import { parseSource } from '../support/policy';

const site = { domainName: 'bots-1234.twil.io', local: false };
const policyOf = (rules: object[]) =>
  parseSource(
    JSON.stringify({ webhooks: {}, profiles: { bot: [], agent: [], closed: [] }, rules }),
    {},
    site,
  );
const event = (fields: object) =>
  parseConversationEvent({
    ConversationSid: 'CH1',
    EventType: 'onMessageAdded',
    Index: '3',
    ...fields,
  }) as ConversationEvent;
const matching = (policy: Policy, received: ConversationEvent, warnings?: string[]) =>
  matchingRules(
    policy,
    { event: received, at: new Date(0), conversation: async () => undefined },
    new PatternBudget(),
    warnings,
  );
const holds = async (when: unknown, fields: object) =>
  (await matching(policyOf([{ on: 'onMessageAdded', when, profile: 'agent' }]), event(fields))).length === 1;

test.each([
  [{ Body: 'hi' }, { Body: 'hi' }, true],
  [{ Body: 'hi' }, { Body: 'Hi' }, false],
  [{ Body: 'hi' }, {}, false],
  [{ Index: 3 }, {}, true],
  [{ Index: '3' }, {}, true],
  [{ RetryCount: 0 }, { RetryCount: '0' }, true],
  [{ Source: { in: ['SMS', 'whatsapp'] } }, { Source: 'whatsapp' }, true],
  [{ Source: { in: ['SMS', 'whatsapp'] } }, { Source: 'API' }, false],
  [{ Index: { in: [1, 3] } }, {}, true],
  [{ 'Attributes.vip': true }, { Attributes: '{"vip":true}' }, true],
  [{ 'Attributes.vip': true }, { Attributes: '{"vip":"true"}' }, true],
  [{ 'Attributes.vip': false }, { Attributes: '{}' }, false],
  [{ 'Attributes.vip': true }, { Attributes: 'no JSON' }, false],
  [{ 'Attributes.tags': 'new' }, { Attributes: '{"tags":["old","new"]}' }, true],
  [{ Body: { words: ['agent'] } }, { Body: 'an agent' }, true],
  [{ Body: { words: ['agent'] } }, { Body: '' }, false],
  [{ Body: { matches: '^\\d+$' } }, { Body: '123' }, true],
  [{ Body: { words: ['order'], matches: '\\d' } }, { Body: 'order 5' }, true],
  [{ Body: { words: ['order'], matches: '\\d' } }, { Body: 'order' }, false],
  [{ Body: 'hi', Author: 'me' }, { Body: 'hi', Author: 'me' }, true],
  [{ Body: 'hi', Author: 'me' }, { Body: 'hi', Author: 'you' }, false],
  [{ Author: { not: { in: ['bot', 'system'] } } }, { Author: 'jane' }, true],
  [{ Author: { not: { in: ['bot', 'system'] } } }, { Author: 'bot' }, false],
  [{ Author: { not: 'bot' } }, {}, true],
  [{ Author: { not: 'bot', exists: true } }, {}, false],
  [{ 'Attributes.tags': { not: 'new' } }, { Attributes: '{"tags":["old","new"]}' }, false],
  [{ 'Attributes.tags': { not: 'new' } }, { Attributes: '{"tags":["old"]}' }, true],
  [{ Body: { not: { words: ['order'], matches: '\\d' } } }, { Body: 'order' }, true],
  [{ Body: { not: { not: 'hi' } } }, { Body: 'hi' }, true],
  [{ Media: { exists: true } }, { Media: '[]' }, true],
  [{ Media: { exists: true } }, {}, false],
  [{ Media: { exists: false } }, {}, true],
  [{ Body: { exists: true } }, { Body: '' }, true],
  [{ 'Attributes.order': { exists: true } }, { Attributes: '{"order":{"id":1}}' }, true],
  [{ 'Attributes.order': { exists: false } }, { Attributes: '{"order":null}' }, true],
  [{ 'Attributes.order.exists': true }, { Attributes: '{"order":{"exists":true}}' }, true],
  [{ Index: { atLeast: 3 } }, {}, true],
  [{ Index: { atLeast: 3.5 } }, {}, false],
  [{ Index: { atMost: 3 } }, {}, true],
  [{ Index: { atMost: 2 } }, {}, false],
  [{ Body: { atLeast: -1 } }, { Body: '' }, false],
  [{ Body: { atLeast: -1 } }, { Body: ' ' }, false],
  [{ Body: { atLeast: 5 } }, { Body: '10 items' }, false],
  [{ Body: { atLeast: 5 } }, { Body: ' 10 ' }, true],
  [{ Body: { atLeast: 5 } }, { Body: '1e1' }, true],
  [{ Body: { atLeast: 5 } }, { Body: '0x10' }, false],
  [{ Body: { atMost: 5 } }, { Body: '-Infinity' }, false],
  [{ Body: { atMost: 5 } }, { Body: '-1,000' }, false],
  [{ 'Attributes.vip': { atLeast: 0 } }, { Attributes: '{"vip":true}' }, false],
  [{ Body: { not: { atLeast: 5 } } }, { Body: 'many' }, true],
  [{ 'Attributes.n': { atLeast: 3, atMost: 5 } }, { Attributes: '{"n":[1,4,9]}' }, true],
  [{ 'Attributes.n': { atLeast: 3, atMost: 5 } }, { Attributes: '{"n":[1,9]}' }, false],
  [[{ Body: 'hi' }, { Source: 'SMS' }], { Body: 'hi', Source: 'API' }, true],
  [[{ Body: 'hi' }, { Source: 'SMS' }], { Body: 'ho', Source: 'SMS' }, true],
  [[{ Body: 'hi' }, { Source: 'SMS' }], { Body: 'ho', Source: 'API' }, false],
  [[{ Body: 'hi', Source: 'SMS' }], { Body: 'hi', Source: 'API' }, false],
])('matches %j with %j: %s', async (when, fields, expected) => {
  expect(await holds(when, fields)).toBe(expected);
});

test.each([
  ['5', 5],
  ['+5', 5],
  ['-5', -5],
  ['105', 105],
  ['5.', 5],
  ['12.75', 12.75],
  ['.25', 0.25],
  ['1e10', 1e10],
  ['15E+2', 1500],
  ['25e-1', 2.5],
])('reads %j as the number %d', async (Body, number) => {
  expect(await holds({ Body: { atLeast: number, atMost: number } }, { Body })).toBe(true);
});

test.each(['', ' ', '.', 'e5', '5e', '1.2.3', '5 6', '--5', '0x10', '1,5', 'Infinity', 'NaN', 'x5', '5x'])(
  'does not read %j as a number',
  async (Body) => {
    expect(await holds([{ Body: { atLeast: -1e99 } }, { Body: { atMost: 1e99 } }], { Body })).toBe(false);
  },
);

const shipped = policyOf([
  { on: 'onConversationAdded', profile: 'bot' },
  {
    on: 'onMessageAdded',
    from: ['bot'],
    when: { Body: { words: ['agent'] } },
    profile: 'agent',
    replay: 'this',
  },
  { on: 'onMessageAdded', when: { Body: { words: ['bye'] } }, profile: 'closed' },
  { on: 'onConversationStateUpdated', when: { StateTo: 'closed' }, profile: 'closed' },
]);

test('finds all rules that match the event, in any profile', async () => {
  const [, toAgent, toClosed] = shipped.rules;
  expect(await matching(shipped, event({ Body: 'bye, agent' }))).toEqual([toAgent, toClosed]);
  expect(await matching(shipped, event({ Body: 'hello' }))).toEqual([]);
  expect(await matching(shipped, event({ EventType: 'onMessageUpdated', Body: 'agent' }))).toEqual([]);
});

test('applies the first matching rule of the profile', async () => {
  const [added, toAgent, toClosed] = shipped.rules;
  const both = await matching(shipped, event({ Body: 'bye, agent' }));
  expect(firstApplicableRule(both, 'bot')).toBe(toAgent);
  expect(firstApplicableRule(both, 'agent')).toBe(toClosed);
  expect(firstApplicableRule(both, 'constructor')).toBe(toClosed);
  expect(firstApplicableRule([toAgent!], 'agent')).toBeUndefined();
  expect(firstApplicableRule(both, undefined)).toBeUndefined();
  expect(firstApplicableRule([added!], undefined)).toBe(added);
  expect(firstApplicableRule([added!], 'bot')).toBeUndefined();
  expect(firstApplicableRule([toAgent!, added!], undefined)).toBe(added);
});

test('does not match a rule whose patterns take too long, not even by negation, and says so', async () => {
  const slow = { matches: '(a|a)+b' };
  const policy = policyOf([
    { on: 'onMessageAdded', when: { Body: slow }, profile: 'bot' },
    { name: 'negated', on: 'onMessageAdded', when: { Body: { not: slow } }, profile: 'bot' },
    { on: 'onMessageAdded', when: [{ Body: slow }, { Author: 'jane' }], profile: 'bot' },
    { on: 'onMessageAdded', when: { Body: { words: ['now'] } }, profile: 'closed' },
  ]);
  const warnings: string[] = [];
  const played = (Body: string) => matching(policy, event({ Author: 'jane', Body }), warnings);
  const found = await played(`now ${'a'.repeat(60)}`);
  expect(found).toEqual([policy.rules[2], policy.rules[3]]);
  const sentence = 'did not match: the patterns of one event may take 100 ms together';
  expect(warnings).toEqual([`rules[0] ${sentence}`, `negated ${sentence}`]);
  expect(await played('now ab')).toHaveLength(3);
  expect(warnings).toHaveLength(2);
});

describe('conditions on the conversation', () => {
  const fields = { Attributes: '{"tier":"gold","tags":["a"]}', FriendlyName: 'Ann', State: 'active' };
  /** The rules that match, and how often the conversation was asked for. */
  async function play(rules: object[], received: object, found: typeof fields | undefined = fields) {
    const policy = policyOf(rules.map((rule) => ({ on: 'onMessageAdded', profile: 'agent', ...rule })));
    let asked = 0;
    const context = {
      event: event(received),
      at: new Date(0),
      conversation: async () => {
        asked += 1;
        return found;
      },
    };
    const matching = await matchingRules(policy, context);
    return { matching: matching.map((rule) => policy.rules.indexOf(rule)), asked };
  }
  const gold = { 'Conversation.Attributes.tier': 'gold' };

  test.each<[object, boolean]>([
    [gold, true],
    [{ 'Conversation.Attributes.tier': 'iron' }, false],
    [{ 'Conversation.Attributes.tags': 'a' }, true],
    [{ 'Conversation.Attributes': { matches: 'gold' } }, true],
    [{ 'Conversation.FriendlyName': { words: ['ann'] } }, true],
    [{ 'Conversation.UniqueName': { exists: false } }, true],
    [{ 'Conversation.State': { not: 'closed' } }, true],
    [{ 'Attributes.tier': 'gold' }, false],
    [{ ...gold, 'Conversation.State': 'closed' }, false],
  ])('hold for %j: %s', async (when, expected) => {
    expect((await play([{ when }], { Attributes: '{}' })).matching).toEqual(expected ? [0] : []);
  });

  test('ask for it only where the others hold', async () => {
    expect(await play([{ when: { ...gold, Body: 'hi' } }], { Body: 'ho' })).toEqual({
      matching: [],
      asked: 0,
    });
    expect(await play([{ when: { ...gold, Body: 'hi' } }], { Body: 'hi' })).toEqual({
      matching: [0],
      asked: 1,
    });
    expect(await play([{ on: 'onMessageUpdated', when: gold }], {})).toEqual({ matching: [], asked: 0 });
    const either = { when: [gold, { Body: 'hi' }] };
    expect(await play([either], { Body: 'hi' })).toEqual({ matching: [0], asked: 0 });
    expect(await play([either], { Body: 'ho' })).toEqual({ matching: [0], asked: 1 });
    const both = { when: [{ ...gold, Source: 'SMS' }, { Body: 'hi' }] };
    expect(await play([both], { Body: 'hi', Source: 'SMS' })).toEqual({ matching: [0], asked: 0 });
  });

  test('do not hold if it is not known, not even by negation', async () => {
    const other = { 'Conversation.Attributes.tier': { not: 'iron' } };
    const rules = [
      { when: other },
      { when: { 'Conversation.UniqueName': { exists: false } } },
      { when: [other, { Body: 'hi' }] },
    ];
    expect((await play(rules, { Body: 'hi' }, fields)).matching).toEqual([0, 1, 2]);
    const policy = policyOf(rules.map((rule) => ({ on: 'onMessageAdded', profile: 'agent', ...rule })));
    expect(await matching(policy, event({ Body: 'hi' }))).toEqual([policy.rules[2]]);
  });

  test('do not hide that it cannot be fetched', async () => {
    const error = new Error('20429');
    const conversation = jest.fn().mockRejectedValueOnce(error).mockResolvedValue(fields);
    const when = [gold, { 'Conversation.State': 'active' }];
    const policy = policyOf([{ on: 'onMessageAdded', when, profile: 'agent' }]);
    await expect(matchingRules(policy, { event: event({}), at: new Date(0), conversation })).rejects.toBe(
      error,
    );
  });

  test('ask for it during the hours of the rule alone', async () => {
    const policy = parseSource(
      {
        webhooks: {},
        profiles: { agent: [] },
        calendars: { never: { timeZone: 'UTC', open: {} } },
        rules: [{ on: 'onMessageAdded', when: gold, during: 'never', profile: 'agent' }],
      },
      {},
      site,
    );
    const conversation = jest.fn();
    expect(await matchingRules(policy, { event: event({}), at: new Date(0), conversation })).toEqual([]);
    expect(conversation).not.toHaveBeenCalled();
  });
});

describe('calendars', () => {
  const policy = parseSource(
    {
      webhooks: {},
      profiles: { bot: [], agent: [] },
      calendars: {
        office: { timeZone: 'Europe/Berlin', open: { 'mon-fri': ['09:00-17:00'] } },
        lunch: { timeZone: 'Europe/Berlin', open: { 'mon-fri': ['12:00-13:00'] } },
      },
      rules: [
        { on: 'onMessageAdded', when: { Body: 'hi' }, during: 'office', outside: 'lunch', profile: 'agent' },
        { on: 'onMessageAdded', outside: 'office', profile: 'bot' },
        { on: 'onMessageAdded', when: { Body: 'hi' }, profile: 'bot' },
      ],
    },
    {},
    site,
  );

  test.each([
    ['2026-11-02T08:00:00Z', [0, 2]],
    ['2026-11-02T11:30:00Z', [2]],
    ['2026-11-02T16:00:00Z', [1, 2]],
    ['2026-11-01T09:00:00Z', [1, 2]],
  ])('narrow the rules at %s to %j', async (at, expected) => {
    const context = { event: event({ Body: 'hi' }), at: new Date(at), conversation: async () => undefined };
    const found = await matchingRules(policy, context);
    expect(found.map((rule) => policy.rules.indexOf(rule))).toEqual(expected);
  });
});

test('subscribes the router to the events of the rules, and always to messages', () => {
  expect(routerFilters(shipped)).toEqual(['onMessageAdded', 'onConversationStateUpdated']);
  expect(routerFilters(policyOf([]))).toEqual(['onMessageAdded']);
  expect(routerFilters(policyOf([{ on: 'onConversationAdded', profile: 'bot' }]))).toEqual([
    'onMessageAdded',
  ]);
});

test.each([
  [{}, 'rules[0].when: is empty; add a condition'],
  [[], 'rules[0].when: is empty; add at least one'],
  [[{}], 'rules[0].when[0]: is empty; add a condition'],
  [[{ Body: 'x' }, [{}]], 'rules[0].when[1]: must be an object, not an array'],
  [5, 'rules[0].when: must be an object, not 5'],
  [{ Body: null }, 'rules[0].when.Body: must be a string, a number, true or false, not null'],
  [
    { Body: ['a'] },
    'rules[0].when.Body: must be a string, a number, true or false, not an array; did you mean {"in": […]}?',
  ],
  [{ Body: {} }, 'rules[0].when.Body: is empty; write exists, not, in, atLeast, atMost, words or matches'],
  [{ Body: { word: ['a'] } }, 'rules[0].when.Body: "word" is not a condition; did you mean "words"?'],
  [
    { Body: { equals: 'a' } },
    'rules[0].when.Body: "equals" is not a condition; write exists, not, in, atLeast, atMost, words or matches',
  ],
  [{ Body: { not: null } }, 'rules[0].when.Body.not: must be a string'],
  [
    { Body: { not: ['a'] } },
    'rules[0].when.Body.not: must be a string, a number, true or false, not an array; did',
  ],
  [{ Body: { not: {} } }, 'rules[0].when.Body.not: is empty'],
  [{ Body: { not: { matches: '(' } } }, 'rules[0].when.Body.not.matches: is not a valid regular expression'],
  [{ Body: { exists: 'true' } }, 'rules[0].when.Body.exists: must be true or false, not "true"'],
  [{ Body: { atLeast: '5' } }, 'rules[0].when.Body.atLeast: must be a number, not "5"'],
  [[{ Body: { atMost: null } }], 'rules[0].when[0].Body.atMost: must be a number, not null'],
  [{ Body: { constructor: 'a' } }, 'rules[0].when.Body: "constructor" is not a condition'],
  [{ Body: { in: 'a' } }, 'rules[0].when.Body.in: must be an array of values, not "a"'],
  [{ Body: { in: [] } }, 'rules[0].when.Body.in: is empty'],
  [{ Body: { in: ['a', null] } }, 'rules[0].when.Body.in[1]: must be a string'],
  [{ Body: { words: ['a', ' '] } }, 'rules[0].when.Body.words[1]: is empty'],
  [{ Body: { words: ['\ufe0f\u20e3'] } }, 'rules[0].when.Body.words[0]: is empty'],
  [{ Body: { words: 'a' } }, 'rules[0].when.Body.words: must be an array of words, not "a"'],
  [{ Body: { words: [5] } }, 'rules[0].when.Body.words[0]: must be a string, not 5'],
  [{ Body: { matches: '(' } }, 'rules[0].when.Body.matches: is not a valid regular expression'],
  [{ Body: { matches: 5 } }, 'rules[0].when.Body.matches: must be a string, not 5'],
  [{ Body: { matches: '' } }, 'rules[0].when.Body.matches: is empty'],
  [{ Body: { matches: '(a+)+' } }, 'rules[0].when.Body.matches: has nested quantifiers'],
  [
    { Conversation: 'x' },
    'rules[0].when.Conversation: is not a field of a conversation; write Conversation.Attributes, Conversation.FriendlyName, Conversation.UniqueName or Conversation.State',
  ],
  [
    { 'Conversation.atributes.tier': 'gold' },
    'rules[0].when["Conversation.atributes.tier"]: is not a field of a conversation; did you mean "Conversation.Attributes"?',
  ],
  [
    { 'Conversation.friendly_name': 'x' },
    'rules[0].when["Conversation.friendly_name"]: is not a field of a conversation; did you mean "Conversation.FriendlyName"?',
  ],
  [
    [{ Body: 'a', 'Conversation.State.x': 1 }],
    'rules[0].when[0]["Conversation.State.x"]: is not a field of a conversation; did you mean "Conversation.State"?',
  ],
  [
    { 'Conversation.atributes.customer.address.city': 'Bonn' },
    'is not a field of a conversation; did you mean "Conversation.Attributes"?',
  ],
  [{ 'Conversation.x.Attributes.tier': 'gold' }, 'is not a field of a conversation'],
  [{ 'Conversation.Attributes.': 'x' }, 'rules[0].when["Conversation.Attributes."]: is not a field of'],
  [
    { 'Conversation.Attributes.tier': null },
    'rules[0].when["Conversation.Attributes.tier"]: must be a string',
  ],
  [{ 'Attributes.tier': null }, 'rules[0].when["Attributes.tier"]: must be a string'],
])('rejects when %j: %s', async (when, sentence) => {
  await expect(holds(when, {})).rejects.toMatchObject({
    code: 20001,
    details: { issues: [expect.stringContaining(sentence)] },
  });
});
