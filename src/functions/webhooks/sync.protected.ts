import { createHandler } from '../../handler/create-handler';
import { parseParameters } from '../../handler/parameters';
import { ApiError } from '../../lib/api-error';
import { loadPolicy } from '../../policy/load';
import { desiredState } from '../../sync/desired-state';
import { requestedProfile } from '../../sync/requested-profile';
import { sync } from '../../sync/sync';
import { timingUntil } from '../../sync/timing';
import { createConversation } from '../../twilio/client';
import { createExecutions } from '../../twilio/executions';
import { parseReplayAfter } from '../../webhooks/replay-after';

/** Moves a conversation to a profile, or repairs its current one. Returns the changes. */
export const handler = createHandler({
  operation: 'sync',
  parse: (event) =>
    parseParameters(event, [
      'ConversationSid',
      'ServiceSid',
      'Profile',
      'ReplayAfter',
      'EndExecutions',
      'DryRun',
    ]),
  async run(input, call) {
    if (input.EndExecutions && input.Profile === undefined)
      throw new ApiError(20001, 'EndExecutions requires Profile; send both');
    const desired = desiredState(loadPolicy(call.env, call.site), call.site, input.ServiceSid);
    const conversation = createConversation(input, call);
    const result = await sync(conversation, {
      desired,
      trigger: requestedProfile(input.Profile, parseReplayAfter(input.ReplayAfter), desired),
      timing: timingUntil(call.deadline),
      // A flow that hands over by this function still has a last sentence to say.
      executions: input.EndExecutions ? createExecutions(input, call) : undefined,
      dryRun: input.DryRun ?? false,
    });
    return { body: { ...result, calls: call.calls } };
  },
});
