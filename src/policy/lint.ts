import { DOCUMENTED_FIELDS } from '../events/documented-fields';
import type { EventType } from '../events/event-types';
import { ApiError } from '../lib/api-error';
import { MAX_WEBHOOKS } from '../lib/limits';
import { didYouMean, oneOf, quote } from '../lib/messages';
import { parsePolicy } from './policy';
import { pathTo } from './schema/issues';
import { parseJson } from './schema/json-error';
import { PLACEHOLDER_SITE, type Policy, validateTemplate } from './schema/schema';

/**
 * Checks a policy as far as that goes without the environment. Faults make it unusable; what is warned of works, though
 * probably not as it was meant. For the build: the functions read it with parsePolicy.
 */
export function lintPolicy(json: unknown): { issues: readonly string[]; warnings: readonly string[] } {
  const { policy, issues } = validateTemplate(json);
  if (issues.length > 0) return { issues, warnings: [] };
  const { rules } = json as { rules: readonly { on: EventType; when?: object }[] };
  const strange = rules.flatMap(({ on, when = {} }, i) =>
    undocumentedFields(on, when, pathTo(`rules[${i}]`, 'when')),
  );
  return { issues, warnings: [...strange, ...overCapacityRules(policy)] };
}

/** The same for the text of a policy, and for what it is with an environment in it where one is given: for a deployment. */
export function lintText(
  text: string,
  env?: Readonly<Record<string, unknown>>,
): ReturnType<typeof lintPolicy> {
  try {
    const checked = lintPolicy(parseJson(text));
    if (env && checked.issues.length === 0)
      parsePolicy(text, env, { ...PLACEHOLDER_SITE, local: false, allowlist: allowlistOf(env) });
    return checked;
  } catch (error) {
    const issues = error instanceof ApiError ? error.details?.issues : undefined;
    if (!Array.isArray(issues)) throw error;
    return { issues, warnings: [] };
  }
}

function allowlistOf({
  WEBHOOK_URL_ALLOWLIST: given,
}: Readonly<Record<string, unknown>>): string | undefined {
  return typeof given === 'string' ? given : undefined;
}

/** Fields that Twilio does not document, which is no fault: it may have them tomorrow. */
function undocumentedFields(on: EventType, when: object, path: string): string[] {
  const documented: readonly string[] = DOCUMENTED_FIELDS[on];
  return Object.keys(when).flatMap((field) => {
    const head = field.replace(/\..*/s, '');
    if (documented.includes(field) || documented.includes(head)) return [];
    const hint =
      didYouMean(field, documented) || didYouMean(head, documented) || `; it has ${oneOf(documented, 'and')}`;
    return [`${pathTo(path, field)}: ${on} has no field ${quote(field)} that Twilio documents${hint}`];
  });
}

/** Rules whose change cannot make all that is new before it breaks what is old. */
function overCapacityRules({ rules, profiles }: Policy): string[] {
  return rules.flatMap(({ on, from = Object.keys(profiles), profile }, i) => {
    if (on === 'onConversationAdded') return [];
    const crowd = (name: string) => new Set([...profiles[name]!, ...profiles[profile]!]).size + 1;
    const tight = from.filter((name) => crowd(name) > MAX_WEBHOOKS);
    if (tight.length === 0) return [];
    const most = Math.max(...tight.map(crowd));
    return [
      `rules[${i}]: the change from ${oneOf(tight.map(quote))} to ${quote(profile)} needs up to ${most} webhooks at once, ` +
        `the router among them, and a conversation takes ${MAX_WEBHOOKS}: some old ones go before the new ones come`,
    ];
  });
}
