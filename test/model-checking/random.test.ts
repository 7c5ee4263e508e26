import fc from 'fast-check';
import { ApiError } from '../../src/lib/api-error';
import { attach } from '../../src/webhooks/attach';
import type { Definition } from '../../src/webhooks/definition';
import { detach } from '../../src/webhooks/detach';
import type { Method } from '../../src/webhooks/settings';
import { isSameWebhook } from '../../src/webhooks/webhook';
import { Bundle } from '../support/model-checking/bundle';
import { PROMISES, type PromiseName } from '../support/model-checking/invariants';
import { inShort, type Outcome, type Work } from '../support/model-checking/replayable-run';
import { ADDED, CLOSED, JOINED } from '../support/model-checking/scenarios';
import { Schedule } from '../support/model-checking/schedule';
import type { Subject } from '../support/model-checking/subject';

// Larger schedules than can be gone through one by one: up to four runs at once, and all that can go wrong among them.
// The same schedules every time, unless RANDOM_RUNS says how many others: 20000 take a few minutes.

const listens = (url: string, method: Method = 'post'): Definition => ({
  ...{ target: 'webhook', url, method, filters: ['onMessageAdded'] },
});
const theirs = listens('https://theirs.example/in');
const url = 'https://attached.example/in';
const definition = listens(url);
const attaching: Work = (conversation) => attach(conversation, { definition });
const others: Readonly<Record<string, Work>> = {
  'an attach': attaching,
  'an attach with GET': (conversation) => attach(conversation, { definition: listens(url, 'get') }),
  'an attach that replaces': (conversation) => attach(conversation, { definition, replace: true }),
  'a detach': (conversation) => detach(conversation, { match: { url } }),
};
const subject = (label: string): Subject => ({ label, facts: {}, work: () => others[label]! });
/** `number`: tells requests apart. */
const SUBJECTS: Readonly<Record<string, (bundle: Bundle, number: number) => Subject>> = {
  'a plain sync': (bundle) => bundle.request(),
  'a sync to bot': (bundle, number) => bundle.request('bot', number),
  'a sync to agent': (bundle, number) => bundle.request('agent', number),
  'a sync to closed': (bundle, number) => bundle.request('closed', number),
  'the conversation is added': (bundle) => bundle.subject(ADDED),
  'somebody joins': (bundle) => bundle.subject(JOINED),
  'the conversation ends': (bundle) => bundle.subject(CLOSED),
  ...Object.fromEntries(Object.keys(others).map((label) => [label, () => subject(label)])),
};
/** What nobody can promise to any four runs, as docs/promises.md says. */
const EXCEPT: readonly PromiseName[] = ['rounds'];

const { RANDOM_RUNS } = process.env;
const { handOff, full, newUrls, newSlots, removedWebhook, renamedWebhooks, newSettings } = Bundle;
const BUNDLES = { handOff, full, newUrls, newSlots, removedWebhook, renamedWebhooks, newSettings };
const happening = (runs: readonly string[]) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...runs).map((run) => ({ run })) },
    {
      weight: 4,
      arbitrary: fc
        .constantFrom('human', 'human', 'anyone', 'question', 'robot', 'hello')
        .map((body) => ({ body })),
    },
    { weight: 2, arbitrary: fc.constantFrom(300, 1000, 1000, 12_000).map((ms) => ({ ms })) },
    { weight: 1, arbitrary: fc.constant({ crash: true }) },
    { weight: 1, arbitrary: fc.constant({ deploy: true }) },
  );
const situationOf = (runs: readonly string[]) =>
  fc.record({
    policy: fc.constantFrom(...(Object.keys(BUNDLES) as (keyof typeof BUNDLES)[])),
    profile: fc.constantFrom('bot', 'agent', undefined),
    foreign: fc.boolean(),
    attached: fc.boolean(),
    happenings: fc.array(fc.tuple(happening(runs), fc.nat(15)), { minLength: 2, maxLength: 12 }),
    mishaps: fc.record({
      ...{ lost: fc.nat(2), conflict: fc.nat(2), lag: fc.nat(1), again: fc.nat(1), old: fc.nat(2) },
    }),
  });
const [attaches, syncs] = [true, false].map((wanted) =>
  Object.keys(SUBJECTS).filter((run) => /tach/.test(run) === wanted),
) as [string[], string[]];
// What is like each other gets in each other's way most.
const situation = fc.oneof(situationOf(attaches), situationOf(syncs), situationOf(Object.keys(SUBJECTS)));
type Situation = typeof situation extends fc.Arbitrary<infer S> ? S : never;

const isFailure = (outcome: Outcome) => 'error' in outcome;

async function check(
  { policy, profile, foreign, attached, happenings, mishaps }: Situation,
  scheduler: fc.Scheduler,
  chance: Iterator<number>,
): Promise<void> {
  const bundle = BUNDLES[policy];
  // Where old and new listeners fill the slots, there is none for others.
  const isFull = policy === 'full' || policy === 'newSlots';
  const world = bundle.conversation({
    ...(profile !== undefined && { profile }),
    others: isFull ? [] : [...(foreign ? [theirs] : []), ...(attached ? [definition] : [])],
  });
  const foreigner = world.webhooks.find((webhook) => isSameWebhook(webhook, theirs));
  const schedule = new Schedule(world, bundle, scheduler, chance, mishaps);
  for (const [number, [todo, turns]] of happenings.entries()) {
    if ('run' in todo) {
      if (isFull && /tach/.test(todo.run)) continue;
      const run = SUBJECTS[todo.run]!(bundle, number);
      schedule.plan(`${todo.run} begins`, () => schedule.start(run), turns);
    } else if ('body' in todo)
      schedule.plan(`"${todo.body}" is written`, () => schedule.write(todo.body), turns);
    else if ('ms' in todo) schedule.plan(`${todo.ms} ms pass`, () => schedule.pass(todo.ms), turns);
    else if ('deploy' in todo) schedule.plan('a new policy is deployed', () => schedule.deploy(), turns);
    else schedule.plan('one crashes', () => schedule.crash(), turns);
  }
  await schedule.comeToRest();

  const equals = () => world.webhooks.filter((webhook) => isSameWebhook(webhook, definition)).length;
  const { length } = schedule.outcomes;
  const failures = schedule.outcomes.filter(isFailure);
  for (const { error } of failures as { error: unknown }[]) expect(error).toBeInstanceOf(ApiError);
  const { lost, conflict, lag } = mishaps;
  const calm = lost + conflict + lag === 0 && !happenings.some(([todo]) => 'crash' in todo || 'ms' in todo);
  // What one run has made and is about to delete may have the slot that another one needs, and runs may fight for long.
  if (calm) expect(failures.map(inShort).filter((failure) => !/ (50361|20503) /.test(failure))).toEqual([]);
  if (calm && failures.length === 0) expect(equals()).toBeLessThanOrEqual(1);

  await schedule.afterwards(bundle.request());
  expect(schedule.outcomes.slice(length).filter(isFailure).map(inShort)).toEqual([]);
  const broken = world.invariants.broken(world, false).filter(({ promise }) => !EXCEPT.includes(promise));
  const told = broken.map(({ promise, what }) => `${PROMISES[promise]}: ${what}`);
  if (told.length > 0) throw new Error([...schedule.steps, ...told].join('\n'));
  if (!isFull) {
    await schedule.afterwards(subject('an attach'));
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
