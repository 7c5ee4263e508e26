import fc from 'fast-check';
import { ApiError } from '../../src/lib/api-error';
import { attach } from '../../src/webhooks/attach';
import type { Definition } from '../../src/webhooks/definition';
import { detach } from '../../src/webhooks/detach';
import type { Method } from '../../src/webhooks/settings';
import { isSameWebhook } from '../../src/webhooks/webhook';
import { Practice } from '../support/model-checking/practice';
import { inShort, type Outcome, type Work } from '../support/model-checking/replayable-run';
import { Schedule } from '../support/model-checking/schedule';

// Larger schedules than can be gone through one by one: up to four runs at once, and all that can go wrong among them.
// The same schedules every time, unless RANDOM_RUNS says how many others: 20000 take a few minutes.

const listens = (url: string, method: Method = 'post'): Definition => ({
  ...{ target: 'webhook', url, method, filters: ['onMessageAdded'] },
});
const theirs = listens('https://theirs.example/in');
const url = 'https://attached.example/in';
const definition = listens(url);
const date = new Date(1_790_000_000_000).toISOString();
const ConversationSid = `CH${'1'.repeat(32)}`;
const added = { EventType: 'onConversationAdded', ConversationSid, DateCreated: date };
const closed = {
  ...{ EventType: 'onConversationStateUpdated', ConversationSid, StateUpdated: date },
  ...{ StateFrom: 'active', StateTo: 'closed', Reason: 'API' },
};

const attaching: Work = (conversation) => attach(conversation, { definition });
const WORKS: Readonly<Record<string, (practice: Practice) => Work>> = {
  'a plain sync': (practice) => practice.sync(),
  'a sync to bot': (practice) => practice.sync('bot'),
  'a sync to agent': (practice) => practice.sync('agent'),
  'a sync to closed': (practice) => practice.sync('closed'),
  'the conversation is added': (practice) => practice.reaction(added),
  'the conversation is closed': (practice) => practice.reaction(closed),
  'an attach': () => attaching,
  'an attach with GET': () => (conversation) => attach(conversation, { definition: listens(url, 'get') }),
  'an attach that replaces': () => (conversation) => attach(conversation, { definition, replace: true }),
  'a detach': () => (conversation) => detach(conversation, { match: { url } }),
};

const { RANDOM_RUNS } = process.env;
const PRACTICES = { handOff: Practice.handOff, full: Practice.full };
const happening = (runs: readonly string[]) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...runs).map((run) => ({ run })) },
    {
      weight: 4,
      arbitrary: fc.constantFrom('a human', 'a human', 'robot', 'hello?').map((body) => ({ body })),
    },
    { weight: 2, arbitrary: fc.constantFrom(300, 1000, 1000, 12_000).map((ms) => ({ ms })) },
    { weight: 1, arbitrary: fc.constant({ crash: true }) },
  );
const situationOf = (runs: readonly string[]) =>
  fc.record({
    policy: fc.constantFrom<keyof typeof PRACTICES>('handOff', 'handOff', 'full'),
    profile: fc.constantFrom('bot', 'agent', undefined),
    foreign: fc.boolean(),
    attached: fc.boolean(),
    happenings: fc.array(fc.tuple(happening(runs), fc.nat(15)), { minLength: 2, maxLength: 12 }),
    mishaps: fc.record({ lost: fc.nat(2), lag: fc.nat(1), again: fc.nat(1) }),
  });
const [attaches, syncs] = [true, false].map((wanted) =>
  Object.keys(WORKS).filter((run) => /tach/.test(run) === wanted),
) as [string[], string[]];
// What is like each other gets in each other's way most.
const situation = fc.oneof(situationOf(attaches), situationOf(syncs), situationOf(Object.keys(WORKS)));
type Situation = typeof situation extends fc.Arbitrary<infer S> ? S : never;

const isFailure = (outcome: Outcome) => 'error' in outcome;

async function check(
  { policy, profile, foreign, attached, happenings, mishaps }: Situation,
  scheduler: fc.Scheduler,
  chance: Iterator<number>,
): Promise<void> {
  const practice = PRACTICES[policy];
  // Where old and new listeners fill the slots, there is none for others.
  const others = policy === 'full' ? [] : [...(foreign ? [theirs] : []), ...(attached ? [definition] : [])];
  const world = practice.conversation(profile, ...others);
  const foreigner = world.webhooks.find((webhook) => isSameWebhook(webhook, theirs));
  const schedule = new Schedule(world, practice, scheduler, chance, mishaps);
  for (const [todo, turns] of happenings) {
    if ('run' in todo) {
      if (policy === 'full' && /tach/.test(todo.run)) continue;
      const work = WORKS[todo.run]!(practice);
      schedule.plan(`${todo.run} begins`, () => schedule.start(todo.run, work), turns);
    } else if ('body' in todo)
      schedule.plan(`"${todo.body}" is written`, () => schedule.write(todo.body), turns);
    else if ('ms' in todo) schedule.plan(`${todo.ms} ms pass`, () => schedule.pass(todo.ms), turns);
    else schedule.plan('one crashes', () => schedule.crash(), turns);
  }
  await schedule.comeToRest();

  const equals = () => world.webhooks.filter((webhook) => isSameWebhook(webhook, definition)).length;
  const { length } = schedule.outcomes;
  const failures = schedule.outcomes.filter(isFailure);
  for (const { error } of failures as { error: unknown }[]) expect(error).toBeInstanceOf(ApiError);
  const calm =
    mishaps.lost + mishaps.lag === 0 && !happenings.some(([todo]) => 'crash' in todo || 'ms' in todo);
  if (calm) {
    // What one run has made and is about to delete may have the slot that another one needs.
    expect(failures.map(inShort).filter((failure) => failure !== 'error 50361')).toEqual([]);
    if (failures.length === 0) expect(world.invariants.inexact(world)).toEqual([]);
    if (failures.length === 0) expect(equals()).toBeLessThanOrEqual(1);
  }

  await schedule.afterwards(practice.sync());
  expect(schedule.outcomes.slice(length).filter(isFailure).map(inShort)).toEqual([]);
  expect(world.invariants.broken(world)).toEqual([]);
  if (policy !== 'full') {
    await schedule.afterwards(attaching);
    expect(equals()).toBe(1);
  }
  if (foreigner) expect(world.webhooks).toContain(foreigner);
}

test('repairs everything with one more sync, whatever ran and failed', async () => {
  await fc.assert(
    fc.asyncProperty(situation, fc.scheduler(), fc.infiniteStream(fc.nat(99)), (given, scheduler, chance) =>
      check(given, scheduler, chance),
    ),
    RANDOM_RUNS === undefined ? { numRuns: 900, seed: 5 } : { numRuns: Number(RANDOM_RUNS) },
  );
}, 600_000);
