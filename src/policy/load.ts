import '@twilio-labs/serverless-runtime-types';
import { ApiError } from '../errors';
import type { Site } from '../webhooks/url';
import { type Policy, parsePolicy } from './policy';

let loaded: Policy | undefined;

/** The deployment's policy, read and checked once per cold start. @throws ApiError 20001 with its faults */
export function loadPolicy(env: Readonly<Record<string, unknown>>, site: Site): Policy {
  loaded ??= parsePolicy(policyText(), env, site);
  return loaded;
}

// The types say that every asset is there.
function policyText(): string {
  const asset = Runtime.getAssets()['/policy.json'];
  if (asset) return asset.open();
  throw new ApiError(20001, 'policy.private.json is missing: it belongs to the assets of this deployment');
}
