import type { SyncResult } from '../../../src/sync/result';
import type { Call, Way } from './call';
import { contentNumber } from './intern';
import { ROUTER, type Trigger } from './oracle';
import { inShort, type Place, type ReplayableRun } from './replayable-run';
import { isLate, sameCreation, stepInShort, writesRouter } from './trace';
import type { Fields, World } from './world';

/** A run that can be started. */
export interface Task {
  readonly label: string;
  /** One for each version of the policy. */
  readonly runs: readonly ReplayableRun[];
  readonly facts: Omit<Trigger, 'version'>;
  /** An event, which may come late and again. */
  readonly isEvent?: boolean;
}

/** What may happen besides the runs' own steps, and how often. */
export interface Budget {
  /** A run dies between two calls. */
  readonly crash?: number;
  /** A write is answered with an error, whether it was done or not. */
  readonly lost?: number;
  /** A write is not done, and answered with a 409. */
  readonly conflict?: number;
  /** A write of the router is not done, and answered with a 400. */
  readonly refused?: number;
  /** A list does not show the newest write. */
  readonly lag?: number;
  /** An event comes once more. */
  readonly again?: number;
  /** A run of the version that was deployed before. */
  readonly old?: number;
  readonly quarterSecond?: number;
  readonly halfSecond?: number;
  readonly second?: number;
  readonly nineSeconds?: number;
  readonly tenSeconds?: number;
  readonly hour?: number;
}

/** Something that somebody else does, and the run that it starts. */
export interface Happening {
  readonly label: string;
  readonly possible?: (world: World) => boolean;
  readonly happen: (world: World) => void;
  readonly task?: Task;
}

export interface Scenario {
  readonly world: World;
  /** Started in any order. */
  readonly tasks?: readonly Task[];
  /** Messages, written in this order. */
  readonly messages?: readonly string[];
  /** How many runs may be under way at once; two where it is left out. */
  readonly atOnce?: number;
  readonly budget?: Budget;
  /** In this order. */
  readonly happenings?: readonly Happening[];
  /** The runs that an event of the router starts; none where it costs no call. */
  readonly reaction?: (fields: Fields) => Promise<Task | undefined>;
  /** After all has come to rest: one run, or one message and what it starts. Each on its own. */
  readonly after: readonly (Task | string)[];
  /** Seconds after which they come: ten, or more. */
  readonly later?: readonly number[];
  /** What is wrong then. `outcomes`: how each run ended that did; `last`: how the last one did. */
  readonly broken: (world: World, outcomes: readonly string[], last: readonly string[]) => readonly string[];
  /** What is wrong before that. */
  readonly brokenAtRest?: (world: World, outcomes: readonly string[]) => readonly string[];
  /** What is wrong at any time. */
  readonly brokenAtOnce?: (world: World) => readonly string[];
}

export interface Explored {
  readonly states: number;
  /** Ways through these states from the start to an end. */
  readonly schedules: number;
  /** Nothing was left out. */
  readonly exhausted: boolean;
  /** A schedule that breaks a promise, step by step. */
  readonly broken?: string;
}

/** A run under way, before its next call. */
interface Active {
  readonly task: Task;
  readonly run: ReplayableRun;
  readonly id: number;
  readonly place: Place;
  readonly born: number;
}

interface State {
  readonly world: World;
  readonly active: readonly Active[];
  readonly tasks: readonly Task[];
  readonly messages: readonly string[];
  readonly happenings: readonly Happening[];
  readonly budget: Required<Budget>;
  readonly outcomes: readonly string[];
}

type Next = readonly [step: string, state: State];

/** Milliseconds after which the platform has ended any run. */
const LIFETIME = 10_000;
/** How many milliseconds pass at most at once if a run waits. */
const TICK = 500;
/** Steps after which a conversation left alone will never come to rest. */
const MAX_CALM_STEPS = 1000;
const NO_BUDGET: Required<Budget> = {
  ...{ crash: 0, lost: 0, conflict: 0, refused: 0, lag: 0, again: 0, old: 0 },
  ...{ quarterSecond: 0, halfSecond: 0, second: 0, nineSeconds: 0, tenSeconds: 0, hour: 0 },
};
const TIMES = [
  ['quarterSecond', 250, 'a quarter of a second passes'],
  ['halfSecond', 500, 'half a second passes'],
  ['second', 1000, 'a second passes'],
  ['nineSeconds', 9500, 'nine seconds and a half pass'],
  ['tenSeconds', LIFETIME, 'ten seconds pass'],
  ['hour', 3_600_000, 'an hour passes'],
] as const;

/**
 * Goes every way that a scenario can take, up to a number of states. A step is one API call: a run is handed the answer to
 * its last call, and makes the next one. Ways that lead to the same conversation and the same runs go on as one. Each way
 * is gone to its end before another one is taken up, at a place picked at random, so that a search that is cut short has
 * seen ends of all kinds.
 */
export async function explore(scenario: Scenario, limit: number): Promise<Explored> {
  return new Search(scenario, limit).run();
}

class Search {
  private readonly numbers = new Map<string, number>();
  private readonly from: { readonly state: number; readonly step: string }[] = [];
  private readonly ways: number[][] = [];
  private readonly open: { readonly at: number; readonly state: State }[] = [];
  private readonly settled = new Map<string, string | undefined>();
  private readonly random = randomly(1);

  constructor(
    private readonly scenario: Scenario,
    private readonly limit: number,
  ) {}

  async run(): Promise<Explored> {
    const { world, tasks = [], messages = [], happenings = [], budget } = this.scenario;
    this.enter('the beginning', -1, {
      ...{ world, tasks, messages, happenings, active: [], outcomes: [] },
      budget: { ...NO_BUDGET, ...budget },
    });
    while (this.open.length > 0 && this.numbers.size < this.limit) {
      const picked = Math.floor(this.random() * this.open.length);
      let place: (typeof this.open)[number] | undefined = this.open[picked]!;
      this.open[picked] = this.open.at(-1)!;
      this.open.pop();
      while (place) {
        const broken: string | undefined = await this.expand(place.at, place.state);
        if (broken !== undefined) return { ...this.counted(), broken };
        // The way goes on where it has just come to.
        place =
          this.open.length > 0 && this.from[this.open.at(-1)!.at]!.state === place.at
            ? this.open.pop()
            : undefined;
      }
    }
    return this.counted();
  }

  /** What is broken, told as a story, where an end is reached and something is. */
  private async expand(at: number, state: State): Promise<string | undefined> {
    const atOnce = this.scenario.brokenAtOnce?.(state.world) ?? [];
    if (atOnce.length > 0) return [...this.story(at), '', tell(atOnce, state.world)].join('\n');
    if (state.active.length + state.tasks.length + state.messages.length + state.happenings.length === 0) {
      const broken = await this.aftermath(state);
      return broken && [...this.story(at), '', broken].join('\n');
    }
    const before = this.open.length;
    for (const [step, next] of await this.steps(state)) this.ways[at]!.push(this.enter(step, at, next));
    // Of the new places any may be the one where it goes on.
    if (this.open.length > before) {
      const any = before + Math.floor(this.random() * (this.open.length - before));
      [this.open[any], this.open[this.open.length - 1]] = [this.open.at(-1)!, this.open[any]!];
    }
    return undefined;
  }

  private enter(step: string, parent: number, state: State): number {
    const key = keyOf(state);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const at = this.numbers.size;
    this.numbers.set(key, at);
    this.from.push({ state: parent, step });
    this.ways.push([]);
    this.open.push({ at, state });
    return at;
  }

  private async steps(state: State): Promise<Next[]> {
    const { atOnce = 2 } = this.scenario;
    const { world, active, tasks, messages, budget, happenings } = state;
    const found: Next[] = [];
    if (messages.length > 0 && !world.closed) found.push(await this.written(state));
    if (messages.length > 0 && world.closed)
      found.push(['nobody can write any more', { ...state, messages: [] }]);
    const startable = active.length < atOnce ? tasks : [];
    for (const [i, task] of startable.entries()) {
      if (startable.findIndex(({ runs }) => runs[0] === task.runs[0]) < i) continue;
      const rest = { ...state, tasks: tasks.toSpliced(i, 1) };
      found.push(...(await this.started(rest, task, world.deployed, '')));
      if (world.deployed > 0 && budget.old > 0)
        found.push(...(await this.started(spend(rest, 'old'), task, 0, ' under the old policy')));
      if (task.isEvent && budget.again > 0)
        found.push(
          ...(await this.started(spend(state, 'again'), task, world.deployed, ' (it will come again)')),
        );
    }
    for (const [i, run] of active.entries()) {
      if (isWaiting(run, world)) continue;
      found.push(...(await this.called({ ...state, active: active.toSpliced(i, 1) }, run)));
    }
    for (const run of budget.crash > 0 ? active : [])
      found.push([`${run.task.label} crashes`, crash(spend(state, 'crash'), [run])]);
    const waits = active
      .filter((run) => isWaiting(run, world))
      .map(({ born, place }) => born + place.notBefore! - world.now);
    if (waits.length > 0) found.push(['time passes', pass(state, Math.min(TICK, ...waits))]);
    for (const [time, ms, step] of TIMES)
      if (budget[time] > 0) found.push([step, pass(spend(state, time), ms)]);
    const [happening, ...later] = happenings;
    if (happening) found.push(...(await this.happened({ ...state, happenings: later }, happening)));
    if (world.deployed + 1 < world.versions.length) {
      const deployed = world.copy();
      deployed.deployed += 1;
      found.push(['a new policy is deployed', { ...state, world: deployed }]);
    }
    return found;
  }

  private async happened(state: State, { label, possible, happen, task }: Happening): Promise<Next[]> {
    // What cannot happen now may never happen.
    if (possible && !possible(state.world)) return [[`${label}: not any more`, state]];
    const world = state.world.copy();
    happen(world);
    return [[label, await this.heard({ ...state, world, tasks: [...state.tasks, ...(task ? [task] : [])] })]];
  }

  private async written(state: State): Promise<Next> {
    const [body = '', ...messages] = state.messages;
    const world = state.world.copy();
    world.write(body);
    const step = `somebody writes message ${world.messages.length - 1}: "${body}"`;
    return [step, await this.heard({ ...state, world, messages })];
  }

  private async started(state: State, task: Task, version: number, note: string): Promise<Next[]> {
    const run = task.runs[version] ?? task.runs[0]!;
    if (!run.start.call) return [[`${task.label}: nothing to do${note}`, state]];
    const world = state.world.copy();
    const id = world.begin({ ...task.facts, version });
    return this.called(
      { ...state, world },
      { task, run, id, place: run.start, born: world.now },
      ` starts${note}`,
    );
  }

  /** The run makes its call, in each way that it can go. */
  private async called(state: State, active: Active, note = ''): Promise<Next[]> {
    const { task, run, place, id, born } = active;
    const call = place.call!;
    const found: Next[] = [];
    for (const way of waysOf(call, state, born)) {
      const world = state.world.copy();
      const answer = world.perform(id, call, way);
      const next = await this.heard({ ...paid(state, way), world });
      const step = `${task.label}${note}: ${stepInShort(call, answer, way, state.world, world)}`;
      const then = await run.after(place, answer, world.now - born);
      found.push(
        then.outcome
          ? this.ended(next, active, then.outcome, step)
          : [step, { ...next, active: [...next.active, { ...active, place: then }] }],
      );
    }
    return found;
  }

  private ended(
    state: State,
    { id, task }: Active,
    outcome: NonNullable<Place['outcome']>,
    step: string,
  ): Next {
    const world = state.world.copy();
    world.end(id, 'error' in outcome || isRefused(outcome) ? 'failed' : 'done');
    const short = inShort(outcome);
    const outcomes = [...state.outcomes, `${task.label}: ${short}`].sort();
    return [`${step}, and ends: ${short}`, { ...state, world, outcomes }];
  }

  /** What the router was sent becomes runs that can be started. */
  private async heard(state: State): Promise<State> {
    const { world } = state;
    if (world.events.length === 0) return state;
    const tasks: (Task | undefined)[] = [];
    for (const event of world.events) tasks.push(await this.scenario.reaction?.(event));
    const quiet = world.copy();
    quiet.events = [];
    return { ...state, world: quiet, tasks: [...state.tasks, ...tasks.filter((task) => task !== undefined)] };
  }

  private async aftermath(state: State): Promise<string | undefined> {
    const { brokenAtRest, after, broken, later = [11] } = this.scenario;
    const key = `${state.world.key()}|${state.outcomes}`;
    if (this.settled.has(key)) return this.settled.get(key);
    let found = brokenAtRest && tell(brokenAtRest(state.world, state.outcomes), state.world);
    const lasts = later.flatMap((seconds) => after.map((last) => ({ seconds, last })));
    for (const { seconds, last } of found === undefined ? lasts : []) {
      const { world, steps, outcomes } = await this.settle(state, last, seconds);
      if (steps.length === 0) continue;
      const told = tell(broken(world, state.outcomes, outcomes), world);
      if (told !== undefined) found = [`${seconds} seconds later:`, ...steps, '', told].join('\n');
    }
    this.settled.set(key, found);
    return found;
  }

  /** Nothing goes wrong any more. */
  private async settle(state: State, last: Task | string, seconds: number) {
    const world = state.world.copy();
    world.now += seconds * 1000;
    world.deployed = world.versions.length - 1;
    const steps: string[] = [];
    if (typeof last === 'string' && world.closed) return { world, steps, outcomes: [] };
    let calm: State = { ...state, world, budget: NO_BUDGET, tasks: [], messages: [], outcomes: [] };
    if (typeof last === 'string') [, calm] = await this.written({ ...calm, messages: [last] });
    else calm = { ...calm, tasks: [last] };
    while (calm.active.length + calm.tasks.length > 0) {
      if (steps.length > MAX_CALM_STEPS)
        throw new Error(`it does not come to rest:\n${steps.slice(-20).join('\n')}`);
      const [next] = await this.steps({ ...calm, tasks: calm.active.length > 0 ? [] : calm.tasks });
      steps.push(next![0]);
      const tasks = calm.active.length > 0 ? [...calm.tasks, ...next![1].tasks] : next![1].tasks;
      calm = { ...next![1], tasks };
    }
    return { world: calm.world, steps, outcomes: calm.outcomes };
  }

  private story(at: number): string[] {
    const steps: string[] = [];
    for (let place = at; place > 0; place = this.from[place]!.state) steps.unshift(this.from[place]!.step);
    return steps;
  }

  private counted(): Omit<Explored, 'broken'> {
    const counts: number[] = [];
    const stack = [0];
    // From the ends to the start.
    while (stack.length > 0) {
      const at = stack.at(-1)!;
      const missing = this.ways[at]!.filter((next) => counts[next] === undefined);
      if (missing.length > 0) stack.push(...missing);
      else {
        counts[at] = this.ways[at]!.reduce((sum, next) => sum + counts[next]!, 0) || 1;
        stack.pop();
      }
    }
    return { states: this.numbers.size, schedules: counts[0]!, exhausted: this.open.length === 0 };
  }
}

function isWaiting({ place, born }: Active, { now }: World): boolean {
  return place.notBefore !== undefined && now - born < place.notBefore;
}

/** Whether the run reports that Twilio refused its decision. */
function isRefused(outcome: NonNullable<Place['outcome']>): boolean {
  const { refused = [] } = 'value' in outcome ? (outcome.value as Partial<SyncResult>) : {};
  return refused.some(({ webhook }) => webhook === ROUTER);
}

function waysOf(call: Call, { world, budget }: State, born: number): Way[] {
  switch (call.method) {
    case 'list':
      return budget.lag > 0 && world.isStale ? ['answered', 'lagging'] : ['answered'];
    case 'fetch':
    case 'fetchFields':
    case 'newestIndex':
      return ['answered'];
    default: {
      if (isLate(call, world.now - born)) return ['late'];
      const lost: Way[] = budget.lost > 0 ? ['lost', 'dropped'] : [];
      const conflict: Way[] = budget.conflict > 0 ? ['conflict'] : [];
      const refused: Way[] = budget.refused > 0 && writesRouter(call) ? ['refused'] : [];
      // Of two that are created in one second the SIDs say which is the older, and nobody knows how they will fall.
      const first: Way[] = call.method === 'create' && sameCreation(call.args[0], world) ? ['first'] : [];
      return ['answered', ...first, ...lost, ...conflict, ...refused];
    }
  }
}

const COSTS: Readonly<Partial<Record<Way, keyof Budget>>> = {
  ...{ lagging: 'lag', lost: 'lost', dropped: 'lost', conflict: 'conflict', refused: 'refused' },
};

function paid(state: State, way: Way): State {
  const cost = COSTS[way];
  return cost ? spend(state, cost) : state;
}

function spend(state: State, what: keyof Budget): State {
  return { ...state, budget: { ...state.budget, [what]: state.budget[what] - 1 } };
}

function crash(state: State, runs: readonly Active[]): State {
  const world = state.world.copy();
  for (const { id } of runs) world.end(id, 'crashed');
  return { ...state, world, active: state.active.filter((run) => !runs.some(({ id }) => id === run.id)) };
}

function pass(state: State, ms: number): State {
  const world = state.world.copy();
  world.now += ms;
  const over = state.active.filter(({ born }) => world.now - born >= LIFETIME);
  return crash({ ...state, world }, over);
}

function tell(broken: readonly string[], world: World): string | undefined {
  if (broken.length === 0) return undefined;
  const attached = world.webhooks.map(
    (webhook) => `  ${world.nameOf(webhook) ?? 'foreign'} ${webhook.sid} ${webhook.configuration.url ?? ''}`,
  );
  const messages = world.messages.map(({ body, received }, i) => `  ${i} "${body}" received by ${received}`);
  return [...broken, 'attached:', ...attached, 'messages:', ...messages].join('\n');
}

const places = new WeakMap<Place, number>();
let placeCount = 0;

function numberOf(place: Place): number {
  const known = places.get(place);
  if (known !== undefined) return known;
  places.set(place, ++placeCount);
  return placeCount;
}

function keyOf({ world, active, tasks, messages, happenings, budget, outcomes }: State): string {
  const runs = active.map(({ run, id, place, born }) =>
    [numberOf(run.start), id, numberOf(place), born].join(),
  );
  const startable = tasks.map(({ runs: [run] }) => numberOf(run!.start)).sort();
  const rest = [messages.length, happenings.length, contentNumber(budget), contentNumber(outcomes)];
  return [world.key(), runs.sort().join('/'), startable.join(), ...rest].join('|');
}

/** Numbers from 0 to 1, the same ones every time. */
function randomly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
