import type { Policy } from '../../../src/policy/policy';
import { type DesiredState, missingWebhooks, ROUTER } from '../../../src/sync/plan';
import { parseRouter, type RouterState, sameState } from '../../../src/webhooks/router';
import type { Webhook } from '../../../src/webhooks/webhook';

/** A run, as far as the promises go. */
interface Run {
  readonly id: number;
  /** How many messages there were when it began. */
  readonly since: number;
  /** Which version of the webhooks there was then. */
  readonly begun: number;
  /** Its event is about a message that had been judged by then. */
  readonly stale: boolean;
  /** The version of the webhooks that its newest list showed. */
  readonly listed: number;
  readonly ended: boolean;
}

/** A router that was written: what it says, when that was, as which version of the webhooks, and by which run. */
interface Commit {
  readonly state: RouterState;
  readonly time: number;
  readonly version: number;
  readonly run: number;
}

/** By the newest commit these listeners were promised everything from a message on. */
interface Promised {
  readonly version: number;
  readonly state: RouterState;
  readonly to: readonly string[];
}

/** Milliseconds within which either of two decisions may win. */
const TIE = 1000;

/** What the invariants read of a world. */
interface ObservedWorld {
  readonly now: number;
  readonly webhooks: readonly Webhook[];
  readonly version: number;
  readonly messages: readonly { readonly received: readonly string[] }[];
  readonly setting: { readonly policy: Policy; readonly desired: DesiredState };
  routers(): readonly RouterState[];
  managed(): ReadonlyMap<string, readonly Webhook[]>;
  nameOf(webhook: Webhook): string | undefined;
}

/** Records what was promised about a conversation, and checks it: docs/promises.md as invariants. Immutable. */
export class Invariants {
  private readonly runs: readonly Run[] = [];
  private readonly active: number = 0;
  private readonly commits: readonly Commit[] = [];
  /** For each message, the profiles one of whose listeners has to have it. */
  private readonly owed: readonly (readonly string[])[] = [];
  /** Profiles that a change under way is leading away from. */
  private readonly changing: readonly string[] = [];
  private readonly promised: Promised | undefined;
  /** A decision was written over one that knew more: only then can a message be judged twice. */
  private readonly wentBack: boolean = false;
  private readonly rejudged: boolean = false;

  begun(id: number, world: ObservedWorld, index: number | undefined): Invariants {
    const { messages, version } = world;
    const [router] = world.routers();
    const stale = index !== undefined && router !== undefined && index < router.Since;
    const run = { id, since: messages.length, begun: version, stale, listed: -1, ended: false };
    return this.with({ runs: [...this.runs, run], active: this.active + 1 });
  }

  ended(id: number, how: 'done' | 'crashed', world: ObservedWorld): Invariants {
    const active = this.active - 1;
    const [router] = world.routers();
    // A change whose run has died is under way until another one has made what is missing.
    const finished =
      !router || missingWebhooks(world.webhooks, world.setting.desired, router.Profile).length === 0;
    const over = active === 0 && how === 'done' && finished;
    const runs = this.commits.some(({ run }) => run === id)
      ? this.runs.map((run) => (run.id === id ? { ...run, ended: how === 'done' } : run))
      : this.runs.filter((run) => run.id !== id);
    return this.with({ runs, active, changing: over ? [] : this.changing });
  }

  /** A run has seen this version of the webhooks. */
  listed(id: number, version: number): Invariants {
    return this.with({
      runs: this.runs.map((run) => (run.id === id ? { ...run, listed: version } : run)),
    });
  }

  /** A message is written while these profiles are in force. */
  owing(inForce: readonly string[], { profiles }: Policy): Invariants {
    const heard = inForce.length > 0 && inForce.every((profile) => profiles[profile]?.length);
    return this.with({ owed: [...this.owed, heard ? both(inForce, this.changing) : []] });
  }

  /** A run has made a webhook, or written a URL. */
  wrote(id: number, webhook: Webhook, before: ObservedWorld, after: ObservedWorld): Invariants {
    const run = this.runs.find((each) => each.id === id);
    const name = after.nameOf(webhook);
    if (!run || name === undefined) return this;
    if (name === ROUTER) return this.committed(run, parseRouter(webhook), before, after);
    // Somebody put it there who did not know of the promise.
    if (!this.promised || run.listed >= this.promised.version || before.managed().has(name)) return this;
    const to = this.promised.to.filter((other) => other !== name);
    return this.with({ promised: { ...this.promised, to } });
  }

  /** What is attached, where it is not each webhook of the profile in force once, and the router. */
  inexact(world: ObservedWorld): string[] {
    const [router] = world.routers();
    if (!router) return this.commits.length > 0 ? ['the router is gone'] : [];
    const names = [...world.managed()].flatMap(([name, all]) => all.map(() => name)).sort();
    const right = [...(world.setting.policy.profiles[router.Profile] ?? []), ROUTER].sort();
    return `${names}` === `${right}` ? [] : [`attached is ${names}, not ${right}`];
  }

  /** What is broken of the promises, once everything has come to rest. */
  broken(world: ObservedWorld): string[] {
    const { policy } = world.setting;
    const [router] = world.routers();
    const broken = this.inexact(world);
    if (!router) return broken;
    broken.push(...this.wrongWinner(router));
    if (this.rejudged && !this.wentBack) broken.push('a message that had been judged changed the profile');
    for (const [index, { received }] of world.messages.entries()) {
      if (!received.includes(ROUTER)) broken.push(`rules never saw message ${index}`);
      const profiles = this.owed[index] ?? [];
      const listeners = profiles.flatMap((profile) => policy.profiles[profile] ?? []);
      if (profiles.length > 0 && !listeners.some((name) => received.includes(name)))
        broken.push(`message ${index} was missed: it is owed to ${listeners}`);
      if (!this.promised || !sameState(router, this.promised.state) || index < router.Replay) continue;
      for (const name of this.promised.to)
        if (!received.includes(name)) broken.push(`message ${index} was promised to ${name}`);
    }
    return broken;
  }

  private wrongWinner(router: RouterState): string[] {
    const winner = this.commits.findLast(({ state }) => sameState(state, router));
    if (!winner) return this.commits.length > 0 ? [`nobody decided ${JSON.stringify(router)}`] : [];
    return this.commits.flatMap(({ state, time, version, run: id }) => {
      const run = this.runs.find((each) => each.id === id);
      const what = `the decision for ${state.Profile} with Since ${state.Since}`;
      if (time - winner.time > TIE) return [`${what} was the last, and did not win`];
      if (state.Since <= router.Since) return [];
      // Whoever wrote over it first: what came after that one may have known no better.
      const by =
        this.commits.find((other) => other.version > version && other.state.Since < state.Since) ?? winner;
      if (by.time - time > TIE) return [`${what} knew more, and was overruled much later`];
      return run?.ended && run.listed >= winner.version ? [`${what} knew more, looked, and gave in`] : [];
    });
  }

  private committed(run: Run, state: RouterState, before: ObservedWorld, after: ObservedWorld): Invariants {
    const { policy, desired } = before.setting;
    const { Profile, Since, Replay } = state;
    const routers = before.routers();
    const [old] = routers;
    const unfinished = old !== undefined && missingWebhooks(before.webhooks, desired, old.Profile).length > 0;
    const silent = policy.profiles[Profile]?.length === 0;
    const owed = this.owed.map((profiles, index) => {
      const unheard = !before.messages[index]!.received.some((name) => name !== ROUTER);
      // A profile without listeners ends what was owed: of what was written since its run began, and of what no listener
      // was ever made for.
      if (silent) return index >= run.since || (unfinished && unheard) ? [] : profiles;
      return index >= Replay && profiles.length > 0 ? both(profiles, [Profile]) : profiles;
    });
    const left = routers.map((router) => router.Profile).filter((profile) => profile !== Profile);
    // Of a list that lags behind the judgement nothing can be expected.
    const saw = run.stale && run.listed >= run.begun;
    return this.with({
      commits: [...this.commits, { state, time: after.now, version: after.version, run: run.id }],
      wentBack: this.wentBack || (old !== undefined && Since < old.Since),
      rejudged: this.rejudged || (saw && old !== undefined && old.Profile !== Profile),
      changing: both(this.changing, left),
      owed,
      promised: { version: after.version, state, to: missingWebhooks(after.webhooks, desired, Profile) },
    });
  }

  private with(change: object): Invariants {
    return Object.assign(new Invariants(), this, change);
  }
}

function both(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])].sort();
}
