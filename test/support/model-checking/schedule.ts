import type fc from 'fast-check';
import type { Timing } from '../../../src/sync/timing';
import type { Conversation } from '../../../src/webhooks/conversation';
import type { Bundle } from './bundle';
import type { Call, Way } from './call';
import { DEADLINE, inShort, type Outcome } from './replayable-run';
import type { Subject } from './subject';
import { isLate, sameCreation, stepInShort } from './trace';
import type { World } from './world';

/** What may go wrong, and how often. */
export interface Mishaps {
  /** A write is answered with an error, whether it was done or not. */
  readonly lost: number;
  /** A write is not done, and answered with a 409. */
  readonly conflict: number;
  /** A list does not show the newest write. */
  readonly lag: number;
  /** An event comes once more. */
  readonly again: number;
  /** A run of the version that was deployed before. */
  readonly old: number;
}

interface Run {
  readonly id: number;
  readonly born: number;
  alive: boolean;
}

const LIFETIME = 10_000;
const AT_ONCE = 4;
/** Turns after which what runs will never come to rest. */
const MAX_TURNS = 10_000;

/**
 * Runs over one conversation, of which a scheduler says who is answered next: an API call happens when it is made, its
 * answer comes when its turn has come. `chance`: numbers below 100, one for each call, by which calls go wrong.
 */
export class Schedule {
  /** How each run ended that did. */
  readonly outcomes: Outcome[] = [];
  /** What has happened, for somebody who reads it. */
  readonly steps: string[] = [];
  private readonly left: { -readonly [Mishap in keyof Mishaps]: number };
  private readonly waiting: (() => void)[] = [];
  private runs: Run[] = [];
  private calm = false;

  constructor(
    readonly world: World,
    private readonly bundle: Bundle,
    private readonly scheduler: fc.Scheduler,
    private readonly chance: Iterator<number>,
    mishaps: Mishaps,
  ) {
    this.left = { ...mishaps };
  }

  /** Something that happens some time or other, after that many turns of its own at the earliest. */
  plan(label: string, happen: () => void, turns = 0): void {
    void this.turns(label, turns).then(happen);
  }

  /** A run begins, or waits until one has ended. */
  start(subject: Subject): void {
    if (this.runs.length >= AT_ONCE) this.waiting.push(() => this.begin(subject));
    else this.begin(subject);
  }

  /** A new policy is deployed. */
  deploy(): void {
    this.world.deployed = this.world.versions.length - 1;
    this.steps.push('the newest policy is deployed');
  }

  write(body: string): void {
    if (this.world.closed) return;
    this.world.write(body);
    this.steps.push(`somebody writes message ${this.world.messages.length - 1}: "${body}"`);
    this.hear();
  }

  pass(ms: number): void {
    this.world.now += ms;
    this.steps.push(`${ms} ms pass`);
    for (const run of this.runs) if (this.world.now - run.born >= LIFETIME) this.crash(run);
  }

  /** One of those under way dies. */
  crash(run = this.runs[this.draw() % Math.max(1, this.runs.length)]): void {
    if (run) this.end(run, 'crashed');
  }

  /** All that was planned, and all that came of it. */
  async comeToRest(): Promise<void> {
    for (let turns = 0; ; turns++) {
      if (turns > MAX_TURNS)
        throw new Error(`${this.runs.length} runs do not come to rest in ${MAX_TURNS} turns`);
      // Between two calls a run may wait for itself, and is no task of the scheduler's meanwhile.
      await new Promise(setImmediate);
      if (this.scheduler.count() === 0) return;
      await this.scheduler.waitNext(1);
    }
  }

  /** Twenty seconds later: one more run, and nothing goes wrong any more. */
  async afterwards(subject: Subject): Promise<void> {
    this.world.now += 2 * LIFETIME;
    this.deploy();
    this.calm = true;
    this.start(subject);
    await this.comeToRest();
  }

  private begin({ label, facts, work }: Subject): void {
    const { world } = this;
    const version = world.deployed > 0 && this.spend('old', this.draw() < 30) ? 0 : world.deployed;
    const run: Run = { id: world.begin({ ...facts, version }), born: world.now, alive: true };
    this.runs.push(run);
    const ask =
      (method: Call['method']) =>
      async (...args: readonly unknown[]): Promise<never> => {
        const call = { method, args } as unknown as Call;
        // Some are slow: much can happen meanwhile.
        await this.turns(`${label}: ${method}`, this.draw() < 10 ? 12 : 0);
        if (!run.alive) return new Promise(() => {});
        const way = this.wayOf(call, world.now - run.born);
        const before = world.copy();
        const answer = world.perform(run.id, call, way);
        this.steps.push(`${label} (${run.id}): ${stepInShort(call, answer, way, before, world)}`);
        this.hear();
        if ('error' in answer) throw answer.error;
        return answer.value as never;
      };
    const conversation: Conversation = {
      list: ask('list'),
      fetch: ask('fetch'),
      create: ask('create'),
      update: ask('update'),
      remove: ask('remove'),
      fetchFields: ask('fetchFields'),
      newestIndex: ask('newestIndex'),
    };
    const timing: Timing = {
      now: () => world.now - run.born,
      sleep: async (ms) => {
        const until = world.now + ms;
        await this.turns(`${label}: waits`, 4);
        if (run.alive && world.now < until) this.pass(until - world.now);
        if (!run.alive) await new Promise(() => {});
      },
      deadline: DEADLINE,
    };
    work(version)(conversation, timing).then(
      (value) => this.end(run, 'done', { value }),
      (error) => this.end(run, 'failed', { error }),
    );
  }

  private end(run: Run, how: 'done' | 'crashed' | 'failed', outcome?: Outcome): void {
    if (!run.alive) return;
    run.alive = false;
    this.runs = this.runs.filter((other) => other !== run);
    this.world.end(run.id, how);
    this.steps.push(`run ${run.id}: ${outcome ? inShort(outcome) : 'crashes'}`);
    if (outcome) this.outcomes.push(outcome);
    this.waiting.shift()?.();
  }

  /** What the router was sent starts runs, in any order, and maybe twice. */
  private hear(): void {
    const { events } = this.world;
    this.world.events = [];
    for (const fields of events) {
      const subject = this.bundle.subject(fields);
      this.plan(`${subject.label} comes`, () => this.start(subject));
      if (this.spend('again', this.draw() < 30))
        this.plan(`${subject.label} comes again`, () => this.start(subject));
    }
  }

  private wayOf(call: Call, now: number): Way {
    const drawn = this.draw();
    switch (call.method) {
      case 'list':
        return this.world.isStale && this.spend('lag', drawn < 10) ? 'lagging' : 'answered';
      case 'fetch':
      case 'fetchFields':
      case 'newestIndex':
        return 'answered';
      default:
        if (isLate(call, now)) return 'late';
        if (this.spend('lost', drawn < 15)) return drawn % 2 === 0 ? 'lost' : 'dropped';
        if (this.spend('conflict', drawn > 85)) return 'conflict';
        return call.method === 'create' && drawn % 2 === 0 && sameCreation(call.args[0], this.world)
          ? 'first'
          : 'answered';
    }
  }

  private async turns(label: string, more: number): Promise<void> {
    for (let i = 0; i < more; i++) await this.scheduler.schedule(Promise.resolve(), `${label}, not yet`);
    await this.scheduler.schedule(Promise.resolve(), label);
  }

  private spend(mishap: keyof Mishaps, drawn: boolean): boolean {
    if (this.calm || !drawn || this.left[mishap] === 0) return false;
    this.left[mishap] -= 1;
    return true;
  }

  private draw(): number {
    return this.chance.next().value;
  }
}
