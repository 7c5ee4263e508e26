import { endpoint, WIDGET_DEADLINE } from '../../http/endpoint';
import { readParameters } from '../../http/parameters';
import { loadPolicy } from '../../policy/load';
import { decisionOf } from '../../policy/order';
import { arrangementOf } from '../../policy/respond';
import { conversationOf } from '../../twilio/conversation';
import { parseReplayAfter } from '../../webhooks/replay';
import { sync } from '../../webhooks/sync';

/** Brings a conversation to a profile of the policy, or to the one that it is in. Answers what was changed. */
export const handler = endpoint({
  operation: 'sync',
  read: (event) =>
    readParameters(event, ['ConversationSid', 'ServiceSid', 'Profile', 'ReplayAfter', 'DryRun']),
  deadline: WIDGET_DEADLINE,
  async run(input, call) {
    const policy = loadPolicy(call.env, call.site);
    const conversation = conversationOf(input, call);
    const arrangement = arrangementOf(policy, call.site, input.ServiceSid);
    const decision = await decisionOf(
      input.Profile,
      parseReplayAfter(input.ReplayAfter),
      policy,
      conversation,
    );
    const synced = await sync(conversation, {
      arrangement,
      ...(decision && { decide: () => decision }),
      dryRun: input.DryRun ?? false,
    });
    return { body: { ...synced, calls: call.calls } };
  },
});
