import type { Definition } from '../../../src/webhooks/definition';
import type { Budget, Scenario, Task } from './explorer';
import { Practice } from './practice';
import type { World } from './world';

/** A situation that a conversation under the policy can be in, before anything is said about what may go wrong. */
interface Situation {
  readonly practice?: Practice;
  /** The profile that it has been in for a while; none: it is not managed yet. */
  readonly profile?: string;
  /** Webhooks that no policy knows. */
  readonly foreign?: number;
  readonly messages?: readonly string[];
  readonly tasks?: (practice: Practice) => readonly Promise<Task | undefined>[];
  readonly budget?: Budget;
  readonly atOnce?: number;
  readonly studio?: true;
}

const foreign = (n: number): Definition => ({
  ...{ target: 'webhook', url: `https://theirs-${n}.example/in` },
  ...{ method: 'post', filters: ['onMessageAdded'] },
});
const ConversationSid = `CH${'1'.padStart(32, '0')}`;
const date = new Date(1_790_000_000_000).toISOString();

const added = (practice: Practice) =>
  practice.event('the conversation is added', {
    ...{ EventType: 'onConversationAdded', ConversationSid, DateCreated: date },
  });
const closed = (practice: Practice) =>
  practice.event('the conversation is closed', {
    ...{ EventType: 'onConversationStateUpdated', ConversationSid, StateUpdated: date },
    ...{ StateFrom: 'active', StateTo: 'closed', Reason: 'API' },
  });
const order = (profile?: string) => (practice: Practice) =>
  practice.task(profile === undefined ? 'a plain sync' : `a sync to ${profile}`, '', () =>
    practice.sync(profile),
  );
const all =
  (...tasks: ((practice: Practice) => Promise<Task | undefined>)[]) =>
  (practice: Practice) =>
    tasks.map((task) => task(practice));

export const SITUATIONS = {
  'first message asks for a human': { foreign: 1, tasks: all(added), messages: ['a human'] },
  'first message asks for a human, and goes on': { tasks: all(added), messages: ['a human', 'hello?'] },
  'two racing hand-offs': { profile: 'bot', foreign: 1, messages: ['a human', 'a human, please'] },
  'hand-back during a hand-off': { profile: 'bot', messages: ['a human', 'robot'] },
  'two first syncs': { foreign: 1, tasks: all(order('bot'), order('bot')), messages: [] },
  'two first syncs that differ': { tasks: all(order('bot'), order('agent')) },
  'a new conversation is announced twice': { tasks: all(added, added), messages: ['a human'] },
  'five slots': { practice: Practice.full, profile: 'bot', messages: ['a human', 'hello?'] },
  'five slots, there and back': { practice: Practice.full, profile: 'bot', messages: ['a human', 'robot'] },
  'five slots, three of them foreign': { profile: 'bot', foreign: 3, messages: ['a human', 'hello?'] },
  'late and duplicated events': { profile: 'bot', messages: ['a human'], budget: { again: 1 } },
  'late and duplicated events, there and back': {
    ...{ profile: 'bot', messages: ['a human', 'robot'], budget: { again: 2 } },
  },
  'a hand-made sync against a rule': { profile: 'bot', messages: ['a human'], tasks: all(order('bot')) },
  'a plain sync against a rule': { profile: 'bot', messages: ['a human', 'hello?'], tasks: all(order()) },
  'a conversation closed during a hand-off': { profile: 'bot', messages: ['a human'], tasks: all(closed) },
  'Studio re-attaching': { profile: 'bot', messages: ['a human'], studio: true },
  'a hand-off and nothing else': { profile: 'bot', messages: ['a human', 'hello?'] },
  'three at once: there, back, and a hand-made sync': {
    ...{ profile: 'bot', messages: ['a human', 'robot'], tasks: all(order('agent')), atOnce: 3 },
  },
  'three at once: two first syncs and a rule': {
    ...{ tasks: all(order('bot'), order('bot')), messages: ['a human'], atOnce: 3 },
  },
  'three at once: two hand-offs and a plain sync': {
    ...{ profile: 'bot', messages: ['a human', 'a human, please'], tasks: all(order()), atOnce: 3 },
  },
} as const satisfies Record<string, Situation>;

export type SituationName = keyof typeof SITUATIONS;

/** The situation with all that may go wrong in it, and docs/promises.md as what has to hold in the end. */
export async function scenario(name: SituationName, budget: Budget): Promise<Scenario> {
  const situation: Situation = SITUATIONS[name];
  const { practice = Practice.handOff, profile, tasks, studio, ...rest } = situation;
  const others = Array.from({ length: situation.foreign ?? 0 }, (_, n) => foreign(n));
  const world = practice.conversation(profile, ...others);
  const theirs = world.webhooks.filter((webhook) => world.nameOf(webhook) === undefined);
  const started = await Promise.all(tasks?.(practice) ?? []);
  return {
    ...rest,
    world,
    budget: { ...situation.budget, ...(studio && { happening: 1 }), ...budget },
    tasks: started.filter((task) => task !== undefined),
    ...(studio && { happening: await studioReturns(practice) }),
    reaction: (fields) => practice.event(`message ${fields.Index} "${fields.Body}"`, fields),
    after: [await order()(practice), 'a last word'],
    // As long as nobody dies on the way, nothing is left to whoever comes next.
    brokenAtRest: (end, outcomes) => [
      ...(budget.crash || budget.tenSeconds ? [] : end.invariants.inexact(end)),
      ...outcomes.filter((outcome) => / (error|threw) /.test(outcome)),
    ],
    broken: (end) => [
      ...end.invariants.broken(end),
      ...(theirs.every((webhook) => end.webhooks.includes(webhook)) ? [] : ['a foreign webhook was changed']),
    ],
  };
}

/** Some say that Studio puts its webhook back when an execution ends. The end is an event too, and starts a plain sync. */
async function studioReturns(practice: Practice): Promise<NonNullable<Scenario['happening']>> {
  const { bot } = practice.setting.policy.webhooks;
  return {
    label: 'Studio puts its webhook back, and tells of the end of its execution',
    possible: (world: World) => world.webhooks.length < 5 && !world.managed().has('bot'),
    happen: (world: World) => void world.plant(bot!),
    task: await practice.task('the end of the execution', '', () => practice.sync()),
  };
}
