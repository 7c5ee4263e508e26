import { type Call, createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { ApiError } from '../../lib/api-error';
import { MAX_WEBHOOKS } from '../../lib/limits';
import { loadPolicy } from '../../policy/load';
import { describeWebhooks } from '../../sync/described-webhook';
import { type DesiredState, desiredState } from '../../sync/desired-state';
import { createConversation } from '../../twilio/client';
import { parseTarget } from '../../webhooks/definition';

/**
 * Lists the webhooks of a conversation, of one target if it is sent, each with its name in the policy. Returns
 * `{webhooks, count, free}`.
 */
export const handler = createHandler({
  operation: 'list',
  parse: (event) => parseParameters(event, ['ConversationSid', 'ServiceSid', 'Target']),
  async run(input, call) {
    const conversation = createConversation(input, call);
    const target = input.Target === undefined ? undefined : parseTarget(input.Target);
    const { webhooks: all } = await conversation.list();
    const webhooks = describeWebhooks(all, policyIfValid(call, input.ServiceSid)).filter(
      (webhook) => target === undefined || webhook.target === target,
    );
    return { body: { webhooks, count: webhooks.length, free: Math.max(0, MAX_WEBHOOKS - all.length) } };
  },
});

// A list must not fail for names.
function policyIfValid({ env, site }: Call, serviceSid: string | undefined): DesiredState | undefined {
  try {
    return desiredState(loadPolicy(env, site), site, serviceSid);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
