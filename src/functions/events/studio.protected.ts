import { conversationsOfEndedExecutions } from '../../events/studio-executions';
import { createHandler, EVENT_DEADLINE_MS } from '../../handler/create-handler';
import { ApiError } from '../../lib/api-error';
import { loadPolicy } from '../../policy/load';
import { desiredState } from '../../sync/decide';
import { sync } from '../../sync/session';
import { createConversation } from '../../twilio/client';

/**
 * Receives the end of Studio executions from Event Streams and does for each conversation what its router says, since
 * Studio may have put its webhook back. The event is no more than a hint: everything is looked up. The sink's URL may carry
 * the `ServiceSid` of conversations outside the default service, which the event does not.
 */
export const handler = createHandler({
  operation: 'studio',
  parse: (event) => ({ ended: conversationsOfEndedExecutions(event), ServiceSid: serviceOf(event) }),
  deadlineMs: EVENT_DEADLINE_MS,
  async run({ ended, ServiceSid }, call) {
    if (ended.length === 0)
      return { body: { result: 'ignored', why: 'no execution of a conversation has ended' } };
    const desired = desiredState(loadPolicy(call.env, call.site), call.site, ServiceSid);
    const conversations: object[] = [];
    for (const ConversationSid of ended) {
      try {
        const { result, profile } = await sync(createConversation({ ConversationSid, ServiceSid }, call), {
          desired,
        });
        conversations.push({ ConversationSid, result, profile });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // Event Streams sends again what is answered with a 5xx, and nothing else: so what may pass is one.
        if (error.status >= 500 || error.status === 429)
          throw new ApiError(20503, error.message, error.details);
        conversations.push({ ConversationSid, result: 'failed', code: error.code, message: error.message });
      }
    }
    return { body: { conversations, count: conversations.length } };
  },
});

function serviceOf(event: { ServiceSid?: unknown }): string | undefined {
  return typeof event.ServiceSid === 'string' ? event.ServiceSid : undefined;
}
