// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a policy names a variable
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parseConversationEvent } from '../../src/events/parse';
import { newestDate } from '../../src/events/position';
import type { ConversationEvent } from '../../src/events/types';
import { lintPolicy } from '../../src/policy/lint';
import { firstApplicableRule, matchingRules } from '../../src/policy/match';
import type { Policy } from '../../src/policy/policy';
import { ruleName } from '../../src/policy/rule';
import type { ConversationFields } from '../../src/webhooks/conversation';
import { parseSource, variablesOf } from '../support/policy';
import { DEMO_POLICY } from '../support/programs';
import { readRecipes } from '../support/recipes';

const read = (path: string) => readFileSync(join(__dirname, '../..', path), 'utf8');
const page = read('docs/policy.md');
const blocks = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => text!);
const examples = blocks.filter((text) => text.startsWith('{'));
/** A part of a policy, in one that has what it needs. */
const parts = blocks
  .filter((text) => text.startsWith('"'))
  .map((text) => {
    const part = JSON.parse(`{${text}}`);
    const rules = Object.keys(part.calendars).map((during) => ({
      on: 'onConversationAdded',
      during,
      profile: 'p',
    }));
    return JSON.stringify({ webhooks: {}, profiles: { p: [] }, rules, ...part });
  });

/** The rules that show a feature, in a policy that has what they lead to. */
const features = blocks
  .filter((text) => text.startsWith('['))
  .map((text) => {
    const rules = JSON.parse(text) as { from?: string[]; profile: string }[];
    const names = [...new Set(rules.flatMap(({ from = [], profile }) => [...from, profile]))];
    const webhook = (name: string) => ({ target: 'webhook', url: `/${name}`, filters: ['onMessageAdded'] });
    return JSON.stringify({
      webhooks: Object.fromEntries(names.map((name) => [name, webhook(name)])),
      profiles: Object.fromEntries(names.map((name) => [name, [name]])),
      rules: [{ on: 'onConversationAdded', profile: names[0] }, ...rules],
    });
  });
const site = { domainName: 'bots-1234.twil.io', local: false };
const load = (text: string) => {
  const value = (name: string, i: number) =>
    name.endsWith('_SID') ? `FW${`${i}`.padStart(32, '0')}` : `https://${name.toLowerCase()}.example`;
  return parseSource(
    text,
    Object.fromEntries(variablesOf(text).map((name, i) => [name, value(name, i)])),
    site,
  );
};
const matching = (policy: Policy, event: ConversationEvent, fields?: ConversationFields) =>
  matchingRules(policy, { event, at: newestDate(event) ?? new Date(), conversation: async () => fields });
const isOfForm = addFormats(new Ajv({ strictTypes: false, strictRequired: false })).compile(
  JSON.parse(read('schema/policy.schema.json')),
);

test('has the default policy, recipes, and examples of features', () => {
  expect(examples.length).toBe(5);
  expect(features.length).toBe(3);
  expect(parts.length).toBe(1);
  expect(JSON.parse(examples[0]!)).toEqual(JSON.parse(DEMO_POLICY));
});

const recipes = readRecipes().map(({ policy }) => policy);
test.each([...examples, ...features, ...parts, ...recipes])('has a valid example %#', (text) => {
  expect(lintPolicy(JSON.parse(text))).toEqual({ issues: [], warnings: [] });
  expect(isOfForm(JSON.parse(text))).toBe(true);
  expect(Object.keys(load(text).profiles)).not.toHaveLength(0);
});

// What the examples say of themselves; recipes have cases.
const [shipped] = examples as [string];
const [named, conditions, words] = features as [string, string, string];
const message = { EventType: 'onMessageAdded', Index: '3' };
const state = { EventType: 'onConversationStateUpdated' };
test.each([
  [shipped, undefined, { EventType: 'onConversationAdded' }, 'bot'],
  [shipped, 'bot', { ...message, Body: 'A HUMAN, please' }, 'agent'],
  [shipped, 'bot', { ...message, Body: 'To talk to a human, write "agent".', Source: 'API' }, undefined],
  [shipped, 'agent', { ...state, StateTo: 'closed' }, 'closed'],
  [shipped, 'agent', { ...state, StateTo: 'inactive' }, undefined],
  [named, 'bot', { ...message, Body: 'a human!', Source: 'SMS' }, 'agent'],
  [conditions, 'bot', { ...message, Body: 'a human!', Author: 'jane' }, 'agent'],
  [words, 'menu', { ...message, Body: '1\ufe0f\u20e3', Source: 'whatsapp' }, 'agent'],
  [words, 'menu', { ...message, Body: '1.', Source: 'SMS' }, 'agent'],
  [words, 'menu', { ...message, Body: '1. May', Source: 'SMS' }, undefined],
  [words, 'menu', { ...message, Body: 'at 12:30', Source: 'SMS' }, undefined],
  [words, 'menu', { ...message, Body: 'TEMS\u0130LC\u0130', Source: 'SMS' }, 'agent'],
  [words, 'menu', { ...message, Body: 'mi tel\u00e9fono', Source: 'SMS' }, 'agent'],
  [words, 'menu', { ...message, Body: 'mi telefono', Source: 'SMS' }, undefined],
  [words, 'menu', { ...message, Body: 'agent', Source: 'API' }, undefined],
  [conditions, 'bot', { ...message, Body: 'a human!' }, 'agent'],
  [conditions, 'bot', { ...message, Body: 'Ask for a human', Author: 'bot' }, undefined],
  [conditions, 'bot', { ...message, Attributes: '{"order":{"total":"500"}}' }, 'agent'],
  [conditions, 'bot', { ...message, Attributes: '{"order":{"total":499.5}}' }, undefined],
  [conditions, 'bot', { ...message, Attributes: '{"order":{"total":500,"coupon":"X1"}}' }, undefined],
])('moves policy %# from %s on %j to %s', async (text, profile, fields, expected) => {
  const event = parseConversationEvent({ ConversationSid: 'CH1', ...fields }) as ConversationEvent;
  const rules = await matching(load(text), event);
  expect(firstApplicableRule(rules, profile)?.profile).toBe(expected);
});

test('calls a rule by its name', () => {
  const { rules } = load(named);
  expect(rules.map(ruleName)).toEqual(['rules[0]', 'asks-for-human']);
  const invalid = JSON.parse(named);
  invalid.rules[1].replay = 'x';
  expect(lintPolicy(invalid).issues[0]).toContain(/begins with `([^`]+)`/.exec(page)![1]);
});

test('quotes the issues that the build reports', () => {
  const [, text] = /```text\n(.*?)```/s.exec(page)!;
  const invalid = JSON.parse(examples[0]!);
  invalid.rules[1].profile = 'agnt';
  invalid.webhooks.crm.filters = ['onMessageAdd'];
  invalid.profiles.agent[1] = 'sox';
  invalid.rules[2].replay = 'this';
  const hidden = JSON.parse(examples[0]!);
  hidden.rules.push({ ...hidden.rules[1], name: undefined, profile: 'closed' });
  const issues = [...lintPolicy(invalid).issues, ...lintPolicy(hidden).issues];
  expect(issues.sort()).toEqual(text!.trim().split('\n').sort());
});

test('describes expensive patterns as the build validates them', () => {
  const matching = (matches: string) => ({
    webhooks: {},
    profiles: { p: [] },
    rules: [{ on: 'onMessageAdded', when: { Body: { matches } }, profile: 'p' }],
  });
  const [, dear, cheap] = /nested quantifiers such as\s+`([^`]+)`, for which `([^`]+)` means the same/s.exec(
    page,
  )!;
  expect(lintPolicy(matching(JSON.parse(`"${dear}"`))).issues).toHaveLength(1);
  expect(lintPolicy(matching(JSON.parse(`"${cheap}"`))).issues).toEqual([]);
  const [, slow] = /square of the length, such as `([^`]+)`/.exec(page)!;
  expect(lintPolicy(matching(JSON.parse(`"${slow}"`))).issues).toEqual([
    expect.stringContaining('can take too long'),
  ]);
});

test('says truly what words and patterns find', async () => {
  const finds = async (condition: object, Body: string) => {
    const rules = [{ on: 'onMessageAdded', when: { Body: condition }, profile: 'p' }];
    const event = parseConversationEvent({ ...message, ConversationSid: 'CH1', Body }) as ConversationEvent;
    const policy = load(JSON.stringify({ webhooks: {}, profiles: { p: [] }, rules }));
    return (await matching(policy, event)).length > 0;
  };
  const [, words] = /### Words\n(.*?)\n### /s.exec(page)!;
  const said = async (sentence: RegExp, expected: boolean, kind: 'words' | 'matches') => {
    const found = [...words!.matchAll(sentence)];
    expect(found).not.toHaveLength(0);
    for (const [, word, text] of found) {
      const condition = kind === 'words' ? { words: [word] } : { matches: word };
      expect([word, text, await finds(condition, text!)]).toEqual([word, text, expected]);
    }
  };
  await said(/`(\S+)`\s+is\s+(?:also|in)\s+`(\S+)`/g, true, 'words');
  await said(/`(\S+)`\s+also\s+finds\s+`(\S+)`/g, true, 'words');
  await said(/`(\S+)`\s+is\s+not\s+in\s+`(\S+)`/g, false, 'words');
  await said(/`(tel\S+)`\s+does\s+not\s+find\s+`(\S+)`/g, false, 'words');
  await said(/`(é)`\s+finds\s+`(\S+)`/g, true, 'matches');
  await said(/`([ßi1])`\s+does\s+not\s+find\s+`(\S+)`/g, false, 'matches');
});
