import { parseUrl } from '../../src/lib/parse-url';
import { isAllowed, isAllowlist } from '../../src/lib/url-allowlist';
import type { DeployedPolicy } from '../deployed-policy';
import { UsageError } from '../errors';

/**
 * Whether somebody is known to own a webhook's host: it is in the policy, in WEBHOOK_URL_ALLOWLIST, or ignored.
 * @param ignored host patterns, as in the allowlist
 */
export function knownHosts(
  { policy, site }: DeployedPolicy,
  ignored: readonly string[],
): (url: URL) => boolean {
  const hosts = new Set(
    Object.values(policy.webhooks).flatMap((definition) =>
      definition.target === 'studio' ? [] : (parseUrl(definition.url)?.host ?? []),
    ),
  );
  const patterns = [site.allowlist, ...ignored].filter(Boolean).join(',');
  return (url) => hosts.has(url.host) || (patterns !== '' && isAllowed(url, patterns));
}

/** @throws UsageError if `--ignore` is not a host pattern */
export function assertHostPattern(pattern: string): void {
  if (!pattern || !isAllowlist(pattern))
    throw new UsageError('--ignore must be a host such as crm.example.com, or *.example.com');
}
