import { createHandler, WIDGET_DEADLINE_MS } from '../handler/create-handler';
import { policyState } from '../policy/load';
import { unusableVariables } from '../twilio/credentials';

/**
 * Answers whether variables and policy are complete, and the names of the variables that are not. The one function that is
 * not protected: it takes nothing, asks nobody, and tells no more than this, neither values nor what is wrong with them.
 */
export const handler = createHandler({
  operation: 'status',
  parse: () => ({}),
  deadlineMs: WIDGET_DEADLINE_MS,
  async run(_, { env, site }) {
    const { policy, missing: unset } = policyState(env, site);
    const missing = [...new Set([...unusableVariables(env), ...unset])];
    if (missing.length === 0 && policy === 'ok') return { body: { status: 'ready' } };
    return { body: { status: 'incomplete', missing, policy } };
  },
});
