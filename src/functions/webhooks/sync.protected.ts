import { createHandler, WIDGET_DEADLINE_MS } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { loadPolicy } from '../../policy/load';
import { desiredState } from '../../sync/decide';
import { requestedDecision } from '../../sync/requested-profile';
import { sync } from '../../sync/session';
import { createConversation } from '../../twilio/client';
import { parseReplayAfter } from '../../webhooks/replay-after';

/** Moves a conversation to a profile, or repairs its current one. Returns the changes. */
export const handler = createHandler({
  operation: 'sync',
  parse: (event) =>
    parseParameters(event, ['ConversationSid', 'ServiceSid', 'Profile', 'ReplayAfter', 'DryRun']),
  deadlineMs: WIDGET_DEADLINE_MS,
  async run(input, call) {
    const policy = loadPolicy(call.env, call.site);
    const conversation = createConversation(input, call);
    const desired = desiredState(policy, call.site, input.ServiceSid);
    const decision = await requestedDecision(
      input.Profile,
      parseReplayAfter(input.ReplayAfter),
      policy,
      conversation,
    );
    const result = await sync(conversation, {
      desired,
      ...(decision && { decide: () => decision }),
      dryRun: input.DryRun ?? false,
    });
    return { body: { ...result, calls: call.calls } };
  },
});
