import type { Operation } from './request';
import { addresses } from './resources/addresses';
import { alerts } from './resources/alerts';
import { configuration } from './resources/configuration';
import { conversations } from './resources/conversations';
import { executionContext, executions } from './resources/executions';
import { environments, functionLogs, functionServices } from './resources/function-logs';
import { messages } from './resources/messages';
import { participantConversations } from './resources/participant-conversations';
import { participants } from './resources/participants';
import { services } from './resources/services';
import { sinks } from './resources/sinks';
import { subscribedEvents } from './resources/subscribed-events';
import { subscriptions } from './resources/subscriptions';
import { users } from './resources/users';
import { accountSettings, serviceSettings } from './resources/webhook-settings';
import { webhooks } from './resources/webhooks';

interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** As Twilio's specification writes it: `/v1/Conversations/{Sid}`. */
  path: string;
  operation: Operation;
}

const METHODS = { create: 'POST', list: 'GET', fetch: 'GET', update: 'POST', remove: 'DELETE' } as const;

type Verb = keyof typeof METHODS;
type Resource = { [verb in Verb]?: Operation };

const SERVICE = '/v1/Services/{ChatServiceSid}';
const CONVERSATION = 'Conversations/{ConversationSid}';
/** Of the Serverless API, whose `/v1/Services` are others than those of Conversations. */
export const SERVERLESS = '/serverless';
const ENVIRONMENTS = `${SERVERLESS}/v1/Services/{ServiceSid}/Environments`;

/** Every operation. Anything else under `/v1`, `/v2` and `/serverless/v1` is a 20404, or a 20004 where only the method is wrong. */
export const routes: Route[] = [
  ...collection('/v1/Services', services),
  ...singleton('/v1/Configuration', configuration),
  ...singleton('/v1/Configuration/Webhooks', accountSettings),
  ...singleton(`${SERVICE}/Configuration/Webhooks`, serviceSettings),
  ...inBothScopes('Conversations', conversations),
  ...inBothScopes(`${CONVERSATION}/Participants`, participants),
  ...inBothScopes(`${CONVERSATION}/Messages`, messages),
  ...inBothScopes(`${CONVERSATION}/Webhooks`, webhooks),
  ...inBothScopes('ParticipantConversations', participantConversations),
  ...inBothScopes('Users', users),
  ...collection('/v1/Configuration/Addresses', addresses),
  ...collection('/v1/Alerts', alerts),
  ...collection('/v1/Sinks', sinks),
  ...collection('/v1/Subscriptions', subscriptions),
  ...collection('/v1/Subscriptions/{SubscriptionSid}/SubscribedEvents', subscribedEvents, '{Type}'),
  ...collection('/v2/Flows/{FlowSid}/Executions', executions),
  ...singleton('/v2/Flows/{FlowSid}/Executions/{ExecutionSid}/Context', executionContext),
  ...collection(`${SERVERLESS}/v1/Services`, functionServices),
  ...collection(ENVIRONMENTS, environments),
  ...collection(`${ENVIRONMENTS}/{EnvironmentSid}/Logs`, functionLogs),
];

/** What Twilio's specification no longer has, and old programs still request. They win over `/v1/Conversations/{Sid}`. */
export const legacyRoutes: Route[] = singleton('/v1/Conversations/Webhooks', accountSettings);

function inBothScopes(name: string, resource: Resource): Route[] {
  return [...collection(`/v1/${name}`, resource), ...collection(`${SERVICE}/${name}`, resource)];
}

function collection(path: string, { create, list, ...item }: Resource, key = '{Sid}'): Route[] {
  return [...toRoutes(path, { create, list }), ...toRoutes(`${path}/${key}`, item)];
}

function singleton(path: string, { fetch, update }: Resource): Route[] {
  return toRoutes(path, { fetch, update });
}

function toRoutes(path: string, operations: { [verb in Verb]?: Operation | undefined }): Route[] {
  return Object.entries(operations).flatMap(([verb, operation]) =>
    operation === undefined ? [] : [{ method: METHODS[verb as Verb], path, operation }],
  );
}
