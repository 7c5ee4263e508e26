import { conversationsOfEndedExecutions, serviceOfSink } from '../../events/studio-executions';
import { type Call, createHandler } from '../../handler/create-handler';
import { ApiError } from '../../lib/api-error';
import { mapConcurrently } from '../../lib/map-concurrently';
import { loadPolicy } from '../../policy/load';
import { type DesiredState, desiredState } from '../../sync/desired-state';
import { sync } from '../../sync/sync';
import { timingUntil } from '../../sync/timing';
import { createConversation } from '../../twilio/client';

/** Twilio limits concurrent requests of an account. */
const MAX_CONCURRENT = 5;

/**
 * Receives the end of Studio executions from Event Streams and repairs each conversation, since Studio may have attached its
 * webhook again. The event is only a hint: everything is read from the API. The sink's URL may have the `ServiceSid` of
 * conversations outside the default service, which the event does not. A failure of one conversation leaves the others alone.
 */
export const handler = createHandler({
  operation: 'studio',
  parse: (event) => ({ ended: conversationsOfEndedExecutions(event), ServiceSid: serviceOfSink(event) }),
  async run({ ended, ServiceSid }, call) {
    if (ended.length === 0)
      return { body: { result: 'ignored', why: 'no execution of a conversation ended' } };
    const desired = desiredState(loadPolicy(call.env, call.site), call.site, ServiceSid);
    const conversations = await mapConcurrently(ended, MAX_CONCURRENT, (ConversationSid) =>
      repair(ConversationSid, { desired, ServiceSid }, call),
    );
    const temporary = conversations.filter(({ isTemporary }) => isTemporary).length;
    const body = { conversations: conversations.map(({ entry }) => entry), count: conversations.length };
    if (temporary === 0) return { body };
    // Event Streams sends a batch again after a 5xx only. Those that are done then cost one call each.
    const failure = new ApiError(
      20503,
      `${temporary} of ${conversations.length} conversations failed; send them again`,
    );
    return { status: failure.status, body: { ...failure.toJSON(), ...body } };
  },
});

async function repair(
  ConversationSid: string,
  { desired, ServiceSid }: { desired: DesiredState; ServiceSid: string | undefined },
  call: Call,
): Promise<{ readonly entry: object; readonly isTemporary: boolean }> {
  try {
    const conversation = createConversation({ ConversationSid, ServiceSid }, call);
    const timing = timingUntil(call.deadline);
    const { result, profile, warnings } = await sync(conversation, {
      desired,
      trigger: { kind: 'repair' },
      timing,
    });
    return { entry: { ConversationSid, result, profile, ...(warnings && { warnings }) }, isTemporary: false };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, message, status } = error;
    return {
      entry: { ConversationSid, result: 'failed', code, message },
      isTemporary: status >= 500 || status === 429,
    };
  }
}
