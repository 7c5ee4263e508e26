// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IssueList } from '../../src/policy/issues';
import { lintPolicy, lintText } from '../../src/policy/lint';
import { parsePolicy } from '../../src/policy/policy';
import { reportApiError } from '../../src/policy/webhooks';
import { isRouter, routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';
import { routerState } from '../support/desired-state';
import { buildPolicy, parseSource, variablesOf } from '../support/policy';
import { root, DEMO_POLICY as shipped } from '../support/programs';

const BOT_FLOW_SID = `FW${'a'.repeat(32)}`;
const env = { BOT_FLOW_SID, CRM_URL: 'https://crm.example/in' };
const site = { domainName: 'bots-1234.twil.io', local: false };

test('accepts the policy in src/assets, whatever it is', () => {
  const text = readFileSync(join(root, 'src', 'assets', 'policy.private.json'), 'utf8');
  expect(lintText(text).issues).toEqual([]);
});

test('accepts the default policy without warnings', () => {
  expect(lintPolicy(JSON.parse(shipped))).toEqual({ issues: [], warnings: [] });
  expect(variablesOf(shipped)).toEqual(['BOT_FLOW_SID', 'CRM_URL']);
});

test('substitutes variables and applies defaults', () => {
  expect(parseSource(shipped, env, site)).toEqual({
    calendars: {},
    webhooks: {
      bot: { target: 'studio', flowSid: BOT_FLOW_SID, endExecutions: true },
      crm: {
        target: 'webhook',
        url: 'https://crm.example/in',
        method: 'post',
        filters: ['onMessageAdded', 'onDeliveryUpdated'],
      },
      sos: {
        target: 'trigger',
        url: 'https://crm.example/in/urgent',
        method: 'post',
        triggers: ['emergency', 'urgent'],
      },
    },
    profiles: { bot: ['bot', 'sos'], agent: ['crm', 'sos'], closed: [] },
    rules: [
      { name: 'new-conversation', on: 'onConversationAdded', profile: 'bot', replay: 'start' },
      {
        name: 'asks-for-human',
        on: 'onMessageAdded',
        from: ['bot'],
        when: [{ Source: { not: { in: ['API'] } }, Body: { words: ['agent', 'human'] } }],
        profile: 'agent',
        replay: 'this',
      },
      {
        name: 'conversation-closed',
        on: 'onConversationStateUpdated',
        when: [{ StateTo: { in: ['closed'] } }],
        profile: 'closed',
        replay: 'next',
      },
    ],
    formerDomains: [],
    formerProfiles: {},
  });
});

const read = (policy: object, values: object = {}) =>
  parseSource(JSON.stringify({ webhooks: {}, profiles: {}, rules: [], ...policy }), { ...values }, site);

test('defaults replay by the event, resolves a path, and lowercases a host', () => {
  const { rules, webhooks, formerDomains } = read({
    webhooks: { own: { target: 'webhook', url: '/own', filters: ['onMessageAdded'] } },
    profiles: { p: ['own'] },
    rules: [
      { on: 'onConversationAdded', profile: 'p' },
      { on: 'onMessageAdded', profile: 'p' },
    ],
    formerDomains: ['Bots-0000.TWIL.io'],
  });
  expect(rules.map(({ replay }) => replay)).toEqual(['start', 'next']);
  expect(webhooks.own).toMatchObject({ url: 'https://bots-1234.twil.io/own' });
  expect(formerDomains).toEqual(['bots-0000.twil.io']);
});

test.each([
  ['old.twil.io:443', 'old.twil.io'],
  ['old.twil.io:8443', 'old.twil.io:8443'],
  ['OLD.twil.io.', 'old.twil.io'],
  ['OLD.twil.io.:443', 'old.twil.io'],
  ['MÜNCHEN.example', 'xn--mnchen-3ya.example'],
  ['crm。example', 'crm.example'],
  ['localhost:3000', 'localhost:3000'],
  ['[0:0::1]:3000', '[::1]:3000'],
])('recognizes the router of the former domain %s', (domain, host) => {
  const { formerDomains } = read({ formerDomains: [domain] });
  expect(formerDomains).toEqual([host]);
  const router = routerDefinition(routerState('p'), {
    site: { domainName: host, local: false },
    formerDomains: [],
    filters: ['onMessageAdded'],
  });
  const attached = new FakeConversation().plant(router);
  expect(isRouter(attached, { site, formerDomains, filters: ['onMessageAdded'] })).toBe(true);
});

test.each([
  'old.twil.io:99999',
  'old..twil.io',
  '.twil.io',
  '.',
  'old.twil.io/',
  'a b',
  'a%2eb',
  'me@old.twil.io',
  '',
])('rejects the former domain %j', (domain) => {
  expect(errorOf(() => read({ formerDomains: [domain] }))?.details.issues).toEqual([
    `formerDomains[0]: "${domain}" is not a valid host; write one like bots-1234.twil.io`,
  ]);
});

test('reads what former profiles are called today', () => {
  const { formerProfiles } = read({
    profiles: { bot: [], agent: [] },
    formerProfiles: { robot: 'bot', helper: 'bot', desk: 'agent' },
  });
  expect(formerProfiles).toEqual({ robot: 'bot', helper: 'bot', desk: 'agent' });
  expect(formerProfiles.toString).toBeUndefined();
});

test.each<[object, string]>([
  [{ robot: 'bott' }, 'formerProfiles.robot: "bott" is not a profile; did you mean "bot"?'],
  [{ robot: 'desk', desk: 'bot' }, 'formerProfiles.robot: "desk" is not a profile'],
  [{ robot: 5 }, 'formerProfiles.robot: must be a string, not 5'],
  [{ agent: 'bot' }, 'formerProfiles.agent: is still a profile; list only names that are no longer used'],
  [
    { 'my robot': 'bot' },
    'formerProfiles["my robot"]: is not a valid name; use a letter, then letters, digits, - or _, up to 40 in all',
  ],
  [['robot'], 'formerProfiles: must be an object, not an array'],
])('rejects the former profiles %j', (formerProfiles, issue) => {
  expect(errorOf(() => read({ profiles: { bot: [], agent: [] }, formerProfiles }))?.details.issues).toContain(
    issue,
  );
});

test('does not find inherited names', () => {
  const { profiles, webhooks } = read({ profiles: { constructor: [] } });
  expect(profiles.constructor).toEqual([]);
  expect(profiles.toString).toBeUndefined();
  expect(webhooks.constructor).toBeUndefined();
});

const errorOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return JSON.parse(JSON.stringify(error));
  }
};

test('reports all missing variables together', () => {
  expect(errorOf(() => parseSource(shipped, {}, site))).toEqual({
    code: 20001,
    message: 'policy.private.json: BOT_FLOW_SID and CRM_URL are not set in the environment',
    more_info: 'https://www.twilio.com/docs/errors/20001',
    status: 400,
    details: { issues: ['BOT_FLOW_SID and CRM_URL are not set in the environment'] },
  });
  expect(errorOf(() => parseSource(shipped, { ...env, CRM_URL: '' }, site)).message).toBe(
    'policy.private.json: CRM_URL is not set in the environment',
  );
});

const url = (value: string) => ({ target: 'webhook', url: value, filters: ['onMessageAdded'] });

test('reports missing variables before what depends on the others', () => {
  const webhooks = { a: url('${A}') };
  const issuesOf = (values: object) =>
    errorOf(() => read({ webhooks, formerDomains: ['${OLD}', '${OLDER}'] }, values)).details.issues;
  expect(issuesOf({ A: 'http://crm.example', OLD: 'old' })).toEqual(['OLDER is not set in the environment']);
  expect(issuesOf({ A: 'http://crm.example', OLD: 'a b', OLDER: 'old' })).toEqual([
    expect.stringContaining('webhooks.a.url: must use https'),
    expect.stringContaining('formerDomains[0]: "a b" is not a valid host'),
  ]);
});

test('has the first issue in its message, and how many more there are', () => {
  const messageOf = (...formerDomains: string[]) => errorOf(() => read({ formerDomains })).message;
  const first =
    'policy.private.json: formerDomains[0]: "a b" is not a valid host; write one like bots-1234.twil.io';
  expect(messageOf('a b')).toBe(first);
  expect(messageOf('a b', 'c d', 'e f')).toBe(`${first} (and 2 more)`);
});

test('does not take a bug for an issue of the policy', () => {
  const bug = new TypeError('x is undefined');
  const list = new IssueList();
  const parse = () => {
    throw bug;
  };
  expect(() => reportApiError(parse, 'webhooks.a', list)).toThrow(bug);
  expect(list.issues).toEqual([]);
});

test.each([
  ['as it is written', shipped],
  ['by an earlier build', buildPolicy(shipped).replace('"compiled":1', '"compiled":0')],
  ['as an array', '[1]'],
  ['as null', 'null'],
  ['and not JSON', `${shipped.slice(0, 90)}hidden`],
  ['and empty', ''],
])('rejects a policy that is deployed %s, and says what to do', (_, text) => {
  expect(text).not.toBe(buildPolicy(shipped));
  expect(errorOf(() => parsePolicy(text, env, site))).toEqual({
    code: 20001,
    message:
      'policy.private.json was not built for this version of the functions; run npm run build, and use the one in dist/assets',
    more_info: 'https://www.twilio.com/docs/errors/20001',
    status: 400,
  });
});

test.each([
  [
    { webhooks: { a: url('${A}') } },
    'webhooks.a.url: must use https: Twilio signs requests but does not encrypt them',
  ],
  [
    { webhooks: { a: url('https://crm.example/${A}'), b: url('https://crm.example/${B}') } },
    'webhooks.b: is a duplicate of "a"',
  ],
  [{ webhooks: { a: url('${OWN}') } }, "webhooks.a.url: is the router's URL"],
  [
    { webhooks: { a: { target: 'studio', flowSid: '${A}' } } },
    'webhooks.a.flowSid: "http://crm.example" is malformed',
  ],
  [
    { webhooks: { a: { ...url('/a'), filters: ['${A}'] } } },
    'webhooks.a.filters: "http://crm.example" is not an event',
  ],
  [{ formerDomains: ['${A}'] }, 'formerDomains[0]: "http://crm.example" is not a valid host'],
  [{ formerDomains: ['old.twil.io:${A}'] }, 'formerDomains[0]: "old.twil.io:http://crm.example" is not a'],
  [
    {
      profiles: { p: [] },
      rules: [
        {
          name: 'r',
          on: 'onMessageAdded',
          when: { Body: { not: { words: ['a', '${KEYCAP}'] } } },
          profile: 'p',
        },
      ],
    },
    'rules.r.when.Body.not.words[1]: is empty; write a word or a phrase',
  ],
])('accepts %j until its variables are substituted: %s', (policy, fault) => {
  const json = { webhooks: {}, profiles: {}, rules: [], ...policy };
  expect(lintPolicy(json).issues).toEqual([]);
  const values = {
    A: 'http://crm.example',
    B: 'http://crm.example',
    KEYCAP: '\ufe0f\u20e3',
    OWN: 'https://bots-1234.twil.io/events/conversation',
  };
  expect(() => read(policy, values)).toThrow(`policy.private.json: ${fault}`);
});

test('does not substitute twice', () => {
  const { webhooks } = read(
    { webhooks: { a: { target: 'trigger', url: '/a', triggers: ['${A}'] } } },
    { A: '${' },
  );
  expect(webhooks.a).toMatchObject({ triggers: ['${'] });
});

test('reports where JSON is malformed', () => {
  expect(() => parseSource('{\n  "webhooks": {},\n}', env, site)).toThrow(
    'policy.private.json: line 3, column 1: unexpected "}"',
  );
});

test('rejects a webhook to a host that is not on the allowlist', () => {
  const webhook = (url: string) => ({ target: 'webhook', url, filters: ['onMessageAdded'] });
  const webhooks = { crm: webhook('${CRM_URL}'), own: webhook('/own') };
  const issues = (allowlist: string) =>
    errorOf(() =>
      parseSource(JSON.stringify({ webhooks, profiles: {}, rules: [] }), env, { ...site, allowlist }),
    )?.details.issues;
  expect(issues('crm.example')).toBeUndefined();
  expect(issues('*.crm.example')).toEqual([
    'webhooks.crm.url: the host "crm.example" is not allowed; add it to WEBHOOK_URL_ALLOWLIST',
  ]);
  expect(issues('*')).toEqual([expect.stringMatching(/^webhooks\.crm: "\*" in WEBHOOK_URL_ALLOWLIST/)]);
});

test('ignores spaces around the variables in the check before a deployment', () => {
  const spaced = { BOT_FLOW_SID: ` ${BOT_FLOW_SID} `, CRM_URL: ' https://crm.example/in\n' };
  expect(lintText(shipped, { variables: { ...spaced, WEBHOOK_URL_ALLOWLIST: ' ' } }).issues).toEqual([]);
  expect(lintText(shipped, { variables: { ...spaced, CRM_URL: ' ' } }).issues).toEqual([
    'CRM_URL is not set in the environment',
  ]);
});

test('applies the allowlist in the check before a deployment', () => {
  const checked = (allowlist: string) =>
    lintText(shipped, { variables: { ...env, WEBHOOK_URL_ALLOWLIST: allowlist } }).issues;
  expect(checked('')).toEqual([]);
  expect(checked('crm.example')).toEqual([]);
  expect(checked('other.example')).toHaveLength(2);
});
