import { ApiError } from '../lib/api-error';
import type { Site } from '../lib/url';
import { loadPolicy } from '../policy/load';
import { type DesiredState, desiredState } from './desired-state';

/** What the deployment's policy wants of a conversation; undefined if the policy is not valid. For what must not fail for names. */
export function desiredStateIfValid(
  { env, site }: { readonly env: Readonly<Record<string, unknown>>; readonly site: Site },
  serviceSid: string | undefined,
): DesiredState | undefined {
  try {
    return desiredState(loadPolicy(env, site), site, serviceSid);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
