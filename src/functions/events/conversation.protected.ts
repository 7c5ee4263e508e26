import { parseConversationEvent } from '../../events/parse';
import { createHandler, EVENT_DEADLINE_MS } from '../../handler/create-handler';
import { loadPolicy } from '../../policy/load';
import { desiredState, handleEvent } from '../../sync/decide';
import { createConversation } from '../../twilio/client';
import { parseState } from '../../webhooks/router';

/** Receives the events of conversations, by their router or by a service's webhook, and does what the policy says. */
export const handler = createHandler({
  operation: 'event',
  parse: parseConversationEvent,
  deadlineMs: EVENT_DEADLINE_MS,
  async run(event, call) {
    if (event.EventType === undefined)
      return { body: { result: 'ignored', why: `${event.unknown} is no event of a rule` } };
    // The router's own query comes with the event: the runtime merges the two.
    const own = event as { At?: string; ServiceSid?: string };
    const ServiceSid = event.ChatServiceSid ?? own.ServiceSid;
    const policy = loadPolicy(call.env, call.site);
    const conversation = createConversation({ ConversationSid: event.ConversationSid, ServiceSid }, call);
    const desired = desiredState(policy, call.site, ServiceSid);
    return {
      body: await handleEvent(conversation, { policy, desired, event, decidedAt: parseState(own).At }),
    };
  },
});
