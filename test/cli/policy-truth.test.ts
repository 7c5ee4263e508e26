import fc from 'fast-check';
import { CachedPatterns } from '../../cli/policy/cached-patterns';
import { describeConditions } from '../../cli/policy/conditions';
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
import { stateHash } from '../../src/lib/hash';
import type { Condition } from '../../src/policy/conditions/condition';
import { CONVERSATION_FIELDS } from '../../src/policy/conditions/conversation-fields';
import { matchingRules } from '../../src/policy/match';
import type { Policy } from '../../src/policy/policy';
import type { Rule } from '../../src/policy/rule';
import { PLACEHOLDER_SITE, validatePolicy } from '../../src/policy/schema/schema';
import { desiredState } from '../../src/sync/desired-state';
import { handleEvent } from '../../src/sync/handle-event';
import { groupByName, ROUTER } from '../../src/sync/managed-webhooks';
import { SettledConversations } from '../../src/sync/settled';
import { sync } from '../../src/sync/sync';
import type { ConversationFields } from '../../src/webhooks/conversation';
import { parseRouter } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';

// What `npm run policy` says is what the functions do with the same events on a conversation that keeps Twilio's promises.

const PROFILES = { bot: ['bot', 'sos'], agent: ['crm', 'sos'], closed: [] };
const EVENTS = [
  'onConversationAdded',
  'onMessageAdded',
  'onMessageUpdated',
  'onConversationUpdated',
  'onConversationStateUpdated',
] as const;
// Rules and events meet often.
const eventTypes = fc.constantFrom<EventType>(
  ...EVENTS,
  'onMessageAdded',
  'onMessageAdded',
  'onMessageAdded',
);
const WORDS = ['human', 'agent', 'a human!', '7', ''];

const scalar = fc.constantFrom<string | number | boolean>(...WORDS, 5, true);
const operators = {
  in: fc.array(scalar, { minLength: 1, maxLength: 3 }),
  words: fc.array(fc.constantFrom('human', 'agent', '7'), { minLength: 1, maxLength: 2 }),
  matches: fc.constantFrom('^a', 'n$', '\\d'),
  atLeast: fc.integer({ min: 0, max: 9 }),
  atMost: fc.integer({ min: 0, max: 9 }),
  exists: fc.boolean(),
};
const leaf = fc.oneof(
  scalar,
  fc.record(operators, { requiredKeys: [] }),
  // Fewer operators hold more often.
  ...Object.entries(operators).map(([name, operand]) => fc.record({ [name]: operand })),
);
const condition = fc
  .oneof(
    leaf,
    leaf.map((inner) => ({ not: inner })),
    leaf.map((inner) => ({ not: { not: inner } })),
  )
  .filter((value) => JSON.stringify(value).indexOf('{}') < 0);
const field = fc.constantFrom(
  'Body',
  'Source',
  'Attributes.n',
  'Conversation.Attributes.n',
  'Conversation.FriendlyName',
  'Conversation.UniqueName',
);
const state = fc.constantFrom('active', 'active', 'active', 'inactive', 'closed');
const fields = fc
  .tuple(
    fc.dictionary(field, condition, { minKeys: 1, maxKeys: 2 }),
    fc.option(
      state.chain((known) => fc.constantFrom(known, { not: known })),
      { nil: undefined, freq: 2 },
    ),
  )
  .map(([given, State]) => ({ ...given, ...(State !== undefined && { 'Conversation.State': State }) }));
const when = fc.option(fc.oneof(fields, fc.array(fields, { minLength: 1, maxLength: 2 })), {
  nil: undefined,
});
const profile = fc.constantFrom('bot', 'agent', 'closed');

const rule = fc
  .record({
    on: eventTypes,
    hours: fc.constantFrom(
      {},
      {},
      { during: 'office' },
      { outside: 'office' },
      { outside: 'office', during: 'night' },
    ),
    from: fc.option(fc.uniqueArray(profile, { minLength: 1 }), { nil: undefined, freq: 1 }),
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
  .array(rule, { minLength: 2, maxLength: 5 })
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
const word = fc.option(fc.constantFrom(...WORDS), { nil: undefined });

const starts = fc.option(profile, { nil: undefined, freq: 2 });

/** The conversation's own fields. */
const conversations = fc
  .record({ n, FriendlyName: word, UniqueName: word, State: state })
  .map(({ n, FriendlyName, UniqueName, State }) => ({
    Attributes: JSON.stringify({ n }),
    ...(FriendlyName !== undefined && { FriendlyName }),
    ...(UniqueName !== undefined && { UniqueName }),
    State,
  }));

const event = fc.record({
  date,
  type: eventTypes,
  Body: word,
  Source: word,
  FriendlyName: word,
  State: state,
  n,
});
const events = fc.array(event, { minLength: 3, maxLength: 6 }).map((list) =>
  list.map(({ type, date, Body, Source, FriendlyName, State, n }) => ({
    type,
    fields: {
      ...(type.startsWith('onMessage') && Body !== undefined && { Body }),
      ...(Source !== undefined && { Source }),
      ...(date && (type === 'onConversationStateUpdated' ? { StateUpdated: date } : { DateCreated: date })),
      ...(type === 'onConversationUpdated' && { ...(FriendlyName !== undefined && { FriendlyName }), State }),
      ...(type === 'onConversationStateUpdated' ? { StateTo: State } : { Attributes: JSON.stringify({ n }) }),
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
    enter: async (name: string) => {
      const trigger = { kind: 'request', key: stateHash(name), profile: name } as const;
      await sync(conversation, { desired, trigger, timing: conversation.timing });
      conversation.clock += 60_000;
    },
    handle: (received: Parameters<typeof handleEvent>[1]['event']) =>
      handleEvent(conversation, {
        policy,
        desired,
        event: received,
        router: router(),
        settled,
        timing: { ...conversation.timing, deadline: conversation.clock + 8_750 },
        now: conversation.now,
        // On a busy machine the time for patterns may be used up by something else.
        budget: new CachedPatterns(),
      }),
  };
}

/** The conversation's own fields once Twilio sends an event. */
function fieldsThen(received: ConversationEvent, before: ConversationFields): ConversationFields {
  if (received.EventType === 'onConversationStateUpdated') return { ...before, State: received.StateTo };
  if (received.EventType !== 'onConversationAdded' && received.EventType !== 'onConversationUpdated')
    return before;
  const known = CONVERSATION_FIELDS.filter((name) => received[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, received[name]])) as unknown as ConversationFields;
}

/** What a rule looks at besides the event. */
function kindsOf({ during, outside, when = [] }: Rule): ('hours' | 'conversation')[] {
  const names = when.flatMap((alternative) => Object.keys(alternative));
  return [
    ...((during ?? outside) === undefined ? [] : (['hours'] as const)),
    ...(names.some((name) => name.startsWith('Conversation.')) ? (['conversation'] as const) : []),
  ];
}

const newestAfter = (newest: number | undefined, received: ConversationEvent) => {
  const index = messageIndex(received);
  return index === undefined ? newest : Math.max(newest ?? 0, index);
};

test('predicts what the functions decide, attach, detach and replay', async () => {
  const decisions = { all: 0, hours: 0, conversation: 0 };
  await fc.assert(
    fc.asyncProperty(policies, starts, conversations, events, async (policy, start, own, list) => {
      const real = functions(policy);
      const simulation = new Simulation(policy, new Date(real.conversation.now * 1000));
      real.conversation.fields = own;
      simulation.update(own);
      if (start !== undefined) await Promise.all([real.enter(start), simulation.enter(start)]);
      for (const { type, fields: given } of list) {
        const received = completeEvent(type, given, simulation);
        // A message that is edited has been sent.
        real.conversation.newest = newestAfter(real.conversation.newest, received);
        const { length } = real.conversation.replays;
        const played = await simulation.play(received);
        const explained = await explainRules(policy, played, played.before);
        real.conversation.fields = fieldsThen(received, real.conversation.fields);
        expect(played.fields).toEqual(real.conversation.fields);
        const result = await real.handle(received);
        real.conversation.clock += 60_000;
        const decided = 'rule' in result ? result.rule : undefined;
        expect({ profile: simulation.profile, webhooks: simulation.webhooks.sort() }).toEqual(real.state());
        expect(played.rule).toBe(decided);
        expect(explained.flatMap(({ decides }, i) => (decides ? [i] : []))).toEqual(
          decided === undefined ? [] : [decided],
        );
        if (decided === undefined) continue;
        for (const kind of ['all', ...kindsOf(policy.rules[played.rule!]!)] as const) decisions[kind] += 1;
        // The router itself is replayed what began the conversation.
        const replays = real.conversation.replays.slice(played.before === undefined ? length + 1 : length);
        expect(replays.map(({ after }) => after)).toEqual(played.attached.map(() => played.replay));
      }
    }),
    { numRuns: 400 },
  );
  expect(decisions.all).toBeGreaterThan(60);
  expect(Math.min(decisions.hours, decisions.conversation)).toBeGreaterThan(5);
});

test('finds only differences that are real, and none between a policy and itself', async () => {
  const found = { all: 0, hours: 0, conversation: 0 };
  const search = { seed: 1, events: 40, max: 3 };
  await fc.assert(
    fc.asyncProperty(policies, policies, async (old, current) => {
      expect((await findDifferences({ old, new: old }, search)).differences).toEqual([]);
      const { differences } = await findDifferences({ old, new: current }, search);
      for (const { event, conversation, at = STARTED_AT, profile: from, ...decisions } of differences) {
        found.all += 1;
        found.hours += Number(at !== STARTED_AT);
        found.conversation += Number(Object.keys(conversation).length > 0);
        expect(decisions.old).not.toEqual(decisions.new);
        for (const [version, policy] of [
          ['old', old],
          ['new', current],
        ] as const) {
          const fields = { Attributes: '{}', State: 'active', ...conversation };
          const received = completeEvent(event.type, event.fields, { date: at, newest: 1, fields });
          const real = functions(policy);
          real.conversation.newest = 1;
          if (from[version] !== undefined) await real.enter(from[version]);
          const { length } = real.conversation.replays;
          real.conversation.newest = newestAfter(1, received);
          real.conversation.fields = fieldsThen(received, fields);
          const result = await real.handle(received);
          const rule = 'rule' in result ? result.rule : undefined;
          const decision = decisions[version];
          expect(decision?.rule).toBe(
            rule === undefined ? undefined : called(policy.rules[rule as number]!, rule as number),
          );
          expect(real.state().profile).toBe(decision ? decision.profile : from[version]);
          if (!decision) continue;
          expect(real.state().webhooks).toEqual([...decision.webhooks].sort());
          const replays = real.conversation.replays.slice(from[version] === undefined ? length + 1 : length);
          expect([...new Set(replays.map(({ after }) => after))]).toEqual(
            decision.replay === null ? [] : [decision.replay],
          );
        }
      }
    }),
    { numRuns: 30 },
  );
  expect(found.all).toBeGreaterThan(30);
  expect(Math.min(found.hours, found.conversation)).toBeGreaterThan(5);
});

test('says that all conditions hold if and only if the rule matches', async () => {
  const matched = { true: 0, false: 0, hours: 0, conversation: 0 };
  await fc.assert(
    fc.asyncProperty(policies, conversations, events, async (policy, fields, list) => {
      for (const { type, fields: given } of list) {
        const at = new Date('2026-09-21T08:00:00Z');
        const context = { event: completeEvent(type, given, { date: at, newest: 3, fields }), at };
        const subject = { ...context, conversation: async () => fields };
        const matching = await matchingRules(policy, subject, new CachedPatterns());
        const explained = await explainRules(policy, { ...context, fields }, 'bot');
        for (const [i, { conditions }] of explained.entries()) {
          const isMatching = matching.includes(policy.rules[i]!);
          expect(conditions.some((all) => all.every(({ holds }) => holds))).toBe(isMatching);
          for (const { condition: text, holds, found } of conditions.flat()) {
            expect(text).not.toMatch(/undefined|\[object|NaN/);
            expect(found === undefined).toBe(holds);
          }
          if (conditions.flat().length > 0) matched[`${isMatching}`] += 1;
          if (isMatching) for (const kind of kindsOf(policy.rules[i]!)) matched[kind] += 1;
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(Math.min(...Object.values(matched))).toBeGreaterThan(30);
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
