import type fc from 'fast-check';
import type { Conversation } from '../../../src/webhooks/conversation';
import type { Practice } from './practice';
import type { Outcome, Work } from './replayable-run';
import { sameCreation } from './trace';
import type { Call, Way, World } from './world';

/** What may go wrong, and how often. */
export interface Mishaps {
  /** A write is answered with an error, whether it was done or not. */
  readonly lost: number;
  /** A list does not show the newest write. */
  readonly lag: number;
  /** An event comes once more. */
  readonly again: number;
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
  private readonly left: { -readonly [Mishap in keyof Mishaps]: number };
  private readonly waiting: (() => void)[] = [];
  private runs: Run[] = [];
  private calm = false;

  constructor(
    readonly world: World,
    private readonly practice: Practice,
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

  /** A run begins, or waits until one has ended. `index`: the message that it is about. */
  start(label: string, work: Work, index?: number): void {
    if (this.runs.length >= AT_ONCE) this.waiting.push(() => this.begin(label, work, index));
    else this.begin(label, work, index);
  }

  write(body: string): void {
    this.world.write(body);
    this.hear();
  }

  pass(ms: number): void {
    this.world.now += ms;
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
  async afterwards(work: Work): Promise<void> {
    this.world.now += 2 * LIFETIME;
    this.calm = true;
    this.start('afterwards', work);
    await this.comeToRest();
  }

  private begin(label: string, work: Work, index: number | undefined): void {
    const { world } = this;
    const run: Run = { id: world.begin(index), born: world.now, alive: true };
    this.runs.push(run);
    let listed: number | undefined;
    const ask =
      (method: Call['method']) =>
      async (...args: readonly unknown[]): Promise<never> => {
        const call = { method, args } as unknown as Call;
        const way = this.wayOf(call);
        const answer = world.perform(run.id, call, way);
        if (method === 'list') listed = world.now;
        this.hear();
        // Some are slow: much can happen meanwhile.
        await this.turns(`${label}: ${method} ${way}`, this.draw() < 10 ? 12 : 0);
        if (!run.alive) return new Promise(() => {});
        if ('error' in answer) throw answer.error;
        return answer.value as never;
      };
    const conversation: Conversation = {
      list: ask('list'),
      fetch: ask('fetch'),
      create: ask('create'),
      update: ask('update'),
      remove: ask('remove'),
      newestIndex: ask('newestIndex'),
    };
    // The first look at the clock after a list is about the list: it is as old as it really is.
    const clock = () => {
      const time = listed ?? world.now;
      listed = undefined;
      return time;
    };
    work(conversation, clock).then(
      (value) => this.end(run, 'done', { value }),
      (error) => this.end(run, 'crashed', { error }),
    );
  }

  private end(run: Run, how: 'done' | 'crashed', outcome?: Outcome): void {
    if (!run.alive) return;
    run.alive = false;
    this.runs = this.runs.filter((other) => other !== run);
    this.world.end(run.id, how);
    if (outcome) this.outcomes.push(outcome);
    this.waiting.shift()?.();
  }

  /** What the router was sent starts runs, in any order, and maybe twice. */
  private hear(): void {
    const { events } = this.world;
    this.world.events = [];
    for (const fields of events) {
      const react = () =>
        this.start(`message ${fields.Index}`, this.practice.reaction(fields), Number(fields.Index));
      this.plan(`the event of message ${fields.Index} comes`, react);
      if (this.spend('again', this.draw() < 30))
        this.plan(`the event of message ${fields.Index} comes again`, react);
    }
  }

  private wayOf(call: Call): Way {
    const drawn = this.draw();
    switch (call.method) {
      case 'list':
        return this.world.previous && this.spend('lag', drawn < 10) ? 'lagging' : 'answered';
      case 'fetch':
      case 'newestIndex':
        return 'answered';
      default:
        if (this.spend('lost', drawn < 15)) return drawn % 2 === 0 ? 'lost' : 'refused';
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
