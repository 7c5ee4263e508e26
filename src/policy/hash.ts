import { shortHash } from '../lib/hash';
import type { Definition } from '../webhooks/definition';
import { routerFilters } from './match';
import type { Policy } from './policy';

/** Of the protocol by which policies reach conversations. Increment it when every router must be written again. */
const FORMAT = 4;
const HASH_LENGTH = 6;

/**
 * A hash of what a policy puts on conversations: webhooks with their variables, profiles, former profiles, the router's
 * filters, and the host. Not of conditions, nor of `endExecutions`: what changes nothing on a conversation must not rewrite its
 * router.
 */
export function policyHash(policy: Policy, domainName: string): string {
  const { webhooks, profiles, formerProfiles } = policy;
  const content = {
    format: FORMAT,
    host: domainName.toLowerCase(),
    webhooks: mapValues(webhooks, withSortedSets),
    profiles: mapValues(profiles, sorted),
    formerProfiles,
    filters: sorted(routerFilters(policy)),
  };
  return shortHash(JSON.stringify(content, sortKeys), HASH_LENGTH);
}

function withSortedSets(definition: Definition): object {
  const settings = { ...definition, endExecutions: undefined };
  return mapValues(settings, (value) => (Array.isArray(value) ? sorted(value) : value));
}

function mapValues<V, W>(object: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function sorted(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
