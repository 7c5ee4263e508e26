// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable

import { parseConversationEvent } from '../../src/events/parse';
import type { ConversationEvent } from '../../src/events/types';
import { ApiError } from '../../src/lib/api-error';
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
  matchingRules(policy, { event: received, at: new Date(0) }, new PatternBudget(), warnings);
const holds = (when: object, fields: object) =>
  matching(policyOf([{ on: 'onMessageAdded', when, profile: 'agent' }]), event(fields)).length === 1;

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
])('matches %j with %j: %s', (when, fields, expected) => {
  expect(holds(when, fields)).toBe(expected);
});

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

test('finds all rules that match the event, in any profile', () => {
  const [, toAgent, toClosed] = shipped.rules;
  expect(matching(shipped, event({ Body: 'bye, agent' }))).toEqual([toAgent, toClosed]);
  expect(matching(shipped, event({ Body: 'hello' }))).toEqual([]);
  expect(matching(shipped, event({ EventType: 'onMessageUpdated', Body: 'agent' }))).toEqual([]);
});

test('applies the first matching rule of the profile', () => {
  const [added, toAgent, toClosed] = shipped.rules;
  const both = matching(shipped, event({ Body: 'bye, agent' }));
  expect(firstApplicableRule(both, 'bot')).toBe(toAgent);
  expect(firstApplicableRule(both, 'agent')).toBe(toClosed);
  expect(firstApplicableRule(both, 'constructor')).toBe(toClosed);
  expect(firstApplicableRule([toAgent!], 'agent')).toBeUndefined();
  expect(firstApplicableRule(both, undefined)).toBeUndefined();
  expect(firstApplicableRule([added!], undefined)).toBe(added);
  expect(firstApplicableRule([added!], 'bot')).toBeUndefined();
  expect(firstApplicableRule([toAgent!, added!], undefined)).toBe(added);
});

test('does not match a rule whose patterns take too long, not even by negation, and says so', () => {
  const slow = { matches: '(a|a)+b' };
  const policy = policyOf([
    { on: 'onMessageAdded', when: { Body: slow }, profile: 'bot' },
    { name: 'negated', on: 'onMessageAdded', when: { Body: { not: slow } }, profile: 'bot' },
    { on: 'onMessageAdded', when: [{ Body: slow }, { Author: 'jane' }], profile: 'bot' },
    { on: 'onMessageAdded', when: { Body: { words: ['now'] } }, profile: 'closed' },
  ]);
  const warnings: string[] = [];
  const played = (Body: string) => matching(policy, event({ Author: 'jane', Body }), warnings);
  const found = played(`now ${'a'.repeat(60)}`);
  expect(found).toEqual([policy.rules[2], policy.rules[3]]);
  const sentence = 'did not match: the patterns of one event may take 100 ms together';
  expect(warnings).toEqual([`rules[0] ${sentence}`, `negated ${sentence}`]);
  expect(played('now ab')).toHaveLength(3);
  expect(warnings).toHaveLength(2);
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
  ])('narrow the rules at %s to %j', (at, expected) => {
    const found = matchingRules(policy, { event: event({ Body: 'hi' }), at: new Date(at) });
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
  [{ Body: { words: [5] } }, 'rules[0].when.Body.words[0]: must be a string, not 5'],
  [{ Body: { matches: '(' } }, 'rules[0].when.Body.matches: is not a valid regular expression'],
  [{ Body: { matches: '' } }, 'rules[0].when.Body.matches: is empty'],
  [{ Body: { matches: '(a+)+' } }, 'rules[0].when.Body.matches: has nested quantifiers'],
  [{ 'Attributes.tier': null }, 'rules[0].when["Attributes.tier"]: must be a string'],
])('rejects when %j: %s', (when, sentence) => {
  expect(() => holds(when, {})).toThrow(ApiError);
  expect(() => holds(when, {})).toThrow(`policy.private.json: ${sentence}`);
});
