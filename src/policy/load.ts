import '@twilio-labs/serverless-runtime-types';
import { ApiError } from '../lib/api-error';
import type { Site } from '../lib/url';
import { isAllowlist } from '../lib/url-allowlist';
import { policyHash } from './hash';
import { type Policy, parsePolicy, readPolicy } from './policy';

let loaded: Policy | undefined;

/** The deployment's policy, parsed once per cold start. @throws ApiError 20001 with its issues */
export function loadPolicy(env: Readonly<Record<string, unknown>>, site: Site): Policy {
  loaded ??= parsePolicy(policyText(), env, site);
  return loaded;
}

/** `disallowed`: valid, but WEBHOOK_URL_ALLOWLIST rejects a URL of it. */
interface PolicyState {
  readonly policy: 'ok' | 'invalid' | 'disallowed';
  readonly missing: readonly string[];
  readonly policy_hash?: string;
}

/**
 * Whether the deployment's policy is valid, the names of its unset variables, and the hash of what it puts on conversations.
 * Nothing else: the result is public. A malformed allowlist says nothing about the policy.
 */
export function policyState(env: Readonly<Record<string, unknown>>, site: Site): PolicyState {
  const { allowlist, ...open } = site;
  const state = stateOf(env, open);
  if (state.policy === 'invalid' || !allowlist || !isAllowlist(allowlist)) return state;
  const { policy } = stateOf(env, site);
  return policy === 'ok' ? state : { policy: 'disallowed', missing: state.missing };
}

function stateOf(env: Readonly<Record<string, unknown>>, site: Site): PolicyState {
  try {
    const { policy, issues, missing } = readPolicy(policyText(), env, site);
    if (issues.length > 0) return { policy: 'invalid', missing };
    return { policy: 'ok', missing, ...(policy && { policy_hash: policyHash(policy, site.domainName) }) };
  } catch (error) {
    if (error instanceof ApiError) return { policy: 'invalid', missing: [] };
    throw error;
  }
}

// The types claim that every asset exists.
function policyText(): string {
  const asset = Runtime.getAssets()['/policy.json'];
  if (asset) return asset.open();
  throw new ApiError(20001, 'policy.private.json is missing; deploy it as an asset');
}
