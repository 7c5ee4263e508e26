import { createEmulator, type Emulator } from '../../emulator/server';
import type { Delivery } from '../../emulator/state/history';
import { parseConversationEvent } from '../../src/events/parse';
import type { Policy } from '../../src/policy/policy';
import { type DesiredState, desiredState } from '../../src/sync/desired-state';
import { handleEvent } from '../../src/sync/handle-event';
import { ROUTER } from '../../src/sync/managed-webhooks';
import { requestedProfile } from '../../src/sync/requested-profile';
import { SettledConversations } from '../../src/sync/settled';
import { sync } from '../../src/sync/sync';
import type { Timing } from '../../src/sync/timing';
import { createConversation } from '../../src/twilio/client';
import type { Conversation } from '../../src/webhooks/conversation';
import type { Definition } from '../../src/webhooks/definition';
import { parseState, ROUTER_PATH, type RouterState } from '../../src/webhooks/router';
import { Actor, inTurns } from './actor';
import { type Known, managed, nameOf, stateIn } from './oracle';
import { emulatorEnvironment } from './programs';

const SITE = { domainName: 'bots-1234.twil.io', local: false };
/** Seconds after which the platform has ended any Function. */
const LIFETIME = 10;
/** Seconds that a Function gives itself. */
const DEADLINE = 9;
/** API calls after which what runs will never come to its end. */
const MAX_STEPS = 1000;

type Fields = Readonly<Record<string, string>>;

/** One run of a function. */
interface Run {
  /** The decisions that its newest list showed. */
  done: readonly string[];
}

/** A router that was written. */
interface Commit {
  readonly state: RouterState;
}

/**
 * One conversation on an emulator, with a clock of its own, and the runs over it: the test says what happens next. The
 * functions' own code over HTTP; what the platform does around it (start a function for an event, end it after ten
 * seconds, send an event twice) is the test's.
 */
export class Stage {
  readonly actors: Actor[] = [];
  /** Events that a function is still to be started for. */
  readonly events: Fields[] = [];
  readonly commits: Commit[] = [];
  /** Decisions of events that had decided before, by runs that saw it. */
  readonly rejudged: RouterState[] = [];
  /** For each message, the profiles one of whose listeners has to have it. */
  readonly owed: Set<string>[] = [];
  /** Messages that were written before there was a router. */
  readonly early = new Set<number>();
  private readonly known: Known;
  private readonly changing = new Set<string>();
  private heard = 0;

  private constructor(
    private readonly emulator: Emulator,
    private readonly policy: Policy,
    private readonly desired: DesiredState,
    readonly sid: string,
    private readonly time: { now: number },
  ) {
    this.known = { webhooks: policy.webhooks, hosts: [SITE.domainName] };
  }

  static async open(policy: Policy): Promise<Stage> {
    const time = { now: 1_790_000_000_000 };
    const emulator = await createEmulator({ now: () => time.now });
    const [sid] = await emulator.seed(1);
    return new Stage(emulator, policy, desiredState(policy, SITE, undefined), `${sid}`, time);
  }

  close(): Promise<void> {
    return this.emulator.close();
  }

  /** The conversation, for calls that nothing can come between. */
  conversation(): Conversation {
    const env = { ...emulatorEnvironment(), TWILIO_API_BASE_URL: this.emulator.url };
    return createConversation(
      { ConversationSid: this.sid },
      { env, deadline: performance.now() + 60_000, calls: 0, retries: 0 },
    );
  }

  async attach(definition: Definition): Promise<void> {
    await this.conversation().create(definition);
  }

  /** A service's webhook tells of the new conversation. */
  announce(): void {
    const date = new Date(this.time.now).toISOString();
    this.events.push({ EventType: 'onConversationAdded', ConversationSid: this.sid, DateCreated: date });
  }

  /** Somebody writes. */
  async write(Body: string): Promise<void> {
    const inForce = (await this.routers()).map(({ Profile }) => Profile);
    const heard = inForce.length > 0 && inForce.every((profile) => this.policy.profiles[profile]?.length);
    if (inForce.length === 0) this.early.add(this.owed.length);
    this.owed.push(new Set(heard ? [...inForce, ...this.changing] : []));
    await this.emulator.addMessage(this.sid, { Source: 'SMS', Body });
    await this.hear();
  }

  /** A function starts for an event. */
  async react(fields: Fields): Promise<void> {
    const event = parseConversationEvent(fields);
    if (event.EventType === undefined) throw new Error(`an event that is none: ${event.unknown}`);
    const { policy, desired } = this;
    const router = fields.Profile === undefined ? undefined : parseState(fields);
    const now = this.time.now / 1000;
    const settled = new SettledConversations();
    this.act((conversation, timing) =>
      handleEvent(conversation, { policy, desired, event, router, settled, timing, now }),
    );
  }

  /** Somebody calls /webhooks/sync: with a profile, or without one. */
  order(profile?: string): void {
    const { desired } = this;
    const trigger = requestedProfile(profile, undefined, desired);
    this.act((conversation, timing) => sync(conversation, { desired, trigger, timing }));
  }

  async step(actor: Actor): Promise<void> {
    await actor.step();
    await this.hear();
    this.tidy();
    if (this.actors.length === 0 && actor.ended === 'done') this.changing.clear();
  }

  crash(actor: Actor): void {
    actor.crash();
    this.tidy();
  }

  pass(seconds: number): void {
    this.time.now += seconds * 1000;
    for (const actor of this.actors) if (this.time.now - actor.born >= LIFETIME * 1000) actor.crash();
    this.tidy();
  }

  /** What runs comes to its end. */
  async finish(): Promise<void> {
    let steps = 0;
    for (let actor = this.actors[0]; actor; actor = this.actors[0]) {
      if (++steps > MAX_STEPS)
        throw new Error(`${this.actors.length} runs are at work after ${MAX_STEPS} calls`);
      await this.step(actor);
    }
  }

  /** Nothing more is to come: what runs comes to its end, and so does every event. */
  async comeToRest(): Promise<void> {
    await this.finish();
    let events = 0;
    for (let event = this.events.shift(); event; event = this.events.shift()) {
      if (++events > MAX_STEPS)
        throw new Error(`events keep coming after ${MAX_STEPS}: ${JSON.stringify(event)}`);
      await this.react(event);
      await this.finish();
    }
  }

  async routers(): Promise<RouterState[]> {
    const { webhooks } = await this.conversation().list();
    return (managed(webhooks, this.known).get(ROUTER) ?? []).map(({ configuration }) =>
      stateIn(`${configuration.url}`),
    );
  }

  /** Names of the managed webhooks, one for each that is there, and the others as they are. */
  async attached() {
    const { webhooks } = await this.conversation().list();
    const names = webhooks.flatMap((webhook) => nameOf(webhook, this.known) ?? []);
    const foreign = webhooks.filter((webhook) => nameOf(webhook, this.known) === undefined);
    return { names: names.sort(), foreign };
  }

  /** For each message, the names of those who received it. */
  received(): Set<string>[] {
    const received = this.owed.map(() => new Set<string>());
    for (const delivery of this.deliveries()) {
      const index = Number(delivery.params.Index);
      received[index]?.add(this.nameOf(delivery));
    }
    return received;
  }

  private act(work: (conversation: Conversation, timing: Timing) => Promise<unknown>): void {
    const run: Run = { done: [] };
    const { now } = this.time;
    const start = (turn: () => Promise<void>) => {
      const timing: Timing = {
        now: () => this.time.now,
        sleep: async (ms) => {
          const until = this.time.now + ms;
          await turn();
          if (this.time.now < until) this.pass((until - this.time.now) / 1000);
        },
        deadline: now + DEADLINE * 1000,
      };
      return work(inTurns(this.watched(this.conversation(), run), turn, timing.now), timing);
    };
    this.actors.push(new Actor(now, start));
  }

  /** Notes each write of a router: it is a commit. */
  private watched(conversation: Conversation, run: Run): Conversation {
    const watch = async <R>(url: string | undefined, write: () => Promise<R>): Promise<R> => {
      if (!url?.includes(ROUTER_PATH)) return write();
      const [before] = await this.routers();
      const result = await write();
      this.commit(stateIn(url), before, run);
      return result;
    };
    return {
      ...conversation,
      list: async () => {
        const list = await conversation.list();
        const [router] = managed(list.webhooks, this.known).get(ROUTER) ?? [];
        run.done = router ? stateIn(`${router.configuration.url}`).Done : [];
        return list;
      },
      // It is late on the clock of the stage alone.
      create: (definition, replayAfter) =>
        watch('url' in definition ? definition.url : undefined, () =>
          conversation.create(definition, replayAfter),
        ),
      update: (sid, settings) => watch(settings.url, () => conversation.update(sid, settings)),
      remove: (sid) => conversation.remove(sid),
    };
  }

  private commit(state: RouterState, before: RouterState | undefined, run: Run): void {
    const { Profile, Done } = state;
    if (run.done.includes(`${Done.at(-1)}`) && before?.Profile !== Profile) this.rejudged.push(state);
    this.commits.push({ state });
    if (before && before.Profile !== Profile) this.changing.add(before.Profile);
    const isSilent = this.policy.profiles[Profile]?.length === 0;
    const received = this.received();
    for (const [index, profiles] of this.owed.entries()) {
      const listeners = [...profiles].flatMap((profile) => this.policy.profiles[profile]!);
      if (profiles.size === 0 || listeners.some((name) => received[index]!.has(name))) continue;
      // A profile without listeners ends what was owed.
      if (isSilent) profiles.clear();
      else profiles.add(Profile);
    }
  }

  private tidy(): void {
    for (const actor of this.actors.filter(({ ended }) => ended !== undefined))
      this.actors.splice(this.actors.indexOf(actor), 1);
  }

  /** What the router was sent is an event, with the query that its URL had. */
  private async hear(): Promise<void> {
    await this.emulator.context.queue.idle();
    for (const delivery of this.deliveries().slice(this.heard)) {
      this.heard += 1;
      if (this.nameOf(delivery) !== ROUTER) continue;
      const query = Object.fromEntries(new URL(delivery.url ?? '').searchParams);
      this.events.push({ ...query, ...delivery.params });
    }
  }

  private deliveries(): readonly Delivery[] {
    return this.emulator.context.deliveries.all();
  }

  private nameOf({ url, target, params }: Delivery): string {
    if (url?.includes(ROUTER_PATH)) return ROUTER;
    if (target === 'studio') return 'bot';
    const known = Object.entries(this.policy.webhooks).find(
      ([, definition]) => 'url' in definition && definition.url === url,
    );
    return known?.[0] ?? `${params.WebhookSid}`;
  }
}
