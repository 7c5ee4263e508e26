import { didYouMean, oneOf, quote } from '../../src/lib/error-text';
import type { Policy } from '../../src/policy/policy';
import { ruleName } from '../../src/policy/rule';
import { UsageError } from '../errors';
import type { Style } from '../style';
import type { Terminal } from '../terminal';
import { readVariableFiles } from '../variables';
import { separateConversation } from './conversation';
import { completeEvent, fieldIssue, jsonIssue } from './event';
import { explainRules, type RuleExplanation } from './explanation';
import type { ExplainOptions } from './options';
import { called, parsePolicySource, readText } from './read-policy';
import { type Played, Simulation } from './simulation';

/** Plays one event, and says rule by rule why it decided what it did. */
export async function explain(
  options: ExplainOptions,
  { folder, out }: Terminal,
  style: Style,
): Promise<number> {
  const { policy: file, env, event: type, fields, profile, at, json } = options;
  const deployment = env && { variables: readVariableFiles(env, folder), source: oneOf(env) };
  const policy = parsePolicySource(readText(folder, file), file, deployment);
  const known = Object.keys(policy.profiles);
  if (profile !== undefined && !known.includes(profile))
    throw new UsageError(
      `--profile ${quote(profile)} is not a profile${didYouMean(profile, known) || `; use ${oneOf(known)}`}`,
    );
  const given = separateConversation(fields);
  const issue = fieldIssue(type, Object.keys(given.event), policy);
  if (issue) throw new UsageError(issue);
  for (const [field, text] of Object.entries(fields)) {
    const wrong = jsonIssue(field, text);
    if (wrong) throw new UsageError(`${field} ${wrong}`);
  }
  const simulation = new Simulation(policy, at ?? new Date());
  simulation.update(given.conversation);
  if (profile !== undefined) await simulation.enter(profile);
  const played = await simulation.play(completed(type, given.event, simulation));
  const rules = await explainRules(policy, played, profile);
  out(
    json
      ? JSON.stringify({ ...outcome(played, policy), rules }, undefined, 2)
      : readable(played, rules, policy, style),
  );
  return 0;
}

function completed(type: ExplainOptions['event'], fields: ExplainOptions['fields'], simulation: Simulation) {
  try {
    return completeEvent(type, fields, simulation);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function outcome(
  { event, profile, before, attached, detached, replay, rule, why, warnings }: Played,
  policy: Policy,
) {
  return {
    event,
    previous_profile: before ?? null,
    profile: profile ?? null,
    rule: rule === undefined ? null : ruleName(policy.rules[rule]!, rule),
    attached,
    detached,
    replay: replay ?? null,
    ...(why !== undefined && { why }),
    ...(warnings.length > 0 && { warnings }),
  };
}

function readable(played: Played, rules: readonly RuleExplanation[], policy: Policy, style: Style): string {
  return [...rules.map((rule, i) => paragraph(rule, i, policy, style)), summary(played, policy)].join('\n\n');
}

function paragraph(explanation: RuleExplanation, index: number, policy: Policy, style: Style): string {
  const { conditions, obstacles, decides, profile } = explanation;
  const label = policy.rules[index]!.name === undefined ? '' : ` (rules[${index}])`;
  const isMet = conditions.some((all) => all.every(({ holds }) => holds));
  const verdict = decides
    ? style('green', `decides: profile ${profile}`)
    : [...obstacles, ...(conditions.length > 0 && !isMet ? ['does not match'] : [])].join(', and ');
  const alternatives = conditions.map((all) =>
    all.map(({ condition, holds, found }) =>
      holds
        ? `  ${style('green', 'holds')}  ${condition}`
        : `  ${style('red', 'fails')}  ${condition}: ${found}`,
    ),
  );
  const lines = alternatives.flatMap((all, i) => (i === 0 ? all : ['  or', ...all]));
  return [`${style('bold', called(policy.rules[index]!, index))}${label} ${verdict}`, ...lines].join('\n');
}

function summary(played: Played, policy: Policy): string {
  const { before, profile, rule, replay, attached, detached, why, warnings } = played;
  const lines =
    rule === undefined
      ? [
          `Nothing changes: ${why ?? 'no rule decides'}.`,
          profile === undefined
            ? 'The conversation is not managed; --profile puts it into a profile first.'
            : `The conversation stays in profile ${profile}.`,
        ]
      : [
          `${called(policy.rules[rule]!, rule)} moves the conversation ${before === undefined ? '' : `from profile ${before} `}to profile ${profile}.`,
          `Attached: ${attached.join(', ') || 'none'}.`,
          `Detached: ${detached.join(', ') || 'none'}.`,
          `Replayed: ${attached.length === 0 ? 'nothing' : replayed(replay!, played)}.`,
        ];
  return [...lines, ...warnings.map((warning) => `Warning: ${warning}.`)].join('\n');
}

function replayed(replay: number, { event }: Played): string {
  const newest = event.EventType === 'onMessageAdded' ? event.Index : undefined;
  if (newest === replay) return `message ${replay}, the one of this event`;
  if (newest !== undefined && replay > newest) return `nothing; the next message is ${replay}`;
  return `messages from index ${replay} on`;
}
