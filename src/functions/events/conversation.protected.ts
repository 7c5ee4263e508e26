import { parseConversationEvent } from '../../events/parse';
import { createHandler, EVENT_DEADLINE_MS } from '../../handler/create-handler';
import { loadPolicy } from '../../policy/load';
import { desiredState, handleEvent } from '../../sync/decide';
import { createConversation } from '../../twilio/client';
import { parseState } from '../../webhooks/router';

/** Receives events from a router or from a service's webhook, and applies the policy. */
export const handler = createHandler({
  operation: 'event',
  parse: parseConversationEvent,
  deadlineMs: EVENT_DEADLINE_MS,
  async run(event, call) {
    if (event.EventType === undefined)
      return { body: { result: 'ignored', why: `no rule can match ${event.unknown}` } };
    // The runtime merges the query of the router's URL into the event.
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
