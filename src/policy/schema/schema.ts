import { didYouMean, quote } from '../../lib/error-text';
import { MAX_WEBHOOKS } from '../../lib/limits';
import { pathTo } from '../issues';
import { type CompiledPolicy, FORMAT, type Policy, parseDomain } from '../policy';
import type { Rule } from '../rule';
import { hasPlaceholder } from '../variables';
import { checkIdentities } from '../webhooks';
import { validateCalendars } from './calendars';
import { toRecord, validateNamed, withoutInvalid } from './names';
import { checkReachability, type KnownNames, rulePaths, validateRule } from './rules';
import { Validator } from './validator';
import { validateWebhook } from './webhooks';

const KEYS = {
  required: ['webhooks', 'profiles', 'rules'],
  optional: ['$schema', 'calendars', 'formerDomains', 'formerProfiles'],
};

const PROFILE_KEYS = { required: ['webhooks'], optional: ['description'] };

/** Nobody's host, for a policy that is validated before its deployment exists. */
export const PLACEHOLDER_SITE = { domainName: 'deployment.invalid', local: true };

/**
 * Validates a policy before its variables are substituted: what the build can check. If there are issues, do not use the rest.
 * @returns the policy with its variables in it, as it is and compiled
 */
export function validatePolicy(
  json: unknown,
  checkPattern?: Validator['checkPattern'],
): { policy: Policy; compiled: CompiledPolicy; issues: readonly string[] } {
  const validator = new Validator(checkPattern);
  const entry = validator.keys(json, '', KEYS) ?? {};
  if (entry.$schema !== undefined) validator.string(entry.$schema, '$schema');
  const formerDomains = validateDomains(entry.formerDomains, validator);
  const webhooks = validateNamed(entry.webhooks, 'webhooks', validator, (value, path) =>
    validateWebhook(value, path, PLACEHOLDER_SITE, validator),
  );
  const names = webhooks && [...webhooks.keys()];
  const profiles = validateNamed(entry.profiles, 'profiles', validator, (value, path) =>
    validateProfile(value, path, names, validator),
  );
  const known = profiles && [...profiles.keys()];
  const formerProfiles = validateFormerProfiles(entry.formerProfiles, known, validator);
  const calendars = entry.calendars === undefined ? new Map() : validateCalendars(entry.calendars, validator);
  const valid = [...withoutInvalid(webhooks)];
  const definitions = new Map(valid.map(([name, { definition }]) => [name, definition]));
  const hosts = [PLACEHOLDER_SITE.domainName, ...formerDomains];
  checkIdentities(definitions, hosts, PLACEHOLDER_SITE, validator);
  const policy = {
    webhooks: toRecord(definitions),
    profiles: toRecord(withoutInvalid(profiles)),
    formerProfiles: toRecord(withoutInvalid(formerProfiles)),
    calendars: toRecord(withoutInvalid(calendars)),
    rules: validateRules(
      entry.rules,
      { profiles: known, calendars: calendars && [...calendars.keys()] },
      validator,
    ),
    formerDomains,
  };
  const sources = toRecord(new Map(valid.map(([name, { source }]) => [name, source])));
  return {
    policy,
    compiled: { compiled: FORMAT, ...policy, webhooks: sources },
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
    return validator.issue(place, `${quote(name)} is not a webhook of this policy${didYouMean(name, known)}`);
  };
  const { list, place } = profileParts(value, path, validator);
  const names = validator.array(list, place, { of: 'webhooks', read, unique: true });
  if (Array.isArray(list) && list.length >= MAX_WEBHOOKS)
    return validator.issue(
      place,
      `has ${list.length} webhooks; the maximum is ${MAX_WEBHOOKS - 1}, as the router takes a slot`,
    );
  return names;
}

/** A profile is an array of webhooks, or an object that has one. */
function profileParts(value: unknown, path: string, validator: Validator): { list: unknown; place: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { list: value, place: path };
  const entry = validator.keys(value, path, PROFILE_KEYS)!;
  if (entry.description !== undefined) validator.string(entry.description, pathTo(path, 'description'));
  return { list: 'webhooks' in entry ? entry.webhooks : [], place: pathTo(path, 'webhooks') };
}

function validateFormerProfiles(
  value: unknown,
  known: readonly string[] | undefined,
  validator: Validator,
): Map<string, string | undefined> | undefined {
  const former = validateNamed(value, 'formerProfiles', validator, (item, path) => {
    const name = validator.string(item, path);
    if (name === undefined || !known || known.includes(name)) return name;
    return validator.issue(path, `${quote(name)} is not a profile${didYouMean(name, known)}`);
  });
  for (const name of former?.keys() ?? [])
    if (known?.includes(name))
      validator.issue(
        pathTo('formerProfiles', name),
        'is still a profile; list only names that are no longer used',
      );
  return former;
}

function validateRules(value: unknown, known: KnownNames, validator: Validator): Rule[] {
  if (value === undefined) return [];
  const paths = Array.isArray(value) ? rulePaths(value, validator) : [];
  let i = 0;
  const entries = validator.array(value, 'rules', {
    of: 'rules',
    read: (item) => {
      const path = paths[i++]!;
      const rule = validateRule(item, path, known, validator);
      return { path, rule };
    },
  });
  const valid = (entries ?? []).flatMap(({ rule, ...entry }) => (rule ? [{ ...entry, rule }] : []));
  checkReachability(valid, validator);
  return valid.map(({ rule }) => rule);
}

function validateDomains(value: unknown, validator: Validator): string[] {
  const read = (item: unknown, path: string) => {
    const text = validator.placeholderString(item, path);
    return text === undefined || hasPlaceholder(text) ? text : parseDomain(text, path, validator);
  };
  if (value === undefined) return [];
  return validator.array(value, 'formerDomains', { of: 'hosts', read, unique: true }) ?? [];
}
