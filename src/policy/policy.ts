import { ApiError } from '../lib/api-error';
import { oneOf, quote } from '../lib/error-text';
import { parseHost } from '../lib/host';
import type { Site } from '../lib/url';
import type { Definition } from '../webhooks/definition';
import type { Calendar } from './calendar';
import type { Condition } from './conditions/condition';
import { fold } from './conditions/words';
import { IssueList, pathTo, policyError } from './issues';
import { alternativesOf, type Rule } from './rule';
import { substitute } from './variables';
import { checkIdentities, defineWebhook, type WebhookSource } from './webhooks';

/** Which webhooks a conversation has, and when. */
export interface Policy {
  /** By name. */
  readonly webhooks: Readonly<Record<string, Definition>>;
  /** The webhooks' names by the profile's name; the router is not among them. */
  readonly profiles: Readonly<Record<string, readonly string[]>>;
  /** Today's names of renamed profiles, by their former names. */
  readonly formerProfiles: Readonly<Record<string, string>>;
  /** Opening hours by name. */
  readonly calendars: Readonly<Record<string, Calendar>>;
  readonly rules: readonly Rule[];
  /** Former hosts of this bundle, as the URL parser reads them: their routers are ours too. */
  readonly formerDomains: readonly string[];
}

/** Of a compiled policy. Increment it when the functions would misread one of an earlier build. */
export const FORMAT = 1;

/**
 * A policy as the build writes it for the functions: valid and normalized, as far as that does not depend on its variables,
 * which are still in it.
 */
export interface CompiledPolicy extends Omit<Policy, 'webhooks'> {
  readonly compiled: typeof FORMAT;
  readonly webhooks: Readonly<Record<string, WebhookSource>>;
}

/** The policy, or its issues or unset variables. With unset variables not every issue can be found. */
interface PolicyReading {
  readonly policy?: Policy;
  readonly issues: readonly string[];
  readonly missing: readonly string[];
}

/** Substitutes a policy's variables, checks what depends on them, and resolves paths such as `/my-function` to the site's URLs. */
export function bindPolicy(
  compiled: CompiledPolicy,
  env: Readonly<Record<string, unknown>>,
  site: Site,
): PolicyReading {
  const { filled, missing } = substitute(compiled, env);
  if (missing.length > 0) return { issues: [], missing };
  const list = new IssueList();
  const { profiles, formerProfiles, calendars, rules } = filled;
  const webhooks = new Map(
    Object.entries(filled.webhooks).flatMap(([name, source]) => {
      const definition = defineWebhook(source, pathTo('webhooks', name), site, list);
      return definition ? [[name, definition] as const] : [];
    }),
  );
  const formerDomains = filled.formerDomains.flatMap(
    (text, i) => parseDomain(text, pathTo('formerDomains', i), list) ?? [],
  );
  checkIdentities(webhooks, [site.domainName, ...formerDomains], site, list);
  checkWords(rules, list);
  const { issues } = list;
  if (issues.length > 0) return { issues, missing };
  const policy = {
    webhooks: withoutPrototype(Object.fromEntries(webhooks)),
    profiles: withoutPrototype(profiles),
    formerProfiles: withoutPrototype(formerProfiles),
    calendars: withoutPrototype(calendars),
    rules,
    formerDomains,
  };
  return { policy, issues, missing };
}

/** @throws ApiError 20001 if the build did not write the text */
export function readPolicy(text: string, env: Readonly<Record<string, unknown>>, site: Site): PolicyReading {
  return bindPolicy(parseCompiled(text), env, site);
}

/** @throws ApiError 20001 with all issues in `details.issues` */
export function parsePolicy(text: string, env: Readonly<Record<string, unknown>>, site: Site): Policy {
  const { policy, issues, missing } = readPolicy(text, env, site);
  if (policy) return policy;
  throw policyError([...issues, ...unsetVariables(missing)]);
}

/** What to report of variables that their source does not set: one sentence, or none. */
export function unsetVariables(names: readonly string[], source = 'the environment'): string[] {
  if (names.length === 0) return [];
  return [`${oneOf(names, 'and')} ${names.length > 1 ? 'are' : 'is'} not set in ${source}`];
}

/** Parses a host of `formerDomains`. */
export function parseDomain(text: string, path: string, list: IssueList): string | undefined {
  return (
    parseHost(text)?.host ??
    list.issue(path, `${quote(text)} is not a valid host; write one like bots-1234.twil.io`)
  );
}

/** Without inherited properties, so that `constructor` is not a profile. */
export function withoutPrototype<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), record);
}

/** Whether there is anything to look for in a word. */
export function isEmptyWord(word: string): boolean {
  return fold(word).trim() === '';
}

function parseCompiled(text: string): CompiledPolicy {
  const policy = parseJsonOrUndefined(text) as CompiledPolicy | undefined;
  if (policy?.compiled === FORMAT) return policy;
  throw new ApiError(
    20001,
    'policy.private.json was not built for this version of the functions; run npm run build, and use the one in dist/assets',
  );
}

function parseJsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The value of a variable may be nothing but what words ignore, and such a word would be found in every text.
function checkWords(rules: readonly Rule[], list: IssueList): void {
  const check = ({ words = [], not }: Condition, path: string): void => {
    for (const [i, word] of words.entries())
      if (isEmptyWord(word))
        list.issue(pathTo(pathTo(path, 'words'), i), 'is empty; write a word or a phrase');
    if (not) check(not, pathTo(path, 'not'));
  };
  for (const [i, rule] of rules.entries())
    for (const { fields, path } of alternativesOf(rule, i))
      for (const [field, condition] of Object.entries(fields)) check(condition, pathTo(path, field));
}
