import { createFlexHandler } from '../../handler/flex-handler';
import { MAX_WEBHOOKS } from '../../lib/limits';
import { describeWebhooks } from '../../sync/described-webhook';
import { desiredStateIfValid } from '../../sync/load-desired-state';
import { createConversation } from '../../twilio/client';
import { validateFlexToken } from '../../twilio/flex-token';

/** Returns a conversation's profile and its webhooks, by their names in the policy, to an agent at a Flex desktop. */
export const handler = createFlexHandler({
  operation: 'flex list',
  parameters: [],
  authenticate: validateFlexToken,
  async run(input, call) {
    const { webhooks: all } = await createConversation(input, call).list();
    const described = describeWebhooks(all, desiredStateIfValid(call, input.ServiceSid));
    const profile = described.find(({ router }) => router)?.router?.profile ?? null;
    const webhooks = described.map(({ sid, target, policy_name }) => ({ sid, target, policy_name }));
    return { profile, webhooks, count: webhooks.length, free: Math.max(0, MAX_WEBHOOKS - webhooks.length) };
  },
});
