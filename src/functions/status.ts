import { version } from '../../package.json';
import { createHandler } from '../handler/create-handler';
import { areOrigins } from '../lib/origins';
import { isAllowlist } from '../lib/url-allowlist';
import { policyState } from '../policy/load';
import { unusableVariables } from '../twilio/credentials';

/**
 * Reports whether the variables and the policy are usable, the names of the variables that are not, and which version of
 * the product and of the policy is deployed. Everybody may call it: it takes no parameters, calls no API, and reveals
 * neither values nor what is wrong with them.
 */
export const handler = createHandler({
  operation: 'status',
  parse: () => ({}),
  async run(_, { env, site }) {
    const { policy, missing: unset, policy_hash } = policyState(env, site);
    const hosts = isAllowlist(site.allowlist) ? [] : ['WEBHOOK_URL_ALLOWLIST'];
    const origins = areOrigins(env.FLEX_ORIGINS) ? [] : ['FLEX_ORIGINS'];
    const missing = [...new Set([...unusableVariables(env), ...hosts, ...origins, ...unset])];
    if (missing.length === 0 && policy === 'ok') return { body: { status: 'ready', version, policy_hash } };
    return { body: { status: 'incomplete', version, missing, policy } };
  },
});
