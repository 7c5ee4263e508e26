import { isDeepStrictEqual } from 'node:util';
import type { Definition } from '../../../src/webhooks/definition';
import type { Webhook } from '../../../src/webhooks/webhook';
import type { Call, Way } from './call';
import { contentNumber } from './intern';
import {
  applies,
  isRouter,
  nameOf,
  ROUTER,
  routersIn,
  type StateFacts,
  speakers,
  stateOf,
  type Trigger,
} from './oracle';
import { nameIn, type Version } from './policies';

/** What is promised. */
export const PROMISES = {
  exact: 'exactly one of each webhook of the profile in force, and nothing else of ours',
  policy: 'the router has the policy that is deployed',
  slots: 'never more than five webhooks',
  foreign: 'foreign webhooks are as they were',
  missed: 'each message reaches a listener of the profile in force, or of the old or new one during a change',
  handedOff: "a hand-off's own message reaches the new listener",
  judged: 'each message reaches a router',
  old: 'no old message is sent again',
  twice: 'an event decides once',
  lost: 'no decision of a run that lived to its end is lost',
  rounds: 'a run needs at most eight rounds',
  calls: 'a run makes few calls',
  url: "a router's URL has at most 512 characters",
  closed: 'in a closed conversation nothing is created, and what can leave leaves',
  errors: 'a run ends without an error',
  still: 'nothing is written where nothing is to be done',
} as const;
export type PromiseName = keyof typeof PROMISES;

export interface Violation {
  readonly promise: PromiseName;
  readonly what: string;
}

/** A run under way. */
interface Run {
  readonly id: number;
  readonly trigger: Trigger;
  readonly born: number;
  readonly calls: number;
  /** Has sent a decision. */
  readonly decided: boolean;
  /** Its newest list shows that its decision was overwritten, and that it does not apply any more. */
  readonly declined: boolean;
  readonly knowsClosed: boolean;
  /** The state that its newest list showed. */
  readonly listed?: string | undefined;
  /** The profile of a decision that a closed conversation refused. */
  readonly refused?: string;
}

/** What an event or a request decided. */
interface Decision {
  readonly by: number;
  readonly at: number;
  readonly trigger: Trigger;
  readonly profile: string;
  /** The decisions that it knew of. */
  readonly saw: readonly string[];
  readonly ended?: 'done' | 'crashed' | 'failed';
  readonly declined: boolean;
  /** A later decision knew of it. */
  readonly seen: boolean;
  /** The message that the new listener must have. */
  readonly handedOff?: number | undefined;
}

interface MessageFacts {
  /** One of these listeners must have it; nobody if there are none. */
  readonly owedTo: readonly string[];
  /** A router had it, or none has to. */
  readonly judged: boolean;
  /** It was handled long ago. */
  readonly old: boolean;
}

/** What the invariants read of a world. */
interface ObservedWorld {
  readonly now: number;
  readonly webhooks: readonly Webhook[];
  readonly messages: readonly { readonly received: readonly string[] }[];
  readonly closed: boolean;
  readonly deployed: number;
}

/** Milliseconds. */
const SECOND = 1000;
const MAX_CALLS = 60;
const MAX_URL_LENGTH = 512;

/** Records what was promised about a conversation, and checks it: docs/promises.md as invariants. Immutable. */
export class Invariants {
  readonly violations: readonly Violation[] = [];
  private readonly runs: readonly Run[] = [];
  private readonly decisions: Readonly<Record<string, Decision>> = {};
  private readonly messages: readonly MessageFacts[] = [];
  /** Profiles that a change under way leads away from. */
  private readonly changing: readonly string[] = [];
  private readonly isManaged: boolean = false;
  /** A run has overwritten what a run of another version wrote, without having seen it. */
  private readonly isBlind: boolean = false;
  /** Profiles whose decision a closed conversation refused. */
  private readonly refused: readonly string[] = [];

  constructor(private readonly versions: readonly Version[]) {}

  key(): string {
    const { violations, runs, decisions, messages, changing, refused } = this;
    return (
      [violations, runs, decisions, messages, changing, refused].map(contentNumber).join('.') +
      [this.isManaged, this.isBlind]
    );
  }

  begun(id: number, trigger: Trigger, { now }: ObservedWorld): Invariants {
    const run: Run = {
      id,
      trigger,
      born: now,
      calls: 0,
      decided: false,
      declined: false,
      knowsClosed: false,
    };
    return this.with({ runs: [...this.runs, run] });
  }

  ended(id: number, how: 'done' | 'crashed' | 'failed', world: ObservedWorld): Invariants {
    const run = this.runs.find((each) => each.id === id)!;
    const [router] = routersIn(world.webhooks);
    const state = router && stateOf(router);
    const runs = this.runs.filter((each) => each !== run);
    const settled = how === 'done' && this.inexact(world).length === 0;
    let next = this.with({
      runs,
      ...(settled && { changing: [] }),
      ...(run.refused !== undefined && how === 'done' && { refused: both(this.refused, [run.refused]) }),
    });
    const { key } = run.trigger;
    const decision = key === undefined ? undefined : this.decisions[key];
    if (key === undefined || !decision || !run.decided || decision.ended === 'done') return next;
    const declined = decision.declined || run.declined;
    // In a closed conversation nothing can be decided again.
    const outcome = run.knowsClosed && how === 'done' ? 'failed' : how;
    next = next.decide(key, { ...decision, ended: outcome, declined });
    const isLost =
      outcome === 'done' &&
      state &&
      !state.done.includes(key) &&
      !declined &&
      !decision.seen &&
      applies(run.trigger, this.versions[run.trigger.version]!, state);
    return isLost ? next.break('lost', `the decision of run ${id} for ${decision.profile}`) : next;
  }

  /** It has had a router for long. */
  managed(): Invariants {
    return this.with({ isManaged: true });
  }

  /** A message was written and handled long ago. */
  remembered(): Invariants {
    return this.with({ messages: [...this.messages, { owedTo: [], judged: true, old: true }] });
  }

  written({ webhooks }: ObservedWorld): Invariants {
    const routers = routersIn(webhooks).map(stateOf);
    const profiles =
      routers.length > 0
        ? both(
            routers.map(({ profile }) => profile),
            this.changing,
          )
        : [];
    const listeners = profiles.map((profile) => speakers(this.versions, profile));
    const owedTo = listeners.some((some) => some.length === 0) ? [] : both(listeners.flat(), []);
    return this.with({ messages: [...this.messages, { owedTo, judged: !this.isManaged, old: false }] });
  }

  replayed(index: number, name: string, received: readonly string[]): Invariants {
    const isWrong = this.messages[index]!.old && (name === ROUTER || !received.includes(name));
    return isWrong ? this.break('old', `message ${index} was sent to ${name} again`) : this;
  }

  delivered(index: number, name: string): Invariants {
    const message = this.messages[index]!;
    if (name !== ROUTER || message.judged) return this;
    return this.with({ messages: this.messages.with(index, { ...message, judged: true }) });
  }

  called(id: number): Invariants {
    const run = this.runs.find((each) => each.id === id)!;
    const next = this.change({ ...run, calls: run.calls + 1 });
    return run.calls === MAX_CALLS ? next.break('calls', `run ${id} makes more than ${MAX_CALLS}`) : next;
  }

  listed(id: number, webhooks: readonly Webhook[]): Invariants {
    const run = this.runs.find((each) => each.id === id)!;
    const { key, version } = run.trigger;
    const [router] = routersIn(webhooks);
    const state = router && stateOf(router);
    const isGone = run.decided && key !== undefined && state && !state.done.includes(key);
    const declined = Boolean(isGone && !applies(run.trigger, this.versions[version]!, state));
    return declined === run.declined && state?.url === run.listed
      ? this
      : this.change({ ...run, declined, listed: state?.url });
  }

  /** A write whose response was an error, and that was not carried out. */
  notDone(id: number, call: Call, way: Way, { now }: ObservedWorld): Invariants {
    if (way === 'late' || way === 'refused') return this;
    const run = this.runs.find((each) => each.id === id)!;
    const written = urlOf(call);
    // It may have been carried out for all that the run knows.
    const isDecision =
      written !== undefined && run.trigger.key !== undefined && written.includes(run.trigger.key);
    return isDecision && now >= run.born ? this.change({ ...run, decided: true }) : this;
  }

  foundClosed(id: number, call: Call): Invariants {
    const run = this.runs.find((each) => each.id === id)!;
    const url = urlOf(call);
    const refused = url === undefined ? run.refused : new URL(url).searchParams.get('Profile')!;
    const next = this.change({ ...run, knowsClosed: true, ...(refused !== undefined && { refused }) });
    return run.knowsClosed ? next.break('closed', `run ${id} knows that it is closed, and writes`) : next;
  }

  created(
    id: number,
    webhook: Webhook,
    replayAfter: number | undefined,
    before: ObservedWorld,
    world: ObservedWorld,
  ): Invariants {
    const next = world.webhooks.length > 5 ? this.break('slots', `there are ${world.webhooks.length}`) : this;
    if (isRouter(webhook))
      return next.wroteRouter(id, stateOf(webhook), undefined, before, world).with({ isManaged: true });
    const name = nameOf(webhook, this.versions);
    const { key } = this.runs.find((each) => each.id === id)!.trigger;
    // Another decision, or a repair, put the new listener there before the hand-off's own run could.
    return next.excuse(
      ([decision, { handedOff, profile }]) =>
        handedOff !== undefined &&
        handedOff < (replayAfter ?? Number.POSITIVE_INFINITY) &&
        speakers(this.versions, profile).includes(`${name}`) &&
        key !== undefined &&
        key !== decision,
    );
  }

  updated(id: number, webhook: Webhook, before: ObservedWorld, world: ObservedWorld): Invariants {
    if (!isRouter(webhook)) return this;
    const old = before.webhooks.find(({ sid }) => sid === webhook.sid)!;
    const isWritten = old.configuration.url !== webhook.configuration.url;
    return isWritten ? this.wroteRouter(id, stateOf(webhook), stateOf(old), before, world) : this;
  }

  removed(webhook: Webhook, { webhooks }: ObservedWorld): Invariants {
    const [left] = routersIn(webhooks);
    return isRouter(webhook) && left ? this.overwritten(stateOf(webhook), stateOf(left)) : this;
  }

  /** Somebody attached a listener who knows nothing of a hand-off. */
  attachedByOthers(name: string): Invariants {
    return this.excuse(([, { profile }]) => speakers(this.versions, profile).includes(name));
  }

  /** What is attached, where it is not each webhook of the profile in force once, and the router. */
  inexact({ webhooks, deployed, closed }: ObservedWorld): string[] {
    const version = this.versions[deployed]!;
    const [router] = routersIn(webhooks);
    const names = webhooks.flatMap((webhook) => nameOf(webhook, this.versions) ?? []).sort();
    if (!router) return this.isManaged || names.length > 0 ? [`the router is missing: ${names}`] : [];
    const profile = nameIn(version, stateOf(router).profile);
    if (profile === undefined) return [];
    const wanted = version.profiles[profile]!;
    const right = [ROUTER, ...wanted].sort();
    // What another version attached meanwhile may be unknown to the state.
    const known = this.isBlind ? names.filter((name) => name === ROUTER || name in version.listeners) : names;
    const isWrong = !closed && `${known}` !== `${right}`;
    return [
      ...(isWrong ? [`attached is ${names}, not ${right}`] : []),
      ...webhooks.flatMap((webhook) => {
        const name = nameOf(webhook, this.versions);
        const definition = name === undefined || !wanted.includes(name) ? undefined : version.listeners[name];
        return !definition || closed || isConfigured(webhook, definition)
          ? []
          : [`${name} is configured otherwise`];
      }),
    ];
  }

  /** What is broken of the promises, once everything has come to rest. `full`: the last run found no slot. */
  broken(world: ObservedWorld, full: boolean): Violation[] {
    const { webhooks, deployed, closed, messages } = world;
    const broken: Violation[] = [...this.violations];
    const add = (promise: PromiseName, what: string) => void broken.push({ promise, what });
    const [router] = routersIn(webhooks);
    const isFull = full && webhooks.length === 5;
    if (!isFull) for (const what of this.inexact(world)) add('exact', what);
    if (!router) return broken;
    const state = stateOf(router);
    const version = this.versions[deployed]!;
    const profile = nameIn(version, state.profile);
    if (closed) {
      for (const wanted of [profile, ...this.refused])
        for (const webhook of webhooks) {
          const name = nameOf(webhook, this.versions);
          if (
            wanted !== undefined &&
            name !== undefined &&
            name !== ROUTER &&
            !version.profiles[wanted]?.includes(name)
          )
            add('closed', `${name} is left, which is not in ${wanted}`);
        }
      return broken;
    }
    if (profile !== undefined && state.policy !== version.desired.policyHash)
      add('policy', `it has ${state.policy}`);
    if (isFull) return broken;
    for (const [index, { owedTo, judged }] of this.messages.entries()) {
      const { received } = messages[index]!;
      if (owedTo.length > 0 && !owedTo.some((name) => received.includes(name)))
        add('missed', `message ${index} is owed to ${owedTo}`);
      if (this.isManaged && !judged) add('judged', `message ${index} did not`);
    }
    const newest = this.decisions[`${state.done.at(-1)}`];
    if (newest?.handedOff === undefined || newest.profile !== state.profile) return broken;
    const { received } = messages[newest.handedOff]!;
    if (!speakers(this.versions, newest.profile).some((name) => received.includes(name)))
      add('handedOff', `message ${newest.handedOff} was for ${newest.profile}`);
    return broken;
  }

  break(promise: PromiseName, what: string): Invariants {
    return this.with({ violations: [...this.violations, { promise, what }] });
  }

  /** A state of the router is overwritten, or deleted: the decisions in it must not be lost unseen. */
  overwritten(old: StateFacts, by: StateFacts | undefined, writer?: string): Invariants {
    let next: Invariants = this;
    for (const key of old.done) {
      const decision = this.decisions[key];
      if (!decision || by?.done.includes(key) || decision.seen || key === writer) continue;
      const { trigger, ended, declined, profile } = decision;
      if (this.runs.some((run) => run.trigger.key === key) || ended !== 'done' || declined) continue;
      if (applies(trigger, this.versions[trigger.version]!, by))
        next = next.break('lost', `the decision for ${profile} was overwritten`);
    }
    return next;
  }

  private wroteRouter(
    id: number,
    state: StateFacts,
    old: StateFacts | undefined,
    before: ObservedWorld,
    world: ObservedWorld,
  ): Invariants {
    const run = this.runs.find((each) => each.id === id)!;
    const { key } = run.trigger;
    const checked = state.url.length > MAX_URL_LENGTH ? this.break('url', state.url) : this;
    const isBlind = old !== undefined && old.url !== run.listed && old.policy !== state.policy;
    const next = (old ? checked.overwritten(old, state, key) : checked).with(isBlind ? { isBlind } : {});
    // Who takes over a policy writes the decision as it was.
    const isSame =
      old !== undefined &&
      old.policy !== state.policy &&
      old.at === state.at &&
      `${old.done}` === `${state.done}`;
    if (key === undefined || state.done.at(-1) !== key || isSame) return next;
    return next.decided(run, key, state, old, before, world);
  }

  private decided(
    run: Run,
    key: string,
    state: StateFacts,
    old: StateFacts | undefined,
    { messages }: ObservedWorld,
    { now, webhooks }: ObservedWorld,
  ): Invariants {
    const { trigger } = run;
    const known = this.decisions[key];
    const saw = state.done.filter((each) => each !== key);
    const isTwice =
      known &&
      known.by !== run.id &&
      run.born - known.at >= SECOND &&
      old &&
      old.profile !== state.profile &&
      saw.some((each) => this.decisions[each]?.saw.includes(key));
    const now_ = speakers(this.versions, state.profile);
    const about = trigger.added ?? trigger.about;
    const isAttached = webhooks.some((webhook) => now_.includes(`${nameOf(webhook, this.versions)}`));
    const isOwn = about !== undefined && state.replay <= about && !isAttached;
    const decision: Decision = {
      ...{ by: known?.by ?? run.id, at: known?.at ?? now, trigger, profile: state.profile, saw },
      ...{ declined: false, seen: known?.seen ?? false, handedOff: isOwn ? about : undefined },
    };
    // `this` of an old message means everything from there on.
    const fromOld = trigger.added === undefined && trigger.about === state.replay;
    let next = this.change({ ...run, decided: true }).decide(key, decision);
    for (const each of saw) {
      const other = next.decisions[each];
      if (other && !other.seen) next = next.decide(each, { ...other, seen: true });
    }
    next = next.with({
      changing: old && old.profile !== state.profile ? both(this.changing, [old.profile]) : this.changing,
      messages: this.messages.map((message, index) => {
        const { owedTo } = message;
        const isOpen = owedTo.length > 0 && !owedTo.some((name) => messages[index]!.received.includes(name));
        return {
          ...message,
          ...(isOpen && { owedTo: now_.length > 0 ? both(owedTo, now_) : [] }),
          ...(fromOld && index >= state.replay && { old: false }),
        };
      }),
    });
    return isTwice ? next.break('twice', `run ${run.id} decided for ${state.profile} again`) : next;
  }

  private excuse(when: (entry: [key: string, decision: Decision]) => boolean): Invariants {
    const decisions = Object.entries(this.decisions);
    if (!decisions.some(when)) return this;
    const changed = decisions.map(([key, decision]) => [
      key,
      when([key, decision]) ? { ...decision, handedOff: undefined } : decision,
    ]);
    return this.with({ decisions: Object.fromEntries(changed) });
  }

  private decide(key: string, decision: Decision): Invariants {
    return this.with({ decisions: { ...this.decisions, [key]: decision } });
  }

  private change(run: Run): Invariants {
    return this.with({ runs: this.runs.map((each) => (each.id === run.id ? run : each)) });
  }

  private with(change: object): Invariants {
    return Object.assign(Object.create(Invariants.prototype), this, change);
  }
}

/** The URL of a router that a call writes. */
function urlOf(call: Call): string | undefined {
  const settings =
    call.method === 'create' ? call.args[0] : call.method === 'update' ? call.args[1] : undefined;
  const url = settings && 'url' in settings ? settings.url : undefined;
  return url?.includes('/events/conversation?') ? url : undefined;
}

function isConfigured({ target, configuration }: Webhook, definition: Definition): boolean {
  const { target: wanted, flowSid, ...settings } = { flowSid: undefined, ...definition };
  return (
    target === wanted &&
    isDeepStrictEqual(configuration, { ...settings, ...(flowSid !== undefined && { flow_sid: flowSid }) })
  );
}

function both(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])].sort();
}
