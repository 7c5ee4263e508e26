import fc from 'fast-check';
import type { Policy } from '../../src/policy/policy';
import { profileToday } from '../../src/sync/desired-state';
import type { ConversationFields } from '../../src/webhooks/conversation';
import { identityOf } from '../../src/webhooks/definition';
import type { GivenEvent } from './cases';
import { separateConversation } from './conversation';
import { completeEvent } from './event';
import { elementOf, generatedEvents } from './generated-events';
import { calendarsOf, differentTimes } from './hours';
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

/** Of two policies that are compared. */
export interface Both<T> {
  readonly old: T;
  readonly new: T;
}

/** An event, and what each of two policies does; undefined: nothing. */
export interface Difference extends Both<Decision | undefined> {
  readonly event: GivenEvent;
  /** When it happens; undefined if that does not matter. */
  readonly at: Date | undefined;
  /** The conversation's own fields, as far as they are not those of every new conversation. */
  readonly conversation: Partial<ConversationFields>;
  readonly profile: Names;
}

/** The profile of a conversation, as each policy calls it; undefined: it is not managed. */
type Names = Both<string | undefined>;

interface Start {
  readonly at?: Date | undefined;
  readonly newest?: number;
  readonly conversation?: Partial<ConversationFields> | undefined;
}

interface Scenario {
  readonly event: GivenEvent;
  readonly conversation: Partial<ConversationFields>;
  readonly profile: Names;
  readonly at: Date;
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
 * @param onEvent called for each event, but not for those that it is made smaller by
 */
export async function findDifferences(
  versions: Both<Policy>,
  { seed, events: numRuns, max }: Search,
  onEvent: () => void = () => undefined,
): Promise<{ tried: number; differences: readonly Difference[] }> {
  const event = generatedEvents([versions.old, versions.new]);
  if (!event) return { tried: 0, differences: [] };
  const times = differentTimes([versions.old, versions.new].flatMap(calendarsOf), STARTED_AT);
  const scenarios = fc
    .record({ event, profile: elementOf(profilesOf(versions)), at: elementOf(times) })
    .map(({ event: { type, fields }, profile, at }): Scenario => {
      const { event, conversation } = separateConversation(fields);
      // On all other events only managed conversations are changed.
      const from = type === 'onConversationAdded' ? UNMANAGED : profile;
      return { event: { type, fields: event }, conversation, profile: from, at };
    });
  const start = memoize(({ profile, at }: Pick<Scenario, 'profile' | 'at'>) =>
    startAll(versions, profile, { at, newest: NEWEST }),
  );
  const play = memoize(async ({ event, conversation, profile, at }: Scenario) => {
    const started = await start({ profile, at });
    const simulations = { old: started.old.copy(), new: started.new.copy() };
    simulations.old.update(conversation);
    simulations.new.update(conversation);
    return firstDifference(versions, simulations, [event]);
  });
  const isTimely = async (scenario: Scenario, kind: string) => {
    for (const at of times) if (kindOf(await play({ ...scenario, at })) !== kind) return true;
    return false;
  };
  const found = new Map<string, Difference>();
  let passed = 0;
  while (found.size < max) {
    let isShrinking = false;
    const property = fc.asyncProperty(scenarios, async (scenario) => {
      if (!isShrinking) onEvent();
      const difference = await play(scenario);
      const isKnown = !difference || found.has(kindOf(difference));
      isShrinking ||= !isKnown;
      return isKnown;
    });
    const search = { seed, path: String(passed), numRuns: numRuns - passed };
    const { counterexample, counterexamplePath } = await fc.check(property, search);
    if (!counterexample) break;
    const [scenario] = counterexample;
    const difference = (await play(scenario))!;
    const kind = kindOf(difference);
    const at = (await isTimely(scenario, kind)) ? scenario.at : undefined;
    found.set(kind, { ...difference, at });
    // Go on from this event: its smallest form may differ in another way than itself.
    passed = Number.parseInt(counterexamplePath!, 10);
  }
  return { tried: numRuns, differences: [...found.values()] };
}

/** Calls a function once for each argument. */
function memoize<A extends object, R>(call: (argument: A) => R): (argument: A) => R {
  const results = new Map<string, R>();
  return (argument) => {
    const key = JSON.stringify(argument);
    if (!results.has(key)) results.set(key, call(argument));
    return results.get(key)!;
  };
}

/** A conversation in a profile, for each of two policies. */
export async function startAll(
  versions: Both<Policy>,
  profile: Names,
  { at = STARTED_AT, newest = -1, conversation }: Start,
): Promise<Both<Simulation>> {
  const start = async (version: keyof Names) => {
    const simulation = new Simulation(versions[version], at, newest);
    simulation.update(conversation);
    const name = profile[version];
    if (name !== undefined) await simulation.enter(name);
    return simulation;
  };
  return { old: await start('old'), new: await start('new') };
}

/** The first of some events that two policies decide differently. @throws Error if an event is not valid */
export async function firstDifference(
  versions: Both<Policy>,
  simulations: Both<Simulation>,
  events: readonly GivenEvent[],
): Promise<(Difference & { readonly index: number; readonly at: Date }) | undefined> {
  for (const [index, event] of events.entries()) {
    const profile = { old: simulations.old.profile, new: simulations.new.profile };
    const { date: at, ownFields: conversation } = simulations.new;
    const completed = completeEvent(event.type, event.fields, simulations.new);
    const play = async (version: keyof Names) =>
      decisionOf(await simulations[version].play(completed), versions[version]);
    const decisions = { old: await play('old'), new: await play('new') };
    if (!areSame(decisions, versions)) return { event, index, at, conversation, profile, ...decisions };
  }
  return undefined;
}

/** What a profile of one policy is called in the other: `formerProfiles` of either one may rename it. */
export function counterpart(profile: string, from: Policy, to: Policy): string {
  const former = Object.keys(to.profiles).find((name) => from.formerProfiles[name] === profile);
  return profileToday(to, profile) ?? former ?? profile;
}

function profilesOf({ old, new: current }: Both<Policy>): Names[] {
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
function areSame(decisions: Both<Decision | undefined>, { old, new: current }: Both<Policy>): boolean {
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

function kindOf(difference: Difference | undefined): string {
  const { old, new: current } = difference ?? {};
  return JSON.stringify([old?.rule, old?.profile, current?.rule, current?.profile]);
}
