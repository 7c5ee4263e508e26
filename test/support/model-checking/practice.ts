import { parseConversationEvent } from '../../../src/events/parse';
import { type Policy, parsePolicy } from '../../../src/policy/policy';
import { desiredState, handleEvent } from '../../../src/sync/decide';
import { requestedDecision } from '../../../src/sync/requested-profile';
import { sync } from '../../../src/sync/session';
import type { Definition } from '../../../src/webhooks/definition';
import { parseState, type RouterState, routerDefinition } from '../../../src/webhooks/router';
import type { Task } from './explorer';
import { ReplayableRun, type Work } from './replayable-run';
import { type Fields, type Setting, World } from './world';

const site = { domainName: 'bots-1234.twil.io', local: false };
const listener = (name: string) => ({
  target: 'webhook',
  url: `https://${name}.example/in`,
  filters: ['onMessageAdded'],
});

const rules = (bot: string, agent: string) => [
  { on: 'onConversationAdded', profile: bot, replay: 'start' },
  {
    ...{ on: 'onMessageAdded', from: [bot], when: { Body: { words: ['human'] } } },
    ...{ profile: agent, replay: 'this' },
  },
  { on: 'onMessageAdded', from: [agent], when: { Body: { words: ['robot'] } }, profile: bot },
  { on: 'onConversationStateUpdated', when: { StateTo: 'closed' }, profile: 'closed' },
];

const read = (policy: object): Policy => parsePolicy(JSON.stringify(policy), {}, site);

/** A bot, and an agent who takes over where a message asks for a human. */
const handOff = read({
  webhooks: { bot: { target: 'studio', flowSid: `FW${'b'.repeat(32)}` }, crm: listener('crm') },
  profiles: { bot: ['bot'], agent: ['crm'], closed: [] },
  rules: rules('bot', 'agent'),
});

/** The same with four webhooks each, so that old and new do not fit side by side. */
const full = read({
  webhooks: Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [name, listener(name)])),
  profiles: { bot: ['a', 'b', 'c', 'd'], agent: ['e', 'f', 'g', 'd'], closed: [] },
  rules: rules('bot', 'agent'),
});

/** The functions' own code under a policy, over worlds in memory. */
export class Practice {
  private readonly runs = new Map<string, Promise<ReplayableRun>>();

  private constructor(readonly setting: Setting) {}

  static readonly handOff = new Practice(settingOf(handOff));
  static readonly full = new Practice(settingOf(full));

  /** A conversation with these webhooks; with a profile: in which it has been for ten minutes. */
  conversation(profile?: string, ...others: readonly Definition[]): World {
    const world = new World(this.setting);
    const { policy, desired } = this.setting;
    const state: RouterState | undefined =
      profile === undefined
        ? undefined
        : { Profile: profile, Since: 0, Replay: 0, At: Math.floor(world.now / 1000) - 600 };
    if (state) world.plant(routerDefinition(state, desired.router), 600);
    for (const name of state ? policy.profiles[state.Profile]! : []) world.plant(policy.webhooks[name]!, 600);
    for (const other of others) world.plant(other, 600);
    return world;
  }

  /** The run that an event starts; none where it makes no call. */
  async event(label: string, fields: Fields): Promise<Task | undefined> {
    const index = fields.Index === undefined ? undefined : Number(fields.Index);
    const task = await this.task(label, JSON.stringify(fields), () => this.reaction(fields));
    return task.replayable.start.call && { ...task, index, isEvent: true };
  }

  reaction(fields: Fields): Work {
    const { policy, desired } = this.setting;
    const event = parseConversationEvent(fields);
    if (event.EventType === undefined) throw new Error(`no event: ${event.unknown}`);
    return (conversation, clock) =>
      handleEvent(conversation, { policy, desired, event, decidedAt: parseState(fields).At, clock });
  }

  /** What /webhooks/sync does, with a profile or without one. */
  sync(profile?: string): Work {
    const { policy, desired } = this.setting;
    return async (conversation, clock) => {
      const decision = await requestedDecision(profile, undefined, policy, conversation);
      return sync(conversation, { desired, clock, ...(decision && { decide: () => decision }) });
    };
  }

  /** A run of some code. `what` tells it from others with the same label. */
  async task(label: string, what: string, work: () => Work): Promise<Task> {
    const key = `${label} ${what}`;
    const replayable = this.runs.get(key) ?? ReplayableRun.of(work());
    this.runs.set(key, replayable);
    return { label, replayable: await replayable };
  }
}

function settingOf(policy: Policy): Setting {
  return { policy, desired: desiredState(policy, site, undefined), named: new WeakMap() };
}
