import { createHandler, WIDGET_DEADLINE_MS } from '../handler/create-handler';
import { isAllowlist } from '../lib/url-allowlist';
import { policyState } from '../policy/load';
import { unusableVariables } from '../twilio/credentials';

/**
 * Reports whether the variables and the policy are usable, and the names of the variables that are not. The one public
 * function: it takes no parameters, calls no API, and reveals neither values nor what is wrong with them.
 */
export const handler = createHandler({
  operation: 'status',
  parse: () => ({}),
  deadlineMs: WIDGET_DEADLINE_MS,
  async run(_, { env, site }) {
    const { policy, missing: unset } = policyState(env, site);
    const hosts = !site.allowlist || isAllowlist(site.allowlist) ? [] : ['WEBHOOK_URL_ALLOWLIST'];
    const missing = [...new Set([...unusableVariables(env), ...hosts, ...unset])];
    if (missing.length === 0 && policy === 'ok') return { body: { status: 'ready' } };
    return { body: { status: 'incomplete', missing, policy } };
  },
});
