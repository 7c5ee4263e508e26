import { eventKey } from '../../../src/events/event-key';
import { parseConversationEvent } from '../../../src/events/parse';
import type { ConversationEvent } from '../../../src/events/types';
import { handleEvent } from '../../../src/sync/handle-event';
import { hashOfDefinition } from '../../../src/sync/managed-webhooks';
import { requestedProfile } from '../../../src/sync/requested-profile';
import { SettledConversations } from '../../../src/sync/settled';
import { sync } from '../../../src/sync/sync';
import type { Definition } from '../../../src/webhooks/definition';
import { parseState, routerDefinition } from '../../../src/webhooks/router';
import type { Task } from './explorer';
import { type Version, version } from './policies';
import { ReplayableRun, type Work } from './replayable-run';
import type { Subject } from './subject';
import { type Fields, World } from './world';

const PROFILES = { bot: ['bot'], agent: ['crm'], sales: ['sales'], closed: [] };
/** A bot, and an agent who takes over if a message asks for a human. */
const HAND_OFF = version(PROFILES);
/** Old and new webhooks do not fit side by side. */
const FULL = version({
  bot: ['bot', 'a', 'b', 'c'],
  agent: ['crm', 'd', 'e', 'c'],
  closed: [],
});
const RENAMED = { bot: 'robot' };

/** A conversation before anything happens to it. */
export interface Beginning {
  /** The profile that it has been in for ten minutes; none: it has no router. */
  readonly profile?: string;
  /** Names of listeners that are attached; by default those of the profile. */
  readonly attached?: readonly string[];
  /** Webhooks that no policy names. */
  readonly others?: readonly Definition[];
  /** Messages of long ago. */
  readonly history?: number;
  /** Index of the first message that the profile's webhooks must receive. */
  readonly replay?: number;
  /** Parts that the router's URL lacks. */
  readonly lacks?: readonly string[];
}

/** The bundle's own code under its policies, over worlds in memory. */
export class Bundle {
  private readonly runs = new Map<string, Promise<ReplayableRun>>();

  private constructor(readonly versions: readonly [Version, ...Version[]]) {}

  static readonly handOff = new Bundle([HAND_OFF]);
  static readonly full = new Bundle([FULL]);
  static readonly newUrl = new Bundle([HAND_OFF, version({ ...PROFILES, agent: ['crm-2'] })]);
  static readonly newUrls = new Bundle([
    HAND_OFF,
    version({ ...PROFILES, bot: ['bot-2'], agent: ['crm-2'] }),
  ]);
  static readonly newSettings = new Bundle([
    HAND_OFF,
    version(PROFILES, {
      filters: { bot: ['onMessageAdded', 'onMessageUpdated'], crm: ['onMessageAdded', 'onMessageUpdated'] },
    }),
  ]);
  static readonly renamedWebhooks = new Bundle([HAND_OFF, version(PROFILES, { prefix: 'new-' })]);
  static readonly renamedProfile = new Bundle([
    HAND_OFF,
    version({ robot: ['bot'], agent: ['crm'], closed: [] }, { renamed: RENAMED, formerProfiles: RENAMED }),
  ]);
  static readonly removedWebhook = new Bundle([
    version({ bot: ['bot', 'a'], agent: ['crm', 'a'], sales: ['sales'], closed: [] }),
    version(PROFILES),
  ]);
  static readonly newSlots = new Bundle([
    FULL,
    version({ bot: ['bot-2', 'f', 'g', 'h'], agent: ['crm'], closed: [] }),
  ]);

  conversation({ profile, attached, others = [], history = 0, replay = 0, lacks = [] }: Beginning): World {
    const world = new World(this.versions);
    const [first] = this.versions;
    if (profile !== undefined) {
      const router = this.router(profile, Math.floor(world.now / 1000) - 600, replay);
      const url = new URL(router.url);
      for (const part of lacks) url.searchParams.delete(part);
      world.plant({ ...router, url: url.href }, 600);
    }
    for (const name of attached ?? first.profiles[`${profile}`] ?? []) world.plant(this.listener(name), 600);
    for (const other of others) world.plant(other, 600);
    if (profile !== undefined) world.invariants = world.invariants.managed();
    world.remember(history);
    // No list lags behind this.
    world.previous = undefined;
    return world;
  }

  /** A router of the first version. */
  router(Profile: string, At: number, Replay = 0): Extract<Definition, { target: 'webhook' }> {
    const [{ desired, listeners, profiles }] = this.versions;
    const hashes = (names: readonly string[]) => names.map((name) => hashOfDefinition(listeners[name]!));
    const want = profiles[Profile]!;
    const rest = Object.keys(listeners).filter((name) => !want.includes(name));
    return routerDefinition(
      {
        Profile,
        Replay,
        At,
        Done: [],
        Own: { want: hashes(want), rest: hashes(rest) },
        Policy: desired.policyHash,
      },
      desired.router,
    );
  }

  listener(name: string): Definition {
    const known = this.versions.find(({ listeners }) => name in listeners);
    return known!.listeners[name]!;
  }

  /** The runs that an event starts, one for each version; none if no version makes a call. */
  async event(fields: Fields): Promise<Task | undefined> {
    const task = await this.task(this.subject(fields), JSON.stringify(fields));
    return task.runs.some(({ start }) => start.call) ? { ...task, isEvent: true } : undefined;
  }

  subject(fields: Fields): Subject {
    const event = parse(fields);
    const { EventType: on, Index, Body } = fields;
    const index = Index === undefined ? undefined : Number(Index);
    const added = on === 'onMessageAdded' ? index : undefined;
    return {
      label: `${on}${index === undefined ? '' : ` ${index} "${Body}"`}`,
      facts: { key: eventKey(event), on, word: Body, added, about: index },
      work: (version) => this.reaction(fields, version),
    };
  }

  private reaction(fields: Fields, at: number): Work {
    const { policy, desired } = this.versions[at]!;
    const event = parse(fields);
    const now = Date.parse(fields.DateCreated ?? fields.DateUpdated ?? fields.StateUpdated ?? '') / 1000;
    const router = fields.Profile === undefined ? undefined : parseState(fields);
    return (conversation, timing) =>
      handleEvent(conversation, {
        ...{ policy, desired, event, router, timing, now },
        settled: new SettledConversations(() => 0),
      });
  }

  /** What /webhooks/sync does. `number`: tells requests for one profile apart. */
  request(profile?: string, number = 0): Subject {
    // Five characters, as a request's own key has.
    const key = profile === undefined ? undefined : `syn${number.toString().padStart(2, '0')}`;
    const label = profile === undefined ? 'a plain sync' : `sync ${number} to ${profile}`;
    return { label, facts: { key, profile }, work: (version) => this.sync(profile, key, version) };
  }

  private sync(profile: string | undefined, key: string | undefined, at: number): Work {
    const { desired } = this.versions[at]!;
    const requested = () => {
      const trigger = requestedProfile(profile, undefined, desired);
      return trigger.kind === 'request' ? { ...trigger, key: `${key}` } : trigger;
    };
    return async (conversation, timing) => sync(conversation, { desired, trigger: requested(), timing });
  }

  /** The runs of a subject. `what` tells them from others with the same label. */
  async task({ label, facts, work }: Subject, what = ''): Promise<Task> {
    const runs = this.versions.map((_, at) => {
      const key = `${label} ${what} ${at}`;
      const run = this.runs.get(key) ?? ReplayableRun.of(work(at));
      this.runs.set(key, run);
      return run;
    });
    return { label, facts, runs: await Promise.all(runs) };
  }
}

function parse(fields: Fields): ConversationEvent {
  const event = parseConversationEvent(fields);
  if (event.EventType === undefined) throw new Error(`no event: ${event.unknown}`);
  return event;
}
