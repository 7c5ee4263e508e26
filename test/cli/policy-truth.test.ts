import fc from 'fast-check';
import { describeConditions } from '../../cli/policy/conditions';
import { separateConversation } from '../../cli/policy/conversation';
import { findDifferences } from '../../cli/policy/differences';
import { completeEvent } from '../../cli/policy/event';
import { explainRules } from '../../cli/policy/explanation';
import { called, parsePolicySource } from '../../cli/policy/read-policy';
import { STARTED_AT } from '../../cli/policy/run-case';
import { Simulation } from '../../cli/policy/simulation';
import schema from '../../schema/policy.schema.json';
import type { EventType } from '../../src/events/event-types';
import { messageIndex } from '../../src/events/position';
import type { ConversationEvent } from '../../src/events/types';
import type { Condition } from '../../src/policy/conditions/condition';
import { matchingRules } from '../../src/policy/match';
import type { Policy } from '../../src/policy/policy';
import { PLACEHOLDER_SITE, validatePolicy } from '../../src/policy/schema/schema';
import { desiredState } from '../../src/sync/desired-state';
import { handleEvent } from '../../src/sync/handle-event';
import { groupByName, ROUTER } from '../../src/sync/managed-webhooks';
import { SettledConversations } from '../../src/sync/settled';
import { parseRouter } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';

// What `npm run policy` says is what the functions do with the same events on a conversation that keeps Twilio's promises.

const PROFILES = { bot: ['bot', 'sos'], agent: ['crm', 'sos'], closed: [] };
const EVENTS = [
  'onConversationAdded',
  'onMessageAdded',
  'onMessageUpdated',
  'onConversationStateUpdated',
] as const;
const WORDS = ['human', 'agent', 'a human!', '7', ''];

const scalar = fc.constantFrom<string | number | boolean>(...WORDS, 5, true);
const leaf = fc.oneof(
  scalar,
  fc.record(
    {
      in: fc.array(scalar, { minLength: 1, maxLength: 3 }),
      words: fc.array(fc.constantFrom('human', 'agent', '7'), { minLength: 1, maxLength: 2 }),
      matches: fc.constantFrom('^a', 'n$', '\\d'),
      atLeast: fc.integer({ min: 0, max: 9 }),
      atMost: fc.integer({ min: 0, max: 9 }),
      exists: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
);
const condition = fc
  .oneof(
    leaf,
    leaf.map((inner) => ({ not: inner })),
    leaf.map((inner) => ({ not: { not: inner } })),
  )
  .filter((value) => JSON.stringify(value).indexOf('{}') < 0);
const fields = fc.dictionary(
  fc.constantFrom('Body', 'Source', 'Attributes.n', 'Conversation.Attributes.n', 'Conversation.State'),
  condition,
  {
    minKeys: 1,
    maxKeys: 3,
  },
);
const when = fc.option(fc.oneof(fields, fc.array(fields, { minLength: 1, maxLength: 2 })), {
  nil: undefined,
});
const profile = fc.constantFrom('bot', 'agent', 'closed');

const rule = fc
  .record({
    on: fc.constantFrom<EventType>(...EVENTS),
    hours: fc.constantFrom(
      {},
      {},
      { during: 'office' },
      { outside: 'office' },
      { outside: 'office', during: 'night' },
    ),
    from: fc.option(fc.uniqueArray(profile, { minLength: 1 }), { nil: undefined }),
    when,
    profile,
    replay: fc.constantFrom('start', 'this', 'next', undefined),
  })
  .map(({ on, hours, from, replay, ...rest }) => ({
    on,
    ...hours,
    ...rest,
    ...(on !== 'onConversationAdded' && { from }),
    ...((on.startsWith('onMessage') || replay !== 'this') && { replay }),
  }));

const policies = fc
  .array(rule, { minLength: 1, maxLength: 5 })
  .map((rules) => ({
    webhooks: Object.fromEntries(
      ['bot', 'crm', 'sos'].map((name) => [
        name,
        { target: 'webhook', url: `/${name}`, filters: ['onMessageAdded'] },
      ]),
    ),
    profiles: PROFILES,
    calendars: {
      office: { timeZone: 'Europe/Berlin', open: { 'mon-fri': ['09:00-17:00'] } },
      night: { timeZone: 'America/New_York', open: { 'mon-sun': ['00:00-06:00'] } },
    },
    // Conversations have a way in.
    rules: [...rules, { on: 'onConversationAdded', profile: 'bot', when: { State: 'active' } }],
  }))
  .filter((policy) => validatePolicy(policy).issues.length === 0)
  .map((policy) => parsePolicySource(JSON.stringify(policy), 'policy.json'));

// Open, at night, and on a Sunday; else at the time of the conversation's clock.
const date = fc.constantFrom(
  undefined,
  '2026-09-21T08:00:00Z',
  '2026-09-22T02:00:00Z',
  '2026-09-27T12:00:00Z',
);

const n = fc.constantFrom<unknown>(undefined, 5, [3, 'human'], ['7', 'agent'], [], null);
const attributes = n.map((n) => JSON.stringify({ n }));

const event = fc.record({
  date,
  type: fc.constantFrom<EventType>(...EVENTS, 'onMessageAdded'),
  Body: fc.option(fc.constantFrom(...WORDS), { nil: undefined }),
  Source: fc.option(fc.constantFrom(...WORDS), { nil: undefined }),
  n,
});
const events = fc.array(event, { minLength: 1, maxLength: 5 }).map((list) =>
  list.map(({ type, date, Body, Source, n }) => ({
    type,
    fields: {
      ...(type.startsWith('onMessage') && Body !== undefined && { Body }),
      ...(Source !== undefined && { Source }),
      ...(date && (type === 'onConversationStateUpdated' ? { StateUpdated: date } : { DateCreated: date })),
      ...(type === 'onConversationStateUpdated'
        ? { StateTo: 'closed' }
        : { Attributes: JSON.stringify({ n }) }),
    },
  })),
);

/** The functions' side: events come by the router's URL, where there is a router. */
function functions(policy: Policy) {
  const conversation = new FakeConversation();
  const desired = desiredState(policy, PLACEHOLDER_SITE, undefined);
  const settled = new SettledConversations(() => conversation.clock);
  const groups = () => groupByName(conversation.webhooks, desired);
  const router = () => {
    const found = groups().get(ROUTER)?.[0];
    return found && parseRouter(found);
  };
  return {
    conversation,
    state: () => ({
      profile: router()?.Profile,
      webhooks: [...groups().keys()].filter((name) => name !== ROUTER).sort(),
    }),
    handle: (received: Parameters<typeof handleEvent>[1]['event']) =>
      handleEvent(conversation, {
        policy,
        desired,
        event: received,
        router: router(),
        settled,
        timing: { ...conversation.timing, deadline: conversation.clock + 8_750 },
        now: conversation.now,
      }),
  };
}

const newestAfter = (newest: number | undefined, received: ConversationEvent) => {
  const index = messageIndex(received);
  return index === undefined ? newest : Math.max(newest ?? 0, index);
};

test('predicts what the functions decide, attach, detach and replay', async () => {
  let decisions = 0;
  await fc.assert(
    fc.asyncProperty(policies, attributes, events, async (policy, Attributes, list) => {
      const real = functions(policy);
      const simulation = new Simulation(policy, new Date(real.conversation.now * 1000));
      simulation.update({ Attributes });
      for (const { type, fields: given } of list) {
        const received = completeEvent(type, given, simulation);
        // A message that is edited has been sent.
        real.conversation.newest = newestAfter(real.conversation.newest, received);
        const { length } = real.conversation.replays;
        const played = await simulation.play(received);
        const explained = await explainRules(policy, played, played.before);
        real.conversation.fields = played.fields;
        const result = await real.handle(received);
        real.conversation.clock += 60_000;
        const decided = 'rule' in result ? result.rule : undefined;
        expect({ profile: simulation.profile, webhooks: simulation.webhooks.sort() }).toEqual(real.state());
        expect(played.rule).toBe(decided);
        expect(explained.flatMap(({ decides }, i) => (decides ? [i] : []))).toEqual(
          decided === undefined ? [] : [decided],
        );
        if (decided === undefined) continue;
        decisions += 1;
        // The router itself is replayed what began the conversation.
        const replays = real.conversation.replays.slice(played.before === undefined ? length + 1 : length);
        expect(replays.map(({ after }) => after)).toEqual(played.attached.map(() => played.replay));
      }
    }),
    { numRuns: 300 },
  );
  expect(decisions).toBeGreaterThan(100);
});

test('finds only differences that are real, and none between a policy and itself', async () => {
  let found = 0;
  let timed = 0;
  const search = { seed: 1, events: 40, max: 3 };
  await fc.assert(
    fc.asyncProperty(policies, policies, async (old, current) => {
      expect((await findDifferences({ old, new: old }, search)).differences).toEqual([]);
      const { differences } = await findDifferences({ old, new: current }, search);
      found += differences.length;
      for (const { event: given, at = STARTED_AT, profile: from, ...decisions } of differences) {
        timed += Number(at !== STARTED_AT);
        expect(decisions.old).not.toEqual(decisions.new);
        for (const [version, policy] of [
          ['old', old],
          ['new', current],
        ] as const) {
          const { event: written, conversation } = separateConversation(given.fields);
          const fields = { Attributes: '{}', State: 'active', ...conversation };
          const event = completeEvent(given.type, written, { date: at, newest: 1, fields });
          const explained = await explainRules(policy, { event, at, fields }, from[version]);
          const rule = explained.findIndex(({ decides }) => decides);
          const decision = decisions[version];
          expect(decision?.rule).toBe(rule < 0 ? undefined : called(policy.rules[rule]!, rule));
          expect(decision?.profile).toBe(policy.rules[rule]?.profile);
          expect(decision?.webhooks).toEqual(decision && policy.profiles[decision.profile]);
        }
      }
    }),
    { numRuns: 20 },
  );
  expect(found).toBeGreaterThan(20);
  expect(timed).toBeGreaterThan(0);
});

test('says that all conditions hold if and only if the rule matches', async () => {
  const matched = { true: 0, false: 0 };
  await fc.assert(
    fc.asyncProperty(policies, attributes, events, async (policy, Attributes, list) => {
      const fields = { Attributes, State: 'active' };
      for (const { type, fields: given } of list) {
        const at = new Date('2026-09-21T08:00:00Z');
        const context = { event: completeEvent(type, given, { date: at, newest: 3, fields }), at };
        const matching = await matchingRules(policy, { ...context, conversation: async () => fields });
        const explained = await explainRules(policy, { ...context, fields }, 'bot');
        for (const [i, { conditions }] of explained.entries()) {
          const isMatching = matching.includes(policy.rules[i]!);
          expect(conditions.some((all) => all.every(({ holds }) => holds))).toBe(isMatching);
          for (const { condition: text, holds, found } of conditions.flat()) {
            expect(text).not.toMatch(/undefined|\[object|NaN/);
            expect(found === undefined).toBe(holds);
          }
          if (conditions.flat().length > 0) matched[`${isMatching}`] += 1;
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(Math.min(matched.true, matched.false)).toBeGreaterThan(50);
});

test('has words for each condition that a policy can have, and for its opposite', () => {
  const { anyOf } = schema.definitions.condition;
  const operators = anyOf.flatMap((form) => Object.keys('properties' in form ? (form.properties ?? {}) : {}));
  const operands: Required<Condition> = {
    exists: true,
    not: { in: ['a'] },
    in: ['a', ''],
    atLeast: 1,
    atMost: 2,
    words: ['a', 'b'],
    matches: 'a',
  };
  expect(operators.sort()).toEqual(Object.keys(operands).sort());
  for (const [operator, operand] of Object.entries(operands)) {
    const phrases = [{ [operator]: operand }, { not: { [operator]: operand } }].map((condition) =>
      describeConditions([{ Body: condition }]),
    );
    expect(new Set(phrases).size).toBe(2);
    for (const phrase of phrases) expect(phrase).toMatch(/^Body \w+/);
  }
});
