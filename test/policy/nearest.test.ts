import fc from 'fast-check';
import { parseConversationEvent } from '../../src/events/parse';
import type { ConversationEvent } from '../../src/events/types';
import { PatternBudget } from '../../src/policy/conditions/pattern';
import { matchingRules } from '../../src/policy/match';
import { nearestRule } from '../../src/policy/nearest';
import type { ConversationFields } from '../../src/webhooks/conversation';
import { parseSource } from '../support/policy';

const site = { domainName: 'bots-1234.twil.io', local: false };
// A Monday morning, of which the desk knows nothing.
const calendars = {
  office: { timeZone: 'UTC', open: { mon: ['08:00-17:00'] } },
  desk: { timeZone: 'UTC', open: {} },
};
const policyOf = (rules: object[]) =>
  parseSource({ webhooks: {}, profiles: { bot: [], agent: [], vip: [] }, calendars, rules }, {}, site);
const message = (fields: object = {}) =>
  parseConversationEvent({
    ...{ EventType: 'onMessageAdded', ConversationSid: 'CH1', Index: '0' },
    ...fields,
  }) as ConversationEvent;
const nearest = (rules: object[], profile: string | null | undefined, fields: object = {}) =>
  nearestRule(policyOf(rules), contextOf(message(fields)), profile, new PatternBudget());
const contextOf = (event: ConversationEvent, fields?: ConversationFields) => ({
  event,
  at: new Date('2026-11-02T09:00:00Z'),
  fields,
  conversation: async () => fields,
});
const on = 'onMessageAdded';

test('is the rule of whose conditions the fewest failed, by its name or position', () => {
  const Body = { words: ['human'] };
  const rules = [
    { on, when: { Body, Source: { not: 'API' } }, profile: 'agent' },
    { name: 'asks', on, when: { Body, Author: { exists: true } }, profile: 'agent' },
    { on, when: { Body: 'other' }, profile: 'agent' },
  ];
  const fields = { Body: 'hi', Author: 'jane' };
  expect(nearest(rules, 'bot', { ...fields, Source: 'API' })).toEqual({
    rule: 'asks',
    needs: ['Body words'],
  });
  expect(nearest(rules, 'bot', { ...fields, Source: 'SMS' })).toEqual({ rule: 0, needs: ['Body words'] });
  expect(nearest(rules.slice(0, 2), 'bot', { Source: 'API' })).toEqual({
    rule: 0,
    needs: ['Body words', 'Source not'],
  });
});

test('is of several the one of whose conditions the most hold', () => {
  const rules = [
    { name: 'vip', on, when: { 'Conversation.Attributes.tier': 'gold', Source: 'SMS' }, profile: 'vip' },
    { name: 'asks', on, outside: 'office', when: { Body: 'human', Source: 'SMS' }, profile: 'agent' },
    { name: 'last', on, when: { Body: 'robot', Source: 'SMS', Author: 'jane' }, profile: 'agent' },
  ];
  const event = message({ Body: 'human', Source: 'SMS', Author: 'jane' });
  const found = (fewer: object[]) =>
    nearestRule(
      policyOf(fewer),
      contextOf(event, { Attributes: '{}', State: 'active' }),
      'bot',
      new PatternBudget(),
    );
  expect(found(rules.slice(0, 2))).toEqual({ rule: 'asks', needs: ['outside office'] });
  expect(found(rules)).toEqual({ rule: 'asks', needs: ['outside office'] });
  expect(found([rules[0]!, rules[2]!])).toEqual({ rule: 'last', needs: ['Body in'] });
});

test('takes the nearest object of `when`, and names each operator that failed', () => {
  const when = [
    { Body: 'a', Author: 'b' },
    { 'Attributes.tier': { in: ['gold'], exists: true, atLeast: 3 } },
    { Body: { matches: 'x' } },
  ];
  expect(nearest([{ on, when, profile: 'agent' }], 'bot')).toEqual({ rule: 0, needs: ['Body matches'] });
  expect(nearest([{ on, when: when[1], profile: 'agent' }], 'bot')).toEqual({
    rule: 0,
    needs: ['Attributes.tier in', 'Attributes.tier exists', 'Attributes.tier atLeast'],
  });
});

test('names only the operators that failed on a field', () => {
  const when = { Body: { words: ['human'], matches: 'x' } };
  expect(nearest([{ on, when, profile: 'agent' }], 'bot', { Body: 'a human' })).toEqual({
    rule: 0,
    needs: ['Body matches'],
  });
});

test('names the operators that hold for different items of an array', () => {
  const when = { 'Attributes.n': { atLeast: 3, atMost: 5 } };
  const fields = { Attributes: JSON.stringify({ n: [1, 7] }) };
  expect(nearest([{ on, when, profile: 'agent' }], 'bot', fields)).toEqual({
    rule: 0,
    needs: ['Attributes.n atLeast', 'Attributes.n atMost'],
  });
});

test('counts the hours of a rule', () => {
  const when = [{ Body: 'x' }, { Author: 'y' }];
  const rules = [
    { on, when, outside: 'office', during: 'desk', profile: 'agent' },
    { on, when, during: 'office', profile: 'agent' },
    { name: 'closed', on, outside: 'office', profile: 'vip' },
  ];
  expect(nearest(rules.slice(0, 1), 'bot', { Author: 'y' })).toEqual({
    rule: 0,
    needs: ['during desk', 'outside office'],
  });
  expect(nearest(rules.slice(0, 2), 'bot')).toEqual({ rule: 1, needs: ['Body in'] });
  expect(nearest(rules.slice(2), 'bot')).toEqual({ rule: 'closed', needs: ['outside office'] });
});

test('counts conditions on the conversation, as far as it is known', () => {
  const rules = [
    { on, when: { 'Conversation.Attributes.tier': 'gold', Body: 'x' }, profile: 'agent' },
    { name: 'state', on, when: { 'Conversation.State': { not: 'active' } }, profile: 'vip' },
  ];
  const find = (all: object[], Body: string, fields?: ConversationFields) =>
    nearestRule(policyOf(all), contextOf(message({ Body }), fields), 'bot', new PatternBudget());
  expect(find(rules, 'y')).toEqual({ rule: 0, needs: ['Body in'] });
  expect(find(rules, 'x')).toBeUndefined();
  const fields = { Attributes: '{"tier":"iron"}', State: 'active' };
  expect(find(rules, 'x', fields)).toEqual({ rule: 0, needs: ['Conversation.Attributes.tier in'] });
  expect(find(rules, 'y', fields)).toEqual({ rule: 'state', needs: ['Conversation.State not'] });
});

test('considers only rules that would move the conversation from its profile', () => {
  const when = { Body: 'x' };
  const rules = [
    { on, from: ['vip'], when, profile: 'agent' },
    { on, when, profile: 'bot' },
    { on: 'onConversationAdded', when: { State: 'closed' }, profile: 'vip' },
    { on: 'onMessageUpdated', when, profile: 'vip' },
    { on, when: { ...when, Author: 'a' }, profile: 'vip' },
    { on, profile: 'agent' },
  ];
  expect(nearest(rules, 'bot')).toMatchObject({ rule: 4 });
  expect(nearest(rules, 'vip')).toMatchObject({ rule: 0 });
  // Not known: all rules on the event.
  expect(nearest(rules, undefined)).toMatchObject({ rule: 0 });
  expect(nearest(rules, null)).toBeUndefined();
  const added = { EventType: 'onConversationAdded' };
  expect(nearest(rules, null, added)).toEqual({ rule: 2, needs: ['State in'] });
  expect(nearest(rules, 'bot', added)).toBeUndefined();
});

test('counts a pattern that takes too long as failed, within the budget of the event', async () => {
  const slow = { on, when: { Body: { matches: '(a|a)+b' } }, profile: 'agent' };
  const policy = policyOf([
    slow,
    { on, when: { Body: { matches: '^never' }, Author: 'b' }, profile: 'agent' },
  ]);
  const event = message({ Body: 'a'.repeat(60), Author: 'b' });
  const budget = new PatternBudget();
  expect(await matchingRules(policy, contextOf(event), budget)).toEqual([]);
  const filter = jest.spyOn(RegExp.prototype, 'test');
  expect(nearestRule(policy, contextOf(event), 'bot', budget)).toEqual({ rule: 1, needs: ['Body matches'] });
  expect(filter).not.toHaveBeenCalled();
  filter.mockRestore();
});

test('has names of fields and operators alone, never contents', () => {
  const secret = fc.stringMatching(/^SECRET[a-z]{3}$/);
  const condition = fc.oneof(
    secret,
    fc.record({ in: fc.tuple(secret) }),
    fc.record({ words: fc.tuple(secret) }),
    fc.record({ matches: secret, exists: fc.boolean() }),
    fc.record({ not: secret }),
  );
  const when = fc.dictionary(fc.constantFrom('Body', 'Author', 'Attributes.x'), condition, { minKeys: 1 });
  let found = 0;
  fc.assert(
    fc.property(fc.array(when, { minLength: 1, maxLength: 3 }), secret, secret, (all, Body, x) => {
      const rules = all.map((each) => ({ on, when: each, profile: 'agent' }));
      const { issues, result } = attempt(() =>
        nearest(rules, 'bot', { Body, Attributes: JSON.stringify({ x }) }),
      );
      // Equal rules, of which only one is reachable.
      fc.pre(issues === undefined);
      if (result) found += 1;
      for (const need of result?.needs ?? [])
        expect(need).toMatch(/^(Body|Author|Attributes\.x) (in|words|matches|exists|not)$/);
      expect(JSON.stringify(result ?? null)).not.toContain('SECRET');
    }),
  );
  expect(found).toBeGreaterThan(30);
});

function attempt<T>(run: () => T): { result?: T; issues?: unknown } {
  try {
    return { result: run() };
  } catch (error) {
    return { issues: error };
  }
}
