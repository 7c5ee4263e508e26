import { parseConversationEvent } from '../../events/parse';
import { createHandler } from '../../handler/create-handler';
import { loadPolicy } from '../../policy/load';
import { desiredState } from '../../sync/desired-state';
import { handleEvent } from '../../sync/handle-event';
import { SettledConversations } from '../../sync/settled';
import { timingUntil } from '../../sync/timing';
import { createConversation } from '../../twilio/client';
import { createExecutions } from '../../twilio/executions';
import { parseState } from '../../webhooks/router';

const settled = new SettledConversations();

/** Receives events from a router or from a service's webhook, and applies the policy. */
export const handler = createHandler({
  operation: 'event',
  parse: parseConversationEvent,
  async run(event, call) {
    if (event.EventType === undefined)
      return { body: { result: 'ignored', why: `no rule can match ${event.unknown}` } };
    // The runtime merges the query of the router's URL into the event.
    const query = event as Parameters<typeof parseState>[0];
    const ServiceSid = event.ChatServiceSid ?? query.ServiceSid;
    const policy = loadPolicy(call.env, call.site);
    const desired = desiredState(policy, call.site, ServiceSid);
    const key = { ConversationSid: event.ConversationSid, ServiceSid };
    return {
      body: await handleEvent(createConversation(key, call), {
        policy,
        desired,
        event,
        router: query.Profile === undefined ? undefined : parseState(query),
        settled,
        timing: timingUntil(call.deadline),
        executions: createExecutions(key, call),
        now: Date.now() / 1000,
      }),
    };
  },
});
