import { conversationsOfEndedExecutions, serviceOfSink } from '../../events/studio-executions';
import { createHandler, EVENT_DEADLINE_MS } from '../../handler/create-handler';
import { ApiError } from '../../lib/api-error';
import { loadPolicy } from '../../policy/load';
import { desiredState } from '../../sync/decide';
import { sync } from '../../sync/session';
import { createConversation } from '../../twilio/client';

/**
 * Receives the end of Studio executions from Event Streams and repairs each conversation, since Studio may have attached its
 * webhook again. The event is only a hint: everything is read from the API. The sink's URL may have the `ServiceSid` of
 * conversations outside the default service, which the event does not.
 */
export const handler = createHandler({
  operation: 'studio',
  parse: (event) => ({ ended: conversationsOfEndedExecutions(event), ServiceSid: serviceOfSink(event) }),
  deadlineMs: EVENT_DEADLINE_MS,
  async run({ ended, ServiceSid }, call) {
    if (ended.length === 0)
      return { body: { result: 'ignored', why: 'no execution of a conversation ended' } };
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
        // Event Streams retries after a 5xx only, so a temporary error has to be one.
        if (error.status >= 500 || error.status === 429)
          throw new ApiError(20503, error.message, error.details);
        conversations.push({ ConversationSid, result: 'failed', code: error.code, message: error.message });
      }
    }
    return { body: { conversations, count: conversations.length } };
  },
});
