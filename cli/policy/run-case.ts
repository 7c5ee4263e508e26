import { quote } from '../../src/lib/error-text';
import type { Policy } from '../../src/policy/policy';
import { ruleName } from '../../src/policy/rule';
import type { Case } from './cases';
import { completeEvent } from './event';
import { explainRules, failedConditions, type RuleExplanation, whyNot } from './explanation';
import { called } from './read-policy';
import { type Played, Simulation } from './simulation';

/** What became of a case. */
export interface CaseResult {
  readonly name: string;
  /** A sentence for each expectation that is not met. */
  readonly failures: readonly string[];
  /** Positions of the rules that decided. */
  readonly rules: readonly number[];
}

/** When a case begins: always the same, so that it passes or fails on every day. A Monday. */
export const STARTED_AT = new Date('2026-01-05T12:00:00Z');

/** Plays the events of a case in order. */
export async function runCase(
  { name, profile, conversation, at = STARTED_AT, events, expect }: Case,
  policy: Policy,
): Promise<CaseResult> {
  const simulation = new Simulation(policy, at);
  simulation.update(conversation);
  if (profile !== undefined) await simulation.enter(profile);
  const played: Played[] = [];
  try {
    for (const { type, fields } of events)
      played.push(await simulation.play(completeEvent(type, fields, simulation)));
  } catch (error) {
    return { name, failures: [`events[${played.length}]: ${(error as Error).message}`], rules: [] };
  }
  const { rules } = policy;
  const last = played.at(-1)!;
  const decider = last.rule === undefined ? undefined : rules[last.rule]!;
  const rule = last.rule === undefined ? null : ruleName(rules[last.rule]!, last.rule);
  const failures: string[] = [];
  const compare = (what: string, expected: unknown, got: unknown, reason?: string) => {
    if (expected === undefined || JSON.stringify(expected) === JSON.stringify(got)) return;
    failures.push(`expected ${what} ${shown(expected)}, got ${shown(got)}${reason ? `: ${reason}` : ''}`);
  };
  // One reason is enough: the rule and the webhooks follow from the profile.
  const reason = await reasonOf(expect, played, policy);
  compare('profile', expect.profile, last.profile ?? null, reason);
  compare('rule', expect.rule, rule, failures.length > 0 ? undefined : reason);
  compare('webhooks', sorted(expect.webhooks), sorted(simulation.webhooks));
  const replay = typeof expect.replay === 'number' ? last.replay : decider?.replay;
  compare('replay', expect.replay, replay ?? null);
  return { name, failures, rules: played.flatMap((each) => each.rule ?? []) };
}

/** Why the expected rule, or one to the expected profile, did not decide: of the nearest one. */
async function reasonOf(
  { profile, rule }: Case['expect'],
  played: readonly Played[],
  policy: Policy,
): Promise<string | undefined> {
  const { rules } = policy;
  const last = played.at(-1)!;
  if (rule === null || profile === null || (rule === undefined && profile === last.before))
    return last.rule === undefined ? undefined : `${called(rules[last.rule]!, last.rule)} decides`;
  const isMeant = (explanation: RuleExplanation) =>
    rule === undefined ? explanation.profile === profile : explanation.rule === rule;
  const candidates: { explanation: RuleExplanation; event: number }[] = [];
  for (const [event, each] of played.entries())
    for (const explanation of await explainRules(policy, each, each.before))
      if (isMeant(explanation)) candidates.push({ explanation, event });
  if (candidates.length === 0) return `no rule leads to profile ${quote(profile)}`;
  // The last event is what the expectation is about.
  const nearest = candidates.reduceRight((best, each) =>
    distance(each.explanation) < distance(best.explanation) ? each : best,
  );
  const why = whyNot(nearest.explanation);
  const at = nearest.event === played.length - 1 ? '' : ` (events[${nearest.event}])`;
  // Without an obstacle, the event itself came before.
  return why === undefined ? last.why : why + at;
}

// Another event is further away than a condition, since nobody meant it.
function distance(explanation: RuleExplanation): number {
  const isOtherEvent = explanation.conditions.length === 0;
  return isOtherEvent ? 1_000 : explanation.obstacles.length + failedConditions(explanation).length;
}

const sorted = (names: readonly string[] | undefined) => names && [...names].sort();

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return value === null ? 'none' : String(value);
}
