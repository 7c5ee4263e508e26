// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable
import fc from 'fast-check';
import { lintPolicy, lintText } from '../../src/policy/lint';
import { ruleName } from '../../src/policy/rule';
import { buildPolicy, parseSource } from '../support/policy';

const filters = ['onMessageAdded'];
const crm = { target: 'webhook', url: 'https://crm.example/in', filters };
const FW = `FW${'a'.repeat(32)}`;

type Parts = { webhooks?: unknown; profiles?: unknown; rules?: unknown; formerDomains?: unknown };
const policy = (parts: Parts = {}) => ({
  webhooks: { crm },
  profiles: { bot: [], agent: ['crm'] },
  rules: [],
  ...parts,
});
const faultsOf = (json: unknown) => lintPolicy(json).issues;

test.each<[unknown, ...string[]]>([
  [null, 'the policy: must be an object, not null'],
  [[], 'the policy: must be an object, not an array'],
  [
    {},
    'the policy: "webhooks" is missing',
    'the policy: "profiles" is missing',
    'the policy: "rules" is missing',
  ],
  [{ ...policy(), rule: [] }, 'the policy: unknown key "rule"; did you mean "rules"?'],
  [
    JSON.parse('{"webhooks":{},"profiles":{},"rules":[],"__proto__":{}}'),
    'the policy: unknown key "__proto__"; use webhooks',
  ],
  [{ ...policy(), $schema: 1 }, '$schema: must be a string, not 1'],
  [policy({ webhooks: [] }), 'webhooks: must be an object, not an array'],
  [policy({ rules: {} }), 'rules: must be an array of rules, not an object'],
  [policy({ rules: null }), 'rules: must be an array of rules, not null'],
  [policy({ rules: [null] }), 'rules[0]: must be an object, not null'],
  [{ ...policy({ profiles: 5 }), formerProfiles: { robot: 'bot' } }, 'profiles: must be an object, not 5'],
])('rejects %j: %s', (json, ...issues) => {
  expect(faultsOf(json)).toEqual(issues.map((fault) => expect.stringContaining(fault)));
});

const flow = { target: 'studio', flowSid: FW };
test.each<[object, ...string[]]>([
  [{}, 'webhooks.x: "target" is missing'],
  [[], 'webhooks.x: must be an object, not an array'],
  [{ ...crm, target: 5 }, 'webhooks.x.target: must be a string, not 5'],
  [{ ...crm, target: 'hook' }, 'webhooks.x.target: "hook" is unknown; send webhook, trigger or studio'],
  [{ ...crm, target: '${T}' }, 'webhooks.x.target: "${T}" is unknown'],
  [{ ...crm, Url: '/x' }, 'webhooks.x: unknown key "Url"; did you mean "url"?'],
  [{ ...crm, flow_sid: FW }, 'webhooks.x: unknown key "flow_sid"; did you mean "flowSid"?'],
  [
    { ...crm, filters: 'onMessageAdded' },
    'webhooks.x.filters: must be an array of filters, not "onMessageAdded"',
  ],
  [
    { ...crm, filters: [1], url: null },
    'webhooks.x.url: must be a string, not null',
    'webhooks.x.filters[0]: must be a string, not 1',
  ],
  [
    { ...crm, filters: ['onMessageAdd'] },
    'webhooks.x.filters: "onMessageAdd" is a pre-event, which scoped webhooks do not receive; did you mean',
  ],
  [{ ...crm, filters: [] }, 'webhooks.x.filters: is empty: name at least one event'],
  [{ target: 'webhook', filters }, 'webhooks.x.url: is missing: target "webhook" needs it'],
  [
    { ...crm, triggers: ['a'] },
    'webhooks.x.triggers: does not belong to target "webhook"; did you mean filters, the events',
  ],
  [
    { ...flow, url: '/x' },
    'webhooks.x.url: does not belong to target "studio"; did you mean flowSid, the flow that it starts?',
  ],
  [
    { ...crm, endExecutions: true },
    'webhooks.x.endExecutions: does not belong to target "webhook"; only a studio webhook has executions',
  ],
  [
    { target: 'trigger', url: '/x', triggers: ['a'], endExecutions: false },
    'webhooks.x.endExecutions: does not belong to target "trigger"',
  ],
  [{ ...flow, endExecutions: 'true' }, 'webhooks.x.endExecutions: must be true or false, not "true"'],
  [{ ...crm, method: 'PUT' }, 'webhooks.x.method: "PUT" is neither get nor post'],
  [{ ...crm, url: 'http://crm.example' }, 'webhooks.x.url: must use https'],
  [
    { ...crm, url: 'ftp://Url/Filters' },
    'webhooks.x.url: "ftp://Url/Filters" is not valid; send an https URL',
  ],
  [{ ...crm, url: '${A' }, 'webhooks.x.url: "${A" has a malformed variable; write ${NAME}'],
  [
    { target: 'trigger', url: '/x', triggers: ['onMessageAdded'] },
    'webhooks.x.triggers: "onMessageAdded" is an event, not a keyword; did you mean target "webhook" with filters?',
  ],
  [{ target: 'trigger', url: '/x', triggers: [...'abcdef'] }, 'webhooks.x.triggers: has 6 keywords'],
  [{ target: 'studio', flowSid: 'FW1' }, 'webhooks.x.flowSid: "FW1" is malformed'],
])('rejects the webhook %j: %s', (x, ...issues) => {
  expect(faultsOf(policy({ webhooks: { crm, x } }))).toEqual(
    issues.map((fault) => expect.stringContaining(fault)),
  );
});

test.each<[Parts, string]>([
  [
    { webhooks: { crm, b: { ...crm, method: 'get' } } },
    'webhooks.b: is a duplicate of "crm": same target, same URL',
  ],
  [
    { webhooks: { crm, b: { ...crm, url: 'https://CRM.example:443/in#rc=2' } } },
    'webhooks.b: is a duplicate of "crm"',
  ],
  [
    { webhooks: { crm, a: flow, b: { ...flow, filters } } },
    'webhooks.b: is a duplicate of "a": same target, same flow',
  ],
  [
    { webhooks: { crm, a: { ...crm, url: '${U}/x#1' }, b: { ...crm, url: '${U}/x#2' } } },
    'webhooks.b: is a duplicate of "a"',
  ],
  [
    { webhooks: { crm, a: { ...flow, flowSid: '${F}' }, b: { ...flow, flowSid: '${F}' } } },
    'webhooks.b: is a duplicate of "a"',
  ],
  [
    { webhooks: { crm, r: { ...crm, url: '/events/conversation?Profile=bot' } } },
    "webhooks.r.url: is the router's URL",
  ],
  [
    {
      webhooks: { crm, r: { ...crm, url: 'https://old.twil.io/events/conversation' } },
      formerDomains: ['OLD.twil.io'],
    },
    "webhooks.r.url: is the router's URL",
  ],
  [
    { webhooks: { crm, a: { ...crm, url: 'https://me:hunter2@crm.example' } } },
    'webhooks.a.url: must not have a user name or password; put a key into its query instead',
  ],
  [
    { profiles: { bot: ['crn'] } },
    'profiles.bot[0]: "crn" is not a webhook of this policy; did you mean "crm"?',
  ],
  [{ profiles: { bot: ['crm', 'crm'] } }, 'profiles.bot[1]: "crm" is a duplicate'],
  [{ profiles: { bot: 'crm' } }, 'profiles.bot: must be an array of webhooks, not "crm"'],
  [{ profiles: { bot: null } }, 'profiles.bot: must be an array of webhooks, not null'],
  [{ profiles: { bot: [5] } }, 'profiles.bot[0]: must be a string, not 5'],
  [{ profiles: { 'a b': [] } }, 'profiles["a b"]: is not a valid name; use a letter'],
  [{ profiles: JSON.parse('{"__proto__":[]}') }, 'profiles.__proto__: is not a valid name'],
  [{ profiles: { ['x'.repeat(41)]: [] } }, `profiles.${'x'.repeat(41)}: is not a valid name`],
  [{ webhooks: { crm, '1': flow } }, 'webhooks["1"]: is not a valid name'],
  [
    { formerDomains: ['https://old.twil.io'] },
    'formerDomains[0]: "https://old.twil.io" is not a valid host; write one like bots-1234.twil.io',
  ],
  [{ formerDomains: 'a.io' }, 'formerDomains: must be an array of hosts, not "a.io"'],
  [{ formerDomains: ['a.io', 'a.io'] }, 'formerDomains[1]: "a.io" is a duplicate'],
  [{ formerDomains: ['${1}'] }, 'formerDomains[0]: "${1}" has a malformed variable'],
])('rejects %j: %s', (parts, fault) => {
  expect(faultsOf(policy(parts))).toEqual([expect.stringContaining(fault)]);
});

test('allows four webhooks in a profile, beside the router', () => {
  const webhooks = Object.fromEntries([...'abcde'].map((name) => [name, { ...crm, url: `/${name}` }]));
  expect(faultsOf({ webhooks, profiles: { p: [...'abcd'] }, rules: [] })).toEqual([]);
  expect(faultsOf({ webhooks, profiles: { p: [...'abcde'] }, rules: [] })).toEqual([
    'profiles.p: has 5 webhooks; the maximum is 4, as the router takes a slot',
  ]);
});

test.each([0, 1, 4])('accepts a profile with %i webhooks', (count) => {
  const names = [...'abcd'].slice(0, count);
  const webhooks = Object.fromEntries(names.map((name) => [name, { ...crm, url: `/${name}` }]));
  expect(faultsOf({ webhooks, profiles: { p: names }, rules: [] })).toEqual([]);
});

test.each([5, 6])('rejects a profile with %i webhooks, known or not', (count) => {
  const names = [...'abcdef'].slice(0, count);
  const webhooks = Object.fromEntries(names.map((name) => [name, { ...crm, url: `/${name}` }]));
  expect(faultsOf({ webhooks, profiles: { p: names }, rules: [] })).toHaveLength(1);
  expect(faultsOf({ webhooks: {}, profiles: { p: names }, rules: [] })).toHaveLength(count + 1);
});

test.each([
  ['a', 0],
  ['Z-_9', 0],
  ['x'.repeat(39), 0],
  ['x'.repeat(40), 0],
  ['x'.repeat(41), 1],
  ['', 1],
  ['1a', 1],
  ['-a', 1],
  ['_a', 1],
  ['a.b', 1],
  ['\u00e9', 1],
  ['a\n', 1],
])('finds in the name %j of a profile or a webhook this many issues: %i', (name, count) => {
  expect(faultsOf(policy({ profiles: { [name]: [] } }))).toHaveLength(count);
  expect(faultsOf(policy({ webhooks: { crm, [name]: { ...crm, url: '/other' } } }))).toHaveLength(count);
});

const on = 'onMessageAdded';
const when = { Body: 'x' };
test.each<[object, string]>([
  [{ on, profile: 'agnt' }, 'rules[0].profile: "agnt" is not a profile; did you mean "agent"?'],
  [{ on, profile: 'constructor' }, 'rules[0].profile: "constructor" is not a profile'],
  [{ on, profile: '${P}' }, 'rules[0].profile: "${P}" is not a profile'],
  [
    { on, profile: 'bot', from: ['agents'] },
    'rules[0].from[0]: "agents" is not a profile; did you mean "agent"?',
  ],
  [{ on, profile: 'bot', from: [] }, 'rules[0].from: is empty; add at least one'],
  [{ on, profile: 'bot', from: 'agent' }, 'rules[0].from: must be an array of profiles, not "agent"'],
  [{ on, profile: 'bot', from: ['agent', 'agent'] }, 'rules[0].from[1]: "agent" is a duplicate'],
  [
    { on: 'onMessageAdd', profile: 'bot' },
    'rules[0].on: "onMessageAdd" is not a valid event; did you mean "onMessageAdded"?',
  ],
  [{ on: 'onUserAdded', profile: 'bot' }, 'rules[0].on: "onUserAdded" is not a valid event'],
  [{ profile: 'bot' }, 'rules[0]: "on" is missing'],
  [{ on }, 'rules[0]: "profile" is missing'],
  [{ on, profile: 'bot', froms: ['agent'] }, 'rules[0]: unknown key "froms"; did you mean "from"?'],
  [
    { on, profile: 'bot', replay: 'latest' },
    'rules[0].replay: "latest" is not a valid replay; write start, this or next',
  ],
  [{ on, profile: 'bot', replay: 3 }, 'rules[0].replay: must be start, this or next, not 3'],
  [
    { on: 'onDeliveryUpdated', profile: 'bot', replay: 'this' },
    'rules[0].replay: "this" needs a message, and onDeliveryUpdated has none',
  ],
  [{ on: 'onConversationAdded', profile: 'bot', replay: 'this' }, 'rules[0].replay: "this"'],
  [
    { on: 'onConversationAdded', profile: 'bot', from: ['bot'] },
    'rules[0].from: never matches onConversationAdded',
  ],
])('rejects the rule %j: %s', (rule, fault) => {
  expect(faultsOf(policy({ rules: [rule] }))).toEqual([expect.stringContaining(fault)]);
});

describe('names of rules', () => {
  const rule = (more: object) => ({ on, profile: 'bot', ...more });
  const names = (...rules: object[]) => faultsOf(policy({ rules: rules.map(rule) }));

  test('appear in issues, in place of the index', () => {
    const edited = { on: 'onMessageUpdated' };
    expect(names({ name: 'asks-for-human', from: ['x'] }, { ...edited, name: 'edits', replay: 'x' })).toEqual(
      [
        expect.stringMatching(/^rules\["asks-for-human"\]\.from\[0\]: "x" is not a profile/),
        expect.stringMatching(/^rules\.edits\.replay: "x" is not a valid replay/),
      ],
    );
    expect(names({ name: 'all' }, { name: 'some', when }, { when })).toEqual([
      'rules.some: unreachable: shadowed by rules.all',
      'rules[2]: unreachable: shadowed by rules.all',
    ]);
  });

  test.each<[unknown, string]>([
    ['1st', 'rules[1].name: is not a valid name; use a letter'],
    ['', 'rules[1].name: is not a valid name; use a letter'],
    ['x'.repeat(41), 'rules[1].name: is not a valid name; use a letter'],
    [5, 'rules[1].name: must be a string, not 5'],
    [null, 'rules[1].name: must be a string, not null'],
    ['first', 'rules[1].name: "first" is a duplicate of rules[0]'],
  ])('cannot be %j: %s', (name, issue) => {
    expect(names({ name: 'first', from: ['bot'] }, { name, from: ['agent'] })).toEqual([
      expect.stringContaining(issue),
    ]);
  });

  test('are not duplicates if they are no names', () => {
    expect(names({ name: 5, from: ['bot'] }, { name: 5, from: ['agent'] })).toEqual([
      'rules[0].name: must be a string, not 5',
      'rules[1].name: must be a string, not 5',
    ]);
  });

  test('belong to the rule, and descriptions do not', () => {
    const rules = [rule({ name: 'a', description: 'b', from: ['bot'] }), rule({ from: ['agent'] })];
    const parsed = parseSource(
      JSON.stringify(policy({ rules })),
      {},
      { domainName: 'x.twil.io', local: false },
    );
    expect(parsed.rules.map(ruleName)).toEqual(['a', 'rules[1]']);
    expect(parsed.rules[0]).toEqual({ name: 'a', on, from: ['bot'], profile: 'bot', replay: 'next' });
  });

  test('are unique, valid, and found by ruleName whatever they are', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[A-Za-z][\w-]{0,3}$/),
      fc.string({ maxLength: 3 }),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 5 }), (list) => {
        const rules = list.map((name) => ({ name, when: { Body: `${Math.random()}` } }));
        const given = list.filter((item) => item !== undefined);
        const valid = given.filter((item) => /^[a-z][a-z0-9_-]*$/i.test(item) && !item.includes('\n'));
        const issues = names(...rules);
        expect(issues.length === 0).toBe(new Set(valid).size === given.length);
      }),
    );
  });
});

test.each<[object, string]>([
  [{ webhooks: { crm: { ...crm, description: 5 } } }, 'webhooks.crm.description: must be a string, not 5'],
  [
    { profiles: { bot: { webhooks: [], description: [] } } },
    'profiles.bot.description: must be a string, not an array',
  ],
  [{ profiles: { bot: {} } }, 'profiles.bot: "webhooks" is missing'],
  [
    { profiles: { bot: { webhooks: 'crm' } } },
    'profiles.bot.webhooks: must be an array of webhooks, not "crm"',
  ],
  [
    { profiles: { bot: { webhooks: null } } },
    'profiles.bot.webhooks: must be an array of webhooks, not null',
  ],
  [
    { profiles: { bot: { webhooks: ['crn'] } } },
    'profiles.bot.webhooks[0]: "crn" is not a webhook of this policy',
  ],
  [{ profiles: { bot: { webhooks: [], rules: [] } } }, 'profiles.bot: unknown key "rules"'],
  [{ profiles: { bot: { webhooks: ['crm', 'crm'] } } }, 'profiles.bot.webhooks[1]: "crm" is a duplicate'],
  [
    { rules: [{ on: 'onMessageAdded', profile: 'bot', description: 1 }] },
    'rules[0].description: must be a string',
  ],
])('rejects the description or profile in %j: %s', (parts, issue) => {
  expect(faultsOf(policy(parts))).toEqual([expect.stringContaining(issue)]);
});

test('reads a profile with a description like an array', () => {
  const parse = (crmProfile: unknown, more: object = {}) =>
    parseSource(
      JSON.stringify(policy({ webhooks: { crm: { ...crm, ...more } }, profiles: { agent: crmProfile } })),
      {},
      { domainName: 'x.twil.io', local: false },
    );
  expect(
    parse({ webhooks: ['crm'], description: 'people' }, { description: '${X} is no variable here' }),
  ).toEqual(parse(['crm']));
});

test('does not report unknown names if the names are not valid themselves', () => {
  const json = policy({ webhooks: 1, profiles: { bot: ['x'] }, rules: [{ on, profile: 'bot' }] });
  expect(faultsOf(json)).toEqual(['webhooks: must be an object, not 1']);
  expect(faultsOf(policy({ profiles: [], rules: [{ on, profile: 'x' }] }))).toEqual([
    'profiles: must be an object, not an array',
  ]);
});

test('leaves loopback URLs to the deployment', () => {
  const json = policy({ webhooks: { crm: { ...crm, url: 'http://127.0.0.1:4010/in' } } });
  expect(faultsOf(json)).toEqual([]);
  expect(() => parseSource(JSON.stringify(json), {}, { domainName: 'x.twil.io', local: false })).toThrow(
    'webhooks.crm.url: is a loopback address',
  );
});

const turns = (rules: object[]) =>
  faultsOf(policy({ rules: rules.map((rule) => ({ on, profile: 'agent', ...rule })) }));

test.each<[object[], string]>([
  [[{}, {}], 'rules[0]'],
  [[{}, { when }], 'rules[0]'],
  [[{}, { from: ['bot'] }], 'rules[0]'],
  [[{ when }, { when, from: ['bot'] }], 'rules[0]'],
  [[{ when: { Index: 1 } }, { when: [{ Index: { in: ['1'] } }] }], 'rules[0]'],
  [[{ from: ['bot'] }, { from: ['agent'] }, { from: ['agent', 'bot'], when }], 'rules[1]'],
])('reports that the last of the rules %j is shadowed by %s', (rules, because) => {
  expect(turns(rules)).toEqual([`rules[${rules.length - 1}]: unreachable: shadowed by ${because}`]);
});

test.each<[object[]]>([
  [[{ when }, {}]],
  [[{ when }, { when: { Body: 'y' } }]],
  [[{ from: ['bot'] }, {}]],
  [[{ from: ['bot'] }, { from: ['agent'] }, {}]],
  [[{ from: ['bot'] }, { from: ['bot', 'agent'] }]],
  [[{ from: ['bot'], when }, { from: ['bot'] }]],
  [[{ on: 'onMessageUpdated' }, {}]],
])('accepts the rules %j, which are all reachable', (rules) => {
  expect(turns(rules)).toEqual([]);
});

test.each<[object, string]>([
  [{ on: 'onMessage' }, 'on: "onMessage" is not a valid event'],
  [{ profile: 'agnt' }, 'profile: "agnt" is not a profile'],
  [{ profile: 'agnt', replay: 'x' }, 'profile: "agnt" is not a profile'],
  [{ replay: 'x' }, 'replay: "x" is not a valid replay'],
])('says of rules that are invalid by %j nothing about what shadows them', (part, issue) => {
  const issues = turns([part, part]);
  expect(issues).toContainEqual(expect.stringContaining(`rules[1].${issue}`));
  expect(issues.filter((each) => each.includes('unreachable'))).toEqual([]);
});

test('reports every issue at once', () => {
  const json = policy({
    profiles: { bot: ['crn'] },
    rules: [
      { on, profile: 'bto' },
      { on: 'x', profile: 'bot' },
    ],
  });
  expect(faultsOf(json)).toHaveLength(3);
});

describe('warnings', () => {
  const warningsOf = (parts: Parts) => lintPolicy(policy(parts)).warnings;

  test('warn of a change that needs too many slots', () => {
    const webhooks = Object.fromEntries([...'abcde'].map((name) => [name, { ...crm, url: `/${name}` }]));
    const profiles = { one: [...'abc'], two: [...'cde'], three: ['a'] };
    const rules = [
      { on: 'onConversationAdded', profile: 'one' },
      { on, from: ['one'], profile: 'two' },
      { on, from: ['three'], profile: 'one' },
      { on: 'onMessageRemoved', profile: 'one' },
      { on: 'onMessageUpdated', profile: 'three' },
    ];
    expect(warningsOf({ webhooks, profiles, rules })).toEqual([
      'rules[1]: going from "one" to "two" takes up to 6 webhooks at once, router included, but a conversation has 5 slots: some old webhooks are deleted before the new ones are created',
      expect.stringMatching(/^rules\[3\]: going from "two" to "one" takes up to 6 /),
    ]);
  });

  test('say how many slots the largest of several changes needs', () => {
    const webhooks = Object.fromEntries([...'abcdef'].map((name) => [name, { ...crm, url: `/${name}` }]));
    const profiles = { one: ['a'], two: [...'ab'], four: [...'cdef'] };
    const rules = [{ on, from: ['one', 'two'], profile: 'four' }];
    expect(warningsOf({ webhooks, profiles, rules })).toContainEqual(
      expect.stringMatching(
        /^rules\[0\]: going from "one" or "two" to "four" takes up to 7 webhooks at once/,
      ),
    );
  });

  test('warn of a condition on a field that its event does not have', () => {
    const stateRule = {
      on: 'onConversationStateUpdated',
      profile: 'bot',
      when: { State: 'closed', StateTo: 'closed' },
    };
    const messageRule = {
      on,
      profile: 'bot',
      when: { body: 'x', Author: 'x', 'Attributes.tier': 1, 'Atributes.tier': 1 },
    };
    const profiles = { bot: ['crm'] };
    const alternatives = { on, profile: 'bot', when: [{ Author: 'x' }, { Bdy: 'x' }] };
    expect(warningsOf({ profiles, rules: [alternatives] })).toEqual([
      'rules[0].when[1].Bdy: "Bdy" is not a documented field of onMessageAdded; did you mean "Body"?',
    ]);
    expect(warningsOf({ profiles, rules: [stateRule, messageRule] })).toEqual([
      expect.stringMatching(
        /^rules\[0\]\.when\.State: "State" is not a documented field of onConversationStateUpdated; it has EventType, .*, StateTo and Reason$/,
      ),
      'rules[1].when.body: "body" is not a documented field of onMessageAdded; did you mean "Body"?',
      expect.stringMatching(/^rules\[1\]\.when\["Atributes\.tier"\]: .*; did you mean "Attributes"\?$/),
    ]);
  });

  test.each([
    ['conversation.attributes.tier', 'Conversation.Attributes.tier'],
    ['Converstion.Attributes.order.tier', 'Conversation.Attributes.order.tier'],
    ['conversation.state', 'Conversation.State'],
  ])('warn of %s, and suggest %s', (field, meant) => {
    const rules = [{ on, profile: 'bot', when: { [field]: 'x' } }];
    expect(warningsOf({ profiles: { bot: ['crm'] }, rules })).toEqual([
      `rules[0].when["${field}"]: "${field}" is not a documented field of ${on}; did you mean "${meant}"?`,
    ]);
  });

  test('warn of a rule on the removal of a conversation', () => {
    const rules = ['onConversationRemoved', 'onMessageAdded'].map((event) => ({ on: event, profile: 'bot' }));
    expect(warningsOf({ profiles: { bot: ['crm'] }, rules })).toEqual([
      expect.stringMatching(/^rules\[0\]: never does anything: .* the conversation is gone/),
    ]);
  });

  const one = (rule: object) =>
    warningsOf({ profiles: { bot: ['crm'] }, rules: [{ on, profile: 'bot', ...rule }] });

  test.each([
    [{ Body: 'x' }, 'rules[0].when.Body'],
    [{ Body: { not: 'x' }, 'Attributes.x': 1 }, 'rules[0].when.Body'],
    [[{ Author: 'a' }, { Body: 'x' }], 'rules[0].when[1].Body'],
  ])('warn of the words of anybody in %j', (when, path) => {
    expect(one({ when })).toEqual([
      `${path}: also matches what a bot or an agent writes; add a condition on Source, Author, ClientIdentity or ParticipantSid`,
    ]);
    expect(one({ name: 'a', when })[0]).toContain(path.replace('rules[0]', 'rules.a'));
  });

  test.each(['Source', 'Author', 'ClientIdentity', 'ParticipantSid'])(
    'accept Body with a condition on %s',
    (field) => {
      expect(one({ when: { Body: 'x', [field]: { not: 'API' } } })).toEqual([]);
    },
  );

  test('warn of a replay from an edited message', () => {
    const edit = { on: 'onMessageUpdated', replay: 'this' };
    expect(one(edit)).toEqual([
      expect.stringMatching(/^rules\[0\]\.replay: "this" replays every message since the/),
    ]);
    expect(one({ ...edit, replay: 'next' })).toEqual([]);
    expect(one({ ...edit, on })).toEqual([]);
  });

  test('warn of what nothing uses', () => {
    const other = { ...crm, url: '/other' };
    const rules = [{ on, profile: 'bot' }];
    expect(
      warningsOf({ webhooks: { crm, other }, profiles: { bot: ['crm'], 'a-b': ['crm'] }, rules }),
    ).toEqual([
      'webhooks.other: is in no profile, so it is never attached',
      'profiles["a-b"]: no rule leads to it, only a call of /webhooks/sync',
    ]);
    expect(warningsOf({ profiles: { bot: ['crm'], agent: [] } })).toEqual([
      'rules: is empty: only a call of /webhooks/sync manages a conversation',
    ]);
  });

  const state = 'onConversationStateUpdated';
  test.each<[string, object, string]>([
    [state, { StateTo: 'close' }, 'StateTo: never holds: StateTo is active, inactive or closed'],
    [state, { Reason: { in: ['timer', 'api'] } }, 'Reason: never holds: Reason is API, TIMER or EVENT'],
    [state, { EventType: on }, 'EventType: never holds: EventType is onConversationStateUpdated'],
    [state, { Reason: 'TIMER', Source: 'API' }, 'Source: never holds: a state change by timer has no Source'],
    [
      state,
      { Reason: { not: { in: ['API', 'EVENT'] } }, ClientIdentity: { exists: true } },
      'ClientIdentity: never holds: a state change by timer has no ClientIdentity',
    ],
    [
      on,
      { 'Conversation.State': 'open' },
      '["Conversation.State"]: never holds: Conversation.State is active',
    ],
    [
      'onDeliveryUpdated',
      { Status: 'seen' },
      'Status: never holds: Status is sent, delivered, read, failed or undelivered',
    ],
    [
      state,
      { Reason: 'TIMER', MessagingServiceSid: { exists: true } },
      'MessagingServiceSid: never holds: a state change by timer has no MessagingServiceSid',
    ],
    [
      state,
      { Reason: 'TIMER', ClientIdentity: { matches: '.' } },
      'ClientIdentity: never holds: a state change by timer has no ClientIdentity',
    ],
    [on, { Status: 'seen', Index: 1 }, 'Status: "Status" is not a documented field of onMessageAdded'],
    [
      on,
      { Reason: { in: ['TIMER'] }, Source: 'SMS' },
      'Reason: "Reason" is not a documented field of onMessageAdded',
    ],
    ...[
      { atLeast: 5, atMost: 3 },
      { in: ['SMS', 'API'], not: { in: ['API', 'SMS'] } },
      { in: ['1', '2'], atLeast: 3 },
      { in: ['SMS'], exists: false },
      { in: ['SMS'], words: ['api'] },
    ].map((Source): [string, object, string] => [
      on,
      { Source },
      'Source: never holds: what it asks for excludes itself',
    ]),
    [
      on,
      { Source: { in: ['SMS', 'whatsapp'] }, ClientIdentity: 'jane' },
      'ClientIdentity: never holds: only the Source SDK has a ClientIdentity',
    ],
  ])('warn that no %s meets %j', (event, when, warning) => {
    expect(one({ on: event, when })).toEqual([
      expect.stringContaining(`rules[0].when${warning.startsWith('[') ? '' : '.'}${warning}`),
    ]);
  });

  test.each<[string, object]>([
    [state, { StateTo: { in: ['closed', '${STATE}'] } }],
    [on, { Index: { atLeast: 3, atMost: 3 } }],
    [on, { Source: { in: ['SMS', 'API'], not: 'API' } }],
    [on, { Source: { in: ['SMS'], not: '${SOURCE}' } }],
    [state, { StateTo: '${STATE}', Reason: '${REASON}', Source: 'API' }],
    [state, { Reason: 'TIMER', Source: { not: 'API' } }],
    [state, { Reason: { in: ['TIMER', 'API'] }, Source: 'API' }],
    [state, { Reason: { not: 'TIMER' }, Source: 'API' }],
    [state, { StateTo: 'inactive', Source: 'API' }],
    [on, { Source: { not: 'API' }, ClientIdentity: 'jane' }],
    [on, { Source: 'SDK', ClientIdentity: 'jane' }],
    [
      on,
      {
        'Conversation.State': 'inactive',
        'Conversation.Attributes.tier': 'x',
        'Conversation.UniqueName': 'x',
      },
    ],
  ])('accept that %s can meet %j', (event, when) => {
    expect(one({ on: event, when })).toEqual([]);
  });

  test('warn of conditions on a state change just if none meets them', () => {
    const STATES = ['active', 'inactive', 'closed'];
    const events = STATES.flatMap((StateTo) => [
      { StateTo, Reason: 'TIMER' },
      ...['API', 'EVENT'].flatMap((Reason) => ['API', 'SDK'].map((Source) => ({ StateTo, Reason, Source }))),
    ]);
    const conditionOn = (values: string[]) =>
      fc.tuple(fc.subarray([...values, 'other'], { minLength: 1 }), fc.boolean()).map(([list, negated]) => ({
        values: list,
        negated,
        when: negated ? { not: { in: list } } : { in: list },
      }));
    const holds = ({ values, negated }: { values: string[]; negated: boolean }, value = '') =>
      values.includes(value) !== negated;
    const conditions = fc.record({
      StateTo: conditionOn(STATES),
      Reason: conditionOn(['API', 'TIMER', 'EVENT']),
      Source: fc.constantFrom(
        ...[['API'], ['SDK'], ['API', 'SDK']].flatMap((values) => [
          { values, negated: false, when: { in: values } as object },
          { values: ['other'], negated: true, when: { not: { in: ['other'] } } },
        ]),
      ),
    });
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(conditions, (fields) => {
        const possible = events.some((event) =>
          Object.entries(fields).every(([field, condition]) => holds(condition, event[field as 'StateTo'])),
        );
        const when = Object.fromEntries(
          Object.entries(fields).map(([field, condition]) => [field, condition.when]),
        );
        expect(one({ on: state, when }).length === 0).toBe(possible);
        seen[`${possible}`]++;
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(100);
  });

  test('are left out if there are issues', () => {
    expect(
      lintPolicy({ ...policy({ rules: [{ on, profile: 'bot', when: { body: 'x' } }] }), x: 1 }).warnings,
    ).toEqual([]);
  });
});

describe('of the text of a policy', () => {
  const url = (value: string) => ({
    webhooks: { crm: { ...crm, url: value } },
    rules: [{ on, profile: 'agent' }],
  });
  const text = (parts: Parts) => JSON.stringify(policy({ profiles: { agent: ['crm'], bot: [] }, ...parts }));
  const warnings = ['profiles.bot: no rule leads to it, only a call of /webhooks/sync'];

  test.each([undefined, { variables: { CRM_URL: 'https://crm.example' } }])(
    'has its warnings, and what the functions read, if there are no issues in the deployment %j',
    (deployment) => {
      const source = text(url('${CRM_URL}'));
      expect(lintText(source, deployment)).toEqual({
        issues: [],
        warnings,
        compiled: JSON.parse(buildPolicy(source)),
      });
    },
  );

  test.each<[unknown, string]>([
    ['{"webhooks": {},}', 'line 1, column 17: unexpected "}"; remove the comma before it'],
    [text({ rules: 5 }), 'rules: must be an array of rules, not 5'],
  ])('has only the issues of %j', (source, issue) => {
    expect(lintText(String(source))).toEqual({ issues: [issue], warnings: [] });
  });

  test.each<[object, object, string[]]>([
    [{ CRM_URL: '' }, {}, ['CRM_URL is not set in the environment']],
    [{}, { source: '.env' }, ['CRM_URL is not set in .env']],
    [
      { CRM_URL: 'http://localhost' },
      {},
      [expect.stringContaining('webhooks.crm.url: is a loopback address')],
    ],
    [{ CRM_URL: 'http://localhost' }, { local: true }, []],
  ])('says of a deployment with %j and %j: %j', (variables, more, issues) => {
    const lint = lintText(text(url('${CRM_URL}')), { variables: { ...variables }, ...more });
    expect(lint.issues).toEqual(issues);
    expect(lint.warnings).toEqual(issues.length > 0 ? [] : warnings);
    expect('compiled' in lint).toBe(issues.length === 0);
  });
});

test.each([
  ['(a|a)+b', 'grows with the length exponentially'],
  ['(a|A)+b', 'grows with the length exponentially'],
  ['(a?a)+b', 'grows with the length exponentially'],
  ['a*a*a*b', 'grows with the length to the power of 4'],
  ['\\w*-?\\w*#', 'grows with the length to the power of 3'],
])('rejects the pattern %s, which can run away: %s', (matches, reason) => {
  const rules = [{ on, when: { Author: 'a', Body: { not: { matches } } }, profile: 'bot' }];
  expect(faultsOf(policy({ rules }))).toEqual([
    expect.stringMatching(
      /^rules\[0\]\.when\.Body\.not\.matches: can take too long: its time .*, for example on "/,
    ),
  ]);
  expect(faultsOf(policy({ rules }))[0]).toContain(reason);
  expect(() =>
    parseSource(JSON.stringify(policy({ rules })), {}, { domainName: 'x.twil.io', local: false }),
  ).not.toThrow();
});

test.each(['\\bA-\\d{6}\\b', '[\\d,]+', 'order\\s*#?\\s*\\d{4,}', '\\p{L}+(\\s\\p{Lu})*', '^\\s+|\\s+$'])(
  'accepts the pattern %s, which is fast enough',
  (matches) => {
    expect(faultsOf(policy({ rules: [{ on, when: { Body: { matches } }, profile: 'bot' }] }))).toEqual([]);
  },
);
