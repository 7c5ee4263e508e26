import { DOCUMENTED_FIELDS } from '../events/documented-fields';
import type { EventType } from '../events/event-types';
import { ApiError } from '../lib/api-error';
import { trimVariables } from '../lib/environment';
import { didYouMean, oneOf, quote } from '../lib/error-text';
import { MAX_WEBHOOKS } from '../lib/limits';
import { parsePolicy } from './policy';
import { pathTo } from './schema/issues';
import { parseJson } from './schema/json-error';
import { PLACEHOLDER_SITE, type Policy, validateTemplate } from './schema/schema';

/**
 * Validates a policy without the environment, for the build; the functions use parsePolicy. Issues make the policy unusable;
 * warnings are for what works, though probably not as intended.
 */
export function lintPolicy(json: unknown): { issues: readonly string[]; warnings: readonly string[] } {
  const { policy, issues } = validateTemplate(json);
  if (issues.length > 0) return { issues, warnings: [] };
  const { rules } = json as { rules: readonly { on: EventType; when?: object | object[] }[] };
  const undocumented = rules.flatMap(({ on, when = {} }, i) => {
    const path = pathTo(`rules[${i}]`, 'when');
    return Array.isArray(when)
      ? when.flatMap((fields, j) => undocumentedFields(on, fields, pathTo(path, j)))
      : undocumentedFields(on, when, path);
  });
  return { issues, warnings: [...undocumented, ...futileRules(policy), ...overCapacityRules(policy)] };
}

/** Lints a policy's source, and also validates it with the variables, if there are any, as a deployment would see it. */
export function lintText(
  text: string,
  variables?: Readonly<Record<string, unknown>>,
): ReturnType<typeof lintPolicy> {
  try {
    const result = lintPolicy(parseJson(text));
    const env = variables && trimVariables(variables);
    if (env && result.issues.length === 0)
      parsePolicy(text, env, { ...PLACEHOLDER_SITE, local: false, allowlist: allowlistOf(env) });
    return result;
  } catch (error) {
    const issues = error instanceof ApiError ? error.details?.issues : undefined;
    if (!Array.isArray(issues)) throw error;
    return { issues, warnings: [] };
  }
}

function allowlistOf({
  WEBHOOK_URL_ALLOWLIST: allowlist,
}: Readonly<Record<string, unknown>>): string | undefined {
  return typeof allowlist === 'string' ? allowlist : undefined;
}

/** Warns of fields that Twilio does not document. It may add them any day, so they are not issues. */
function undocumentedFields(on: EventType, when: object, path: string): string[] {
  const documented: readonly string[] = DOCUMENTED_FIELDS[on];
  return Object.keys(when).flatMap((field) => {
    const head = field.replace(/\..*/s, '');
    if (documented.includes(field) || documented.includes(head)) return [];
    const hint =
      didYouMean(field, documented) || didYouMean(head, documented) || `; it has ${oneOf(documented, 'and')}`;
    return [`${pathTo(path, field)}: ${quote(field)} is not a documented field of ${on}${hint}`];
  });
}

/** Warns of rules on an event after which there is no conversation left to change. */
function futileRules({ rules }: Policy): string[] {
  return rules.flatMap(({ on }, i) =>
    on === 'onConversationRemoved'
      ? [`rules[${i}]: never does anything: after ${on} the conversation is gone; delete the rule`]
      : [],
  );
}

/** Warns of rules that cannot create all new webhooks before they delete old ones. */
function overCapacityRules({ rules, profiles }: Policy): string[] {
  return rules.flatMap(({ on, from = Object.keys(profiles), profile }, i) => {
    if (on === 'onConversationAdded') return [];
    const slotsNeeded = (name: string) => new Set([...profiles[name]!, ...profiles[profile]!]).size + 1;
    const over = from.filter((name) => slotsNeeded(name) > MAX_WEBHOOKS);
    if (over.length === 0) return [];
    const most = Math.max(...over.map(slotsNeeded));
    return [
      `rules[${i}]: going from ${oneOf(over.map(quote))} to ${quote(profile)} takes up to ${most} webhooks at once, router included, ` +
        `but a conversation has ${MAX_WEBHOOKS} slots: some old webhooks are deleted before the new ones are created`,
    ];
  });
}
