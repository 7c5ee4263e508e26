// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { lintPolicy } from '../../../src/policy/lint';
import { DEMO_POLICY } from '../../support/programs';

const read = (path: string) => JSON.parse(readFileSync(join(__dirname, '../../..', path), 'utf8'));
const schema = read('schema/policy.schema.json');
// Whether a pattern is one is a matter of sense, below.
const isOfForm = new Ajv({ strictTypes: false, strictRequired: false, validateFormats: false }).compile(
  schema,
);

const rich = {
  webhooks: {
    flow: {
      target: 'studio',
      flowSid: `FW${'a'.repeat(32)}`,
      filters: ['onMessageAdded'],
      endExecutions: true,
    },
    hook: {
      description: 'a ${',
      target: 'webhook',
      url: '/hook',
      method: 'get',
      filters: ['onMessageAdded', '${EVENT}'],
    },
    word: {
      target: 'trigger',
      url: 'https://${HOST}/word',
      method: '${METHOD}',
      triggers: ['help', '${WORD}'],
    },
  },
  profiles: { first: ['flow', 'word'], 'second-1': { webhooks: ['hook'], description: '' }, constructor: [] },
  rules: [
    { on: 'onConversationAdded', when: { 'Attributes.tier': { in: ['gold', 1, true] } }, profile: 'first' },
    {
      name: 'edited-1',
      description: 'Somebody edited a message.',
      on: 'onMessageUpdated',
      from: ['first', 'second-1'],
      when: [
        { Author: { not: { in: ['${BOT}', 1] } }, 'Attributes.cart': { atLeast: 1, atMost: 9.5 } },
        { Media: { exists: true }, Body: { not: 'x' }, 'Conversation.Attributes.tier': 'gold' },
      ],
      profile: 'constructor',
      replay: 'start',
    },
    {
      name: 'added',
      on: 'onMessageAdded',
      when: { Body: { words: ['a b'], matches: '^x' }, Source: 'SMS' },
      during: 'office',
      outside: 'lunch',
      profile: 'second-1',
      replay: 'this',
    },
  ],
  calendars: {
    office: {
      timeZone: 'Europe/Berlin',
      open: { 'mon-fri': ['09:00-12:30', '13:30-18:00'], sat: ['22:00-24:00'] },
      closed: ['2026-12-25', '2026-12-26'],
    },
    lunch: { timeZone: 'UTC', open: {} },
  },
  formerDomains: ['bots-1234.twil.io', '${OLD}'],
};
const valid = [rich, JSON.parse(DEMO_POLICY), { webhooks: {}, profiles: {}, rules: [] }];

// What a schema cannot know: which names there are, what a URL or a pattern is, and which rule comes first.
const SENSE = [
  /: ".*" is not a profile/,
  /: ".*" is not a webhook of this policy/,
  / is a duplicate of /,
  /: is the router's URL/,
  /: ".*" is not a calendar/,
  /: ".*" is not a time zone/,
  /: ".*" does not end after it begins/,
  /: ".*" does not exist/,
  /: overlaps /,
  /: never matches both during and outside/,
  /: unreachable/,
  /: is not a valid regular expression/,
  /: has nested quantifiers/,
  /: can take too long/,
];
// These hide what else is wrong with their webhook.
const HIDING = [
  /\.url: (is a loopback|must use https|has \d+|".*" is not)/,
  /: a keyword has \d+/,
  /is an event, not a keyword/,
];

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys: Path = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.flatMap((key) => pathsOf((value as never)[key], [...path, key]))];
}

const vocabulary = [
  ...[
    'webhook',
    'trigger',
    'studio',
    'flow',
    'hook',
    'first',
    'onMessageAdded',
    'onMessageAdd',
    'onDeliveryUpdated',
  ],
  ...[
    'onConversationAdded',
    'start',
    'this',
    'next',
    'GET',
    'put',
    '/path',
    'https://crm.example',
    ' ',
    '',
    '(',
    '(a+)+',
  ],
  ...[
    '${A}',
    '${',
    '${A}${',
    'x${A_1}y',
    '${1}',
    'bots.twil.io:3000',
    `FW${'0'.repeat(32)}`,
    'FW1',
    'office',
    'UTC',
    '08:00-12:40',
    '12:40-08:00',
    '8:00-9:00',
    '2026-02-30',
    '2026-2-3',
    'x'.repeat(257),
    'é',
  ],
];
const keys = [
  ...[
    'target',
    'url',
    'method',
    'filters',
    'triggers',
    'flowSid',
    'on',
    'from',
    'when',
    'profile',
    'replay',
    'in',
    'words',
  ],
  ...[
    'matches',
    'name',
    'description',
    'not',
    'exists',
    'atLeast',
    'atMost',
    'webhooks',
    'profiles',
    'calendars',
    'timeZone',
    'open',
    'closed',
    'during',
    'outside',
    'tue-sun',
    'Conversation',
    'Conversation.State',
    'Conversation.State.x',
    'Conversation.Attributes.',
    'Conversation.Attributes.a.b',
    'sun',
    'sat-sat',
    'rules',
    'formerDomains',
    '$schema',
    '__proto__',
    'toString',
    'a b',
    '',
    '1',
    'é',
  ],
];
const anyValue = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...vocabulary) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom<unknown>(...vocabulary, 1, null), { maxLength: 6 }) },
  {
    weight: 2,
    arbitrary: fc.dictionary(fc.constantFrom(...keys), fc.constantFrom<unknown>(...vocabulary, ['x'], true)),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.constantFrom(null, 0, 1.5, true, [], {}, undefined) },
);
const mutation = fc.record({
  where: fc.nat(),
  how: fc.constantFrom('replace', 'delete', 'add', 'rename', 'repeat'),
  key: fc.constantFrom(...keys),
  value: anyValue,
});

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(policy: unknown, { where, how, key, value }: Mutation): unknown {
  const paths = pathsOf(policy);
  const path = paths[where % paths.length]!;
  const copy = structuredClone({ policy });
  const [last, ...back] = ['policy', ...path].reverse() as [string | number, ...Path];
  // biome-ignore lint/suspicious/noExplicitAny: whatever lies there is what is changed
  const parent = back.reverse().reduce((at: any, step) => at[step], copy);
  const here = parent[last];
  if (how === 'replace') parent[last] = value;
  else if (how === 'delete') Array.isArray(parent) ? parent.splice(Number(last), 1) : delete parent[last];
  else if (how === 'repeat') Array.isArray(here) && here.push(...here);
  else if (how === 'rename' && !Array.isArray(parent) && path.length > 0) {
    delete parent[last];
    define(parent, key, here);
  } else if (Array.isArray(here)) here.push(value);
  else if (typeof here === 'object' && here !== null) define(here, key, value);
  return JSON.parse(JSON.stringify(copy)).policy;
}

function define(object: object, key: string, value: unknown) {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

const matchesOne = (patterns: RegExp[], fault: string) => patterns.some((pattern) => pattern.test(fault));

test.each(valid)('accepts policy %# in schema and build', (policy) => {
  expect(lintPolicy(policy).issues).toEqual([]);
  expect(isOfForm(policy)).toBe(true);
});

const edge = ({ name = 'p', members = 1, keywords = 1, pattern = 1, digits = 32, word = 'x' }) => {
  const webhooks = Object.fromEntries(
    [...'abcde'].map((key) => [key, { target: 'trigger', url: `/${key}`, triggers: ['x'] }]),
  );
  webhooks.a!.triggers = [...'hijklm'].slice(0, keywords);
  return {
    webhooks: { ...webhooks, flow: { target: 'studio', flowSid: `FW${'0'.repeat(digits)}` } },
    profiles: { [name]: [...'abcde'].slice(0, members) },
    rules: [
      {
        on: 'onMessageAdded',
        when: { Body: { matches: 'é'.repeat(pattern), words: [word] } },
        profile: name,
      },
    ],
  };
};

test.each([
  [edge({ name: 'x'.repeat(40), members: 4, keywords: 5, pattern: 256 }), true],
  [edge({ name: 'x'.repeat(41) }), false],
  [edge({ members: 5 }), false],
  [edge({ keywords: 6 }), false],
  [edge({ keywords: 0 }), false],
  [edge({ pattern: 257 }), false],
  [edge({ pattern: 0 }), false],
  [edge({ digits: 33 }), false],
  [edge({ word: '\ufe0f' }), false],
  [edge({ word: '1\ufe0f' }), true],
])('agrees on policy %#, at the edge of a limit', (policy, accepted) => {
  expect(lintPolicy(policy).issues).toHaveLength(accepted ? 0 : 1);
  expect(isOfForm(policy)).toBe(accepted);
});

test('accepts in the schema what the build accepts, except for names, URLs, patterns and reachability', () => {
  let accepted = 0;
  let refused = 0;
  const changed = fc
    .tuple(fc.constantFrom(...valid), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([policy, mutations]) => mutations.reduce<unknown>(mutate, policy));
  fc.assert(
    fc.property(changed, (policy) => {
      const { issues } = lintPolicy(policy);
      fc.pre(!issues.some((fault) => matchesOne(HIDING, fault)));
      const form = issues.filter((fault) => !matchesOne(SENSE, fault));
      const ofForm = isOfForm(policy);
      if (ofForm !== (form.length === 0)) throw new Error(JSON.stringify([policy, form, isOfForm.errors]));
      ofForm ? accepted++ : refused++;
    }),
    { numRuns: 2000 },
  );
  // Both happen, and often: else this would say nothing.
  expect(Math.min(accepted, refused)).toBeGreaterThan(200);
});
