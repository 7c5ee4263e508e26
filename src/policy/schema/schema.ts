import { MAX_WEBHOOKS } from '../../lib/limits';
import { didYouMean, quote } from '../../lib/messages';
import type { Definition } from '../../webhooks/definition';
import { toRecord, validateNamed, withoutInvalid } from './names';
import { checkReachability, type Rule, validateRule } from './rules';
import { Validator } from './validator';
import { hasPlaceholder } from './variables';
import { checkIdentities, validateWebhook } from './webhooks';

/** What is attached under which circumstances. */
export interface Policy {
  /** By the name that the policy gives them. */
  readonly webhooks: Readonly<Record<string, Definition>>;
  /** Names of webhooks by the name of the profile; the router is not among them. */
  readonly profiles: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly Rule[];
  /** Hosts under which this bundle stood before, in lower case: their routers are ours too. */
  readonly formerDomains: readonly string[];
}

const KEYS = {
  of: 'the policy',
  required: ['webhooks', 'profiles', 'rules'],
  optional: ['$schema', 'formerDomains'],
};

/** A place that is nobody's, for what is checked before it is known where it will stand. */
export const PLACEHOLDER_SITE = { domainName: 'deployment.invalid', local: true };

/** Reads a policy with the variables still in it: what the build can know. */
export function validateTemplate(json: unknown): { policy: Policy; issues: readonly string[] } {
  return validatePolicy(new Validator(PLACEHOLDER_SITE, true), json);
}

/** Reads a policy; it is one only if there are no issues. */
export function validatePolicy(
  validator: Validator,
  json: unknown,
): { policy: Policy; issues: readonly string[] } {
  const entry = validator.keys(json, '', KEYS) ?? {};
  if (entry.$schema !== undefined) validator.string(entry.$schema, '$schema');
  const formerDomains = validateDomains(entry.formerDomains, validator);
  const webhooks = validateNamed(entry.webhooks, 'webhooks', validator, (value, path) =>
    validateWebhook(value, path, validator),
  );
  const names = webhooks && [...webhooks.keys()];
  const profiles = validateNamed(entry.profiles, 'profiles', validator, (value, path) =>
    validateProfile(value, path, names, validator),
  );
  const definitions = withoutInvalid(webhooks);
  checkIdentities(definitions, [validator.site.domainName, ...formerDomains], validator);
  return {
    policy: {
      webhooks: toRecord(definitions),
      profiles: toRecord(withoutInvalid(profiles)),
      rules: validateRules(entry.rules, profiles && [...profiles.keys()], validator),
      formerDomains,
    },
    issues: validator.issues,
  };
}

function validateProfile(
  value: unknown,
  path: string,
  known: readonly string[] | undefined,
  validator: Validator,
) {
  const read = (item: unknown, place: string) => {
    const name = validator.string(item, place);
    if (name === undefined || !known || known.includes(name)) return name;
    return validator.issue(place, `${quote(name)} is no webhook of this policy${didYouMean(name, known)}`);
  };
  const names = validator.array(value, path, { of: 'webhooks', read, unique: true });
  if (Array.isArray(value) && value.length >= MAX_WEBHOOKS)
    return validator.issue(
      path,
      `has ${value.length} webhooks; a conversation takes ${MAX_WEBHOOKS}, and one of them is the router`,
    );
  return names;
}

function validateRules(
  value: unknown,
  profiles: readonly string[] | undefined,
  validator: Validator,
): Rule[] {
  if (value === undefined) return [];
  const turns = validator.array(value, 'rules', {
    of: 'rules',
    read: (item, path) => ({
      path,
      rule: validateRule(item, path, profiles, validator),
      condition: conditionText(item),
    }),
  });
  const known = (turns ?? []).flatMap(({ rule, ...turn }) => (rule ? [{ ...turn, rule }] : []));
  checkReachability(known, validator);
  return known.map(({ rule }) => rule);
}

function conditionText(rule: unknown): string | undefined {
  return JSON.stringify((rule as { when?: unknown } | null)?.when);
}

function validateDomains(value: unknown, validator: Validator): string[] {
  const read = (item: unknown, path: string) => {
    const host = validator.placeholderString(item, path);
    if (host === undefined || /^[A-Za-z0-9.-]+(?::\d+)?$/.test(host)) return host?.toLowerCase();
    if (validator.allowPlaceholders && hasPlaceholder(host)) return host;
    return validator.issue(path, `${quote(host)} is no host; write it like bots-1234.twil.io`);
  };
  if (value === undefined) return [];
  return validator.array(value, 'formerDomains', { of: 'hosts', read, unique: true }) ?? [];
}
