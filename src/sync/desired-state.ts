import { isOwnUrl, ownUrl, type Site } from '../lib/url';
import { policyHash } from '../policy/hash';
import { routerFilters } from '../policy/match';
import type { Policy } from '../policy/policy';
import { type Definition, identityOf } from '../webhooks/definition';
import type { RouterSpec } from '../webhooks/router';

/** What a policy wants of a conversation. */
export interface DesiredState {
  /** Every managed webhook except the router, by name. */
  readonly webhooks: Readonly<Record<string, Definition>>;
  /** Their names by identity. */
  readonly names: ReadonlyMap<string, string>;
  /** Their names by the profile's name. */
  readonly profiles: Readonly<Record<string, readonly string[]>>;
  /** Today's names of profiles by their former names. */
  readonly formerProfiles: Readonly<Record<string, string>>;
  readonly policyHash: string;
  readonly router: RouterSpec;
}

interface Prepared {
  readonly domainName: string;
  readonly desired: DesiredState;
}

// A policy is loaded once, and every call needs this.
const prepared = new WeakMap<Policy, Prepared>();

/** The desired state of a conversation. `serviceSid` is undefined for the default service. */
export function desiredState(policy: Policy, site: Site, serviceSid: string | undefined): DesiredState {
  const { domainName } = site;
  let known = prepared.get(policy);
  if (known?.domainName !== domainName) {
    known = { domainName, desired: prepare(policy, site) };
    prepared.set(policy, known);
  }
  const { desired } = known;
  return { ...desired, router: { ...desired.router, site, serviceSid } };
}

function prepare(policy: Policy, site: Site): DesiredState {
  const { webhooks, profiles, formerProfiles, formerDomains } = policy;
  return {
    webhooks,
    names: namesByIdentity(webhooks, site, formerDomains),
    profiles,
    formerProfiles,
    policyHash: policyHash(policy, site.domainName),
    router: { site, formerDomains, filters: routerFilters(policy) },
  };
}

/**
 * The names of webhooks by their identity. A path of this deployment was on its former domains before: that is the same
 * webhook, to be updated in place.
 */
export function namesByIdentity(
  webhooks: DesiredState['webhooks'],
  site: Site,
  formerDomains: readonly string[],
): ReadonlyMap<string, string> {
  const entries = Object.entries(webhooks);
  const former = entries.flatMap(([name, definition]) =>
    formerDomains.flatMap((domainName) => {
      const url = definition.target !== 'studio' && onDomain(definition.url, site, domainName);
      return url ? [[identityOf({ ...definition, url }), name] as const] : [];
    }),
  );
  return new Map([
    ...former,
    ...entries.map(([name, definition]) => [identityOf(definition), name] as const),
  ]);
}

/** A URL of this deployment as it was on a former domain; undefined for the URL of another host. */
function onDomain(url: string, site: Site, domainName: string): string | undefined {
  if (!isOwnUrl(url, site)) return undefined;
  const { pathname, search } = new URL(url);
  return ownUrl(pathname + search, { ...site, domainName });
}

/** Today's name of a profile; undefined if the policy does not know it. */
export function profileToday(
  { profiles, formerProfiles }: Pick<DesiredState, 'profiles' | 'formerProfiles'>,
  profile: string,
): string | undefined {
  if (Object.hasOwn(profiles, profile)) return profile;
  return Object.hasOwn(formerProfiles, profile) ? formerProfiles[profile] : undefined;
}
