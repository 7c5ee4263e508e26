import type { Definition } from '../../../src/webhooks/definition';
import { type Beginning, Bundle } from './bundle';
import type { Budget, Happening, Scenario, Task } from './explorer';
import type { PromiseName, Violation } from './invariants';
import { PROMISES } from './invariants';
import { nameOf } from './oracle';
import { ConversationSid, type Fields, type World } from './world';

/** What a conversation goes through, and all that may go wrong meanwhile. */
export interface Situation extends Beginning {
  readonly bundle?: Bundle;
  /** How many webhooks no policy names. */
  readonly foreign?: number;
  /** Written, with their events under way, before anything else happens. */
  readonly written?: readonly string[];
  readonly messages?: readonly string[];
  /** Events of the service's webhook, which has no router's query. */
  readonly events?: readonly Fields[];
  /** Profiles that are requested; without one, a plain sync. */
  readonly syncs?: readonly (string | undefined)[];
  readonly happenings?: readonly (keyof typeof HAPPENINGS)[];
  readonly budget?: Budget;
  readonly atOnce?: number;
  /** The webhooks are left as they are. */
  readonly still?: true;
  /** What docs/promises.md says that nobody can promise here, and why. */
  readonly except?: Readonly<Partial<Record<PromiseName, string>>>;
}

const foreign = (n: number): Definition => ({
  ...{ target: 'webhook', url: `https://theirs-${n}.example/in` },
  ...{ method: 'post', filters: ['onMessageAdded'] },
});
const date = new Date(1_790_000_000_000).toISOString();
export const ADDED: Fields = { EventType: 'onConversationAdded', ConversationSid, DateCreated: date };
export const JOINED: Fields = {
  ...{ EventType: 'onParticipantAdded', ConversationSid, DateCreated: date },
  ParticipantSid: `MB${'1'.repeat(32)}`,
};
export const CLOSED: Fields = {
  ...{ EventType: 'onConversationStateUpdated', ConversationSid, StateUpdated: date },
  ...{ StateFrom: 'active', StateTo: 'closed', Reason: 'API' },
};
const edited = (Index: number, Body: string) => (world: World) =>
  world.announce({
    ...{ EventType: 'onMessageUpdated', Index: `${Index}`, Body },
    DateUpdated: new Date(world.now).toISOString(),
  });
const hasSlot = ({ webhooks }: World) => webhooks.length < 5;
const attaches = (name: string) => (world: World) => {
  world.plant(Bundle.handOff.listener(name));
  world.invariants = world.invariants.attachedByOthers(name);
};

/** What others do. */
const HAPPENINGS = {
  closes: {
    label: 'the conversation is closed',
    happen: (world) => {
      world.closed = true;
      world.announce({ ...CLOSED, StateUpdated: new Date(world.now).toISOString() });
    },
  },
  'edits an old message': { label: 'an old message is edited', happen: edited(3, 'hello') },
  'edits an old message: human': { label: 'an old message is edited to "human"', happen: edited(3, 'human') },
  'edits an old message: question': {
    label: 'an old message is edited to "question"',
    happen: edited(3, 'question'),
  },
  'detaches bot': { label: 'somebody detaches bot', happen: (world) => world.uproot('bot') },
  'detaches crm': { label: 'somebody detaches crm', happen: (world) => world.uproot('crm') },
  'attaches crm': { label: 'somebody attaches crm', possible: hasSlot, happen: attaches('crm') },
  'attaches bot': { label: 'somebody attaches bot', possible: hasSlot, happen: attaches('bot') },
  'Studio reattaches bot': {
    label: 'Studio puts its webhook back, and tells of the end of its execution',
    possible: (world) => hasSlot(world) && !world.webhooks.some((webhook) => world.nameOf(webhook) === 'bot'),
    happen: attaches('bot'),
  },
} as const satisfies Record<string, Happening>;

/** The scenario of a situation: docs/promises.md is what has to hold in the end. */
export async function scenario(situation: Situation, more: Budget = {}): Promise<Scenario> {
  const { bundle = Bundle.handOff, events = [], syncs = [], happenings = [], except = {} } = situation;
  const others = Array.from({ length: situation.foreign ?? 0 }, (_, n) => foreign(n));
  const world = bundle.conversation({ ...situation, others: [...others, ...(situation.others ?? [])] });
  const budget = { ...situation.budget, ...more };
  const plain = await bundle.task(bundle.request());
  const started: (Task | undefined)[] = await Promise.all([
    ...events.map((fields) => bundle.event(fields)),
    ...syncs.map((profile, number) => bundle.task(bundle.request(profile, number))),
  ]);
  for (const body of situation.written ?? []) world.write(body);
  for (const fields of world.events) started.push(await bundle.event(fields));
  world.events = [];
  const before = world.webhooks;
  const theirs = before.filter((webhook) => nameOf(webhook, bundle.versions) === undefined);
  const tell = (violations: readonly Violation[]) =>
    violations
      .filter(({ promise }) => !(promise in except))
      .map(({ promise, what }) => `${PROMISES[promise]}: ${what}`);
  const touched = (end: World): Violation[] =>
    theirs.every((webhook) => end.webhooks.includes(webhook))
      ? []
      : [{ promise: 'foreign', what: 'one was changed' }];
  const isDisturbed =
    (budget.crash ?? 0) + (budget.tenSeconds ?? 0) + (budget.nineSeconds ?? 0) + (budget.hour ?? 0) > 0;
  return {
    world,
    budget,
    ...(situation.atOnce !== undefined && { atOnce: situation.atOnce }),
    messages: situation.messages ?? [],
    tasks: started.filter((task) => task !== undefined),
    happenings: happenings.map((name) => ({
      ...HAPPENINGS[name],
      ...(name === 'Studio reattaches bot' && { task: plain }),
    })),
    reaction: (fields) => bundle.event(fields),
    after: [plain, 'hello'],
    later: [11, 3600],
    brokenAtOnce: ({ invariants: { violations } }) => tell(violations),
    brokenAtRest: (end, outcomes) =>
      tell([
        ...touched(end),
        ...(situation.still && end.webhooks !== before
          ? [{ promise: 'still', what: 'something was' } as const]
          : []),
        ...outcomes.flatMap((outcome): Violation[] => {
          if (/error 20503 The conversation kept/.test(outcome))
            return [{ promise: 'rounds', what: outcome }];
          if (!/: (error|threw) /.test(outcome) || (isDisturbed && /20503 No time/.test(outcome))) return [];
          return [{ promise: 'errors', what: outcome }];
        }),
      ]),
    broken: (end, _, last) => {
      const full = last.some((outcome) => /error 50361/.test(outcome));
      return tell([
        ...end.invariants.broken(end, full),
        ...touched(end),
        ...last.flatMap((outcome): Violation[] =>
          /: (error|threw) /.test(outcome) && !full ? [{ promise: 'errors', what: outcome }] : [],
        ),
      ]);
    },
  };
}
