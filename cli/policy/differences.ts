import fc from 'fast-check';
import type { Policy } from '../../src/policy/policy';
import { profileToday } from '../../src/sync/desired-state';
import type { ConversationFields } from '../../src/webhooks/conversation';
import { identityOf } from '../../src/webhooks/definition';
import type { GivenEvent } from './cases';
import { separateConversation } from './conversation';
import { completeEvent } from './event';
import { elementOf, generatedEvents } from './generated-events';
import { differentTimes } from './hours';
import { called } from './read-policy';
import { STARTED_AT } from './run-case';
import { type Played, Simulation } from './simulation';

/** What an event does to a conversation. */
export interface Decision {
  readonly rule: string;
  readonly profile: string;
  readonly webhooks: readonly string[];
  /** Index of the first message that is replayed; null if nothing is attached that receives it. */
  readonly replay: number | null;
}

/** An event, and what each of two policies does; undefined: nothing. */
export interface Difference {
  readonly event: GivenEvent;
  /** When it happens, if a policy has calendars. */
  readonly at?: Date;
  /** The profile of the conversation, as each policy calls it; undefined: it is not managed. */
  readonly profile: Names;
  readonly old: Decision | undefined;
  readonly new: Decision | undefined;
}

interface Names {
  readonly old: string | undefined;
  readonly new: string | undefined;
}

/** Two policies that are compared. */
export interface Versions {
  readonly old: Policy;
  readonly new: Policy;
}

interface Start {
  readonly at?: Date | undefined;
  readonly newest?: number;
  readonly conversation?: Partial<ConversationFields> | undefined;
}

interface Scenario {
  readonly event: GivenEvent;
  readonly profile: Names;
  readonly at?: Date;
}

interface Search {
  readonly seed: number;
  readonly events: number;
  /** The most differences to find. */
  readonly max: number;
}

const UNMANAGED: Names = { old: undefined, new: undefined };
/** Two messages, so that the replays of an event differ. */
const NEWEST = 1;

/**
 * Plays generated events, one at a time on a conversation in any profile of the two policies. Finds one difference for each pair of
 * rules and profiles, with the smallest event that shows it.
 */
export async function findDifferences(
  versions: Versions,
  { seed, events: numRuns, max }: Search,
): Promise<{ tried: number; differences: readonly Difference[] }> {
  const event = generatedEvents([versions.old, versions.new]);
  if (!event) return { tried: 0, differences: [] };
  const profiles = profilesOf(versions);
  const calendars = [versions.old, versions.new].flatMap((policy) => Object.values(policy.calendars));
  const scenarios = fc
    .record({
      event,
      profile: elementOf(profiles),
      ...(calendars.length > 0 && { at: elementOf(differentTimes(calendars, STARTED_AT)) }),
    })
    // On all other events only managed conversations are changed.
    .map((each) => (each.event.type === 'onConversationAdded' ? { ...each, profile: UNMANAGED } : each));
  const played = new Map<string, Promise<Difference | undefined>>();
  const play = (scenario: Scenario) => {
    const key = JSON.stringify(scenario);
    const known = played.get(key) ?? playScenario(versions, scenario);
    played.set(key, known);
    return known;
  };
  const found = new Map<string, Difference>();
  const isKnown = (difference: Difference | undefined) => !difference || found.has(kindOf(difference));
  while (found.size < max) {
    const property = fc.asyncProperty(scenarios, async (scenario) => isKnown(await play(scenario)));
    const { counterexample } = await fc.check(property, { seed, numRuns });
    if (!counterexample) break;
    const difference = (await play(counterexample[0]))!;
    found.set(kindOf(difference), difference);
  }
  return { tried: numRuns, differences: [...found.values()] };
}

async function playScenario(
  versions: Versions,
  { event, profile, at }: Scenario,
): Promise<Difference | undefined> {
  const start = { newest: NEWEST, ...(at && { at }) };
  const found = await firstDifference(versions, profile, [event], start);
  return found && { ...found, ...(at && { at }) };
}

/** The first of some events that two policies decide differently. @throws Error if an event is not valid */
export async function firstDifference(
  versions: Versions,
  profile: Names,
  events: readonly GivenEvent[],
  { at = STARTED_AT, newest = -1, conversation }: Start = {},
): Promise<(Difference & { readonly index: number }) | undefined> {
  const simulations = {
    old: new Simulation(versions.old, at, newest),
    new: new Simulation(versions.new, at, newest),
  };
  simulations.old.update(conversation);
  simulations.new.update(conversation);
  if (profile.old !== undefined) await simulations.old.enter(profile.old);
  if (profile.new !== undefined) await simulations.new.enter(profile.new);
  for (const [index, event] of events.entries()) {
    const before = { old: simulations.old.profile, new: simulations.new.profile };
    const play = async (version: keyof Versions) => {
      const simulation = simulations[version];
      const given = separateConversation(event.fields);
      simulation.update(given.conversation);
      const played = await simulation.play(completeEvent(event.type, given.event, simulation));
      return decisionOf(played, versions[version]);
    };
    const decisions = { old: await play('old'), new: await play('new') };
    if (!areSame(decisions, versions)) return { event, index, profile: before, ...decisions };
  }
  return undefined;
}

/** What a profile of one policy is called in the other: `formerProfiles` of either one may rename it. */
export function counterpart(profile: string, from: Policy, to: Policy): string {
  const former = Object.keys(to.profiles).find((name) => from.formerProfiles[name] === profile);
  return profileToday(to, profile) ?? former ?? profile;
}

function profilesOf({ old, new: current }: Versions): Names[] {
  const names = [
    ...Object.keys(old.profiles).map((name) => ({ old: name, new: counterpart(name, old, current) })),
    ...Object.keys(current.profiles).map((name) => ({ old: counterpart(name, current, old), new: name })),
  ];
  return [...new Map(names.map((each) => [JSON.stringify(each), each])).values()];
}

function decisionOf({ rule, profile, replay, attached }: Played, policy: Policy): Decision | undefined {
  if (rule === undefined || profile === undefined) return undefined;
  return {
    rule: called(policy.rules[rule]!, rule),
    profile,
    webhooks: policy.profiles[profile]!,
    replay: attached.length > 0 ? replay! : null,
  };
}

// Which rule decides is not compared: another one may do the same.
function areSame(decisions: Pick<Difference, 'old' | 'new'>, { old, new: current }: Versions): boolean {
  if (!decisions.old || !decisions.new) return decisions.old === decisions.new;
  const replays = [decisions.old.replay, decisions.new.replay];
  return (
    counterpart(decisions.old.profile, old, current) === decisions.new.profile &&
    `${identities(decisions.old, old)}` === `${identities(decisions.new, current)}` &&
    (replays[0] === replays[1] || replays.includes(null))
  );
}

function identities({ webhooks }: Decision, policy: Policy): string[] {
  return webhooks.map((name) => identityOf(policy.webhooks[name]!)).sort();
}

function kindOf({ old, new: current }: Difference): string {
  return JSON.stringify([old?.rule, old?.profile, current?.rule, current?.profile]);
}
