import { DOCUMENTED_FIELDS, headOf } from '../events/documented-fields';
import type { EventType } from '../events/event-types';
import { ApiError } from '../lib/api-error';
import { trimVariables } from '../lib/environment';
import { didYouMean, oneOf, quote } from '../lib/error-text';
import { MAX_WEBHOOKS } from '../lib/limits';
import type { FieldConditions } from './conditions/condition';
import { CONVERSATION_FIELDS, conversationField } from './conditions/conversation-fields';
import { impossibleConditions } from './impossible-conditions';
import { pathTo } from './issues';
import { bindPolicy, type CompiledPolicy, type Policy, unsetVariables } from './policy';
import { alternativesOf, hoursOf, rulePath } from './rule';
import { parseJson } from './schema/json-error';
import { PLACEHOLDER_SITE, validatePolicy } from './schema/schema';
import { slowPatternIssue } from './slow-patterns';

interface Lint {
  readonly issues: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Validates a policy without the environment, for the build. Issues make the policy unusable;
 * warnings are for what works, though probably not as intended.
 */
export function lintPolicy(json: unknown): Lint {
  const { issues, warnings } = lintAndCompile(json);
  return { issues, warnings };
}

/** What the functions read is there only without issues. */
function lintAndCompile(json: unknown): Lint & { readonly compiled?: CompiledPolicy } {
  const { policy, compiled, issues } = validatePolicy(json, slowPatternIssue);
  if (issues.length > 0) return { issues, warnings: [] };
  const conditions = conditionsOf(policy);
  const warnings = [
    ...conditions.flatMap(undocumentedFields),
    ...conditions.flatMap(({ on, fields, path }) => impossibleConditions(on, fields, path)),
    ...conditions.flatMap(anybodysWords),
    ...futileRules(policy),
    ...replayedEdits(policy),
    ...unusedWebhooks(policy),
    ...unusedCalendars(policy),
    ...neverOpen(policy),
    ...unreachableProfiles(policy),
    ...overCapacityRules(policy),
  ];
  return { issues, warnings, compiled };
}

/** An object of `when`. */
interface Conditions {
  readonly on: EventType;
  readonly fields: FieldConditions;
  readonly path: string;
}

function conditionsOf({ rules }: Policy): Conditions[] {
  return rules.flatMap((rule, i) => alternativesOf(rule, i).map((found) => ({ ...found, on: rule.on })));
}

/** Where a policy gets its variables. */
interface Deployment {
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether the Twilio API is an emulator on this machine. */
  readonly local?: boolean;
  /** What sets the variables, for the issues. */
  readonly source?: string;
}

/**
 * Lints a policy's source, and also validates it as a deployment would see it, if there is one.
 * @returns without issues, also the policy in the form that the functions read
 */
export function lintText(
  text: string,
  deployment?: Deployment,
): Lint & { readonly compiled?: CompiledPolicy } {
  try {
    const lint = lintAndCompile(parseJson(text));
    const issues = deployment && lint.compiled ? deploymentIssues(lint.compiled, deployment) : [];
    return issues.length > 0 ? { issues, warnings: [] } : lint;
  } catch (error) {
    const issues = error instanceof ApiError ? error.details?.issues : undefined;
    if (!Array.isArray(issues)) throw error;
    return { issues, warnings: [] };
  }
}

function deploymentIssues(
  compiled: CompiledPolicy,
  { variables, local = false, source }: Deployment,
): readonly string[] {
  const env = trimVariables(variables);
  const site = { ...PLACEHOLDER_SITE, local, allowlist: allowlistOf(env) };
  const { issues, missing } = bindPolicy(compiled, env, site);
  return [...issues, ...unsetVariables(missing, source)];
}

function allowlistOf({
  WEBHOOK_URL_ALLOWLIST: allowlist,
}: Readonly<Record<string, unknown>>): string | undefined {
  return typeof allowlist === 'string' ? allowlist : undefined;
}

/** Warns of fields that Twilio does not document. It may add them any day, so they are not issues. */
function undocumentedFields({ on, fields, path }: Conditions): string[] {
  const documented: readonly string[] = DOCUMENTED_FIELDS[on];
  return Object.keys(fields).flatMap((field) => {
    const head = headOf(field);
    if (documented.includes(field) || documented.includes(head) || conversationField(field) !== undefined)
      return [];
    const [, , ...rest] = field.split('.');
    const ofConversation = CONVERSATION_FIELDS.map((one) => ['Conversation', one, ...rest].join('.'));
    const hint =
      didYouMean(field, [...documented, ...ofConversation]) ||
      didYouMean(head, documented) ||
      `; it has ${oneOf(documented, 'and')}`;
    return [`${pathTo(path, field)}: ${quote(field)} is not a documented field of ${on}${hint}`];
  });
}

const AUTHORS = ['Source', 'Author', 'ClientIdentity', 'ParticipantSid'];

/** Warns of conditions that a bot's or an agent's own messages meet as well. */
function anybodysWords({ fields, path }: Conditions): string[] {
  const heads = Object.keys(fields).map(headOf);
  if (!heads.includes('Body') || heads.some((field) => AUTHORS.includes(field))) return [];
  return [
    `${pathTo(path, 'Body')}: also matches what a bot or an agent writes; add a condition on ${oneOf(AUTHORS)}`,
  ];
}

/** Warns of rules on the removal of a conversation: it cannot be changed any more. */
function futileRules({ rules }: Policy): string[] {
  return rules.flatMap((rule, i) =>
    rule.on === 'onConversationRemoved'
      ? [
          `${rulePath(rule, i)}: never does anything: after ${rule.on} the conversation is gone; delete the rule`,
        ]
      : [],
  );
}

/** Warns of replays from a message that may be long past. */
function replayedEdits({ rules }: Policy): string[] {
  return rules.flatMap((rule, i) =>
    rule.on === 'onMessageUpdated' && rule.replay === 'this'
      ? [
          `${pathTo(rulePath(rule, i), 'replay')}: "this" replays every message since the edited one, which may be old; write next to replay none`,
        ]
      : [],
  );
}

function unusedWebhooks({ webhooks, profiles }: Policy): string[] {
  const used = Object.values(profiles).flat();
  return Object.keys(webhooks)
    .filter((name) => !used.includes(name))
    .map((name) => `${pathTo('webhooks', name)}: is in no profile, so it is never attached`);
}

function unusedCalendars({ rules, calendars }: Policy): string[] {
  const used = rules.flatMap(hoursOf).map(({ calendar }) => calendar);
  return Object.keys(calendars)
    .filter((name) => !used.includes(name))
    .map((name) => `${pathTo('calendars', name)}: no rule uses it`);
}

function neverOpen({ rules, calendars }: Policy): string[] {
  return rules.flatMap((rule, i) =>
    rule.during !== undefined && calendars[rule.during]!.open.flat().length === 0
      ? [`${pathTo(rulePath(rule, i), 'during')}: never matches: ${rule.during} is never open`]
      : [],
  );
}

/** Warns of profiles that only a call of /webhooks/sync leads to. */
function unreachableProfiles({ rules, profiles }: Policy): string[] {
  if (rules.length === 0) return ['rules: is empty: only a call of /webhooks/sync manages a conversation'];
  const reached = rules.map(({ profile }) => profile);
  return Object.keys(profiles)
    .filter((name) => !reached.includes(name))
    .map((name) => `${pathTo('profiles', name)}: no rule leads to it, only a call of /webhooks/sync`);
}

/** Warns of rules that cannot create all new webhooks before they delete old ones. */
function overCapacityRules({ rules, profiles }: Policy): string[] {
  return rules.flatMap((rule, i) => {
    const { on, from = Object.keys(profiles), profile } = rule;
    if (on === 'onConversationAdded') return [];
    const slotsNeeded = (name: string) => new Set([...profiles[name]!, ...profiles[profile]!]).size + 1;
    const over = from.filter((name) => slotsNeeded(name) > MAX_WEBHOOKS);
    if (over.length === 0) return [];
    const most = Math.max(...over.map(slotsNeeded));
    return [
      `${rulePath(rule, i)}: going from ${oneOf(over.map(quote))} to ${quote(profile)} takes up to ${most} webhooks at once, router included, ` +
        `but a conversation has ${MAX_WEBHOOKS} slots: some old webhooks are deleted before the new ones are created`,
    ];
  });
}
