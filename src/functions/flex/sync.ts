import { createFlexHandler } from '../../handler/flex-handler';
import { sentence } from '../../handler/log';
import { loadPolicy } from '../../policy/load';
import { desiredState } from '../../sync/desired-state';
import { requestedProfile } from '../../sync/requested-profile';
import { sync } from '../../sync/sync';
import { timingUntil } from '../../sync/timing';
import { createConversation } from '../../twilio/client';
import { validateFlexToken } from '../../twilio/flex-token';

/** Moves a conversation to a profile, or repairs its current one, for an agent at a Flex desktop. */
export const handler = createFlexHandler({
  operation: 'flex sync',
  parameters: ['Profile'],
  authenticate: validateFlexToken,
  async run(input, call) {
    const desired = desiredState(loadPolicy(call.env, call.site), call.site, input.ServiceSid);
    const { profile, previous_profile, result, why, replay, policy, plan, warnings } = await sync(
      createConversation(input, call),
      {
        desired,
        trigger: requestedProfile(input.Profile, undefined, desired),
        timing: timingUntil(call.deadline),
      },
    );
    return {
      profile,
      previous_profile,
      result,
      ...(why !== undefined && { why }),
      ...(replay !== undefined && { replay }),
      policy,
      plan,
      ...(warnings && { warnings: warnings.map(sentence) }),
    };
  },
});
