/** How much of an operation the emulator has. `why` says what is missing. */
export interface Coverage {
  /** As Twilio's specification writes it: `GET /v1/Conversations/{Sid}`. */
  operation: string;
  support: 'supported' | 'partial' | 'no';
  why?: string;
}

const SERVICE = '/v1/Services/{ChatServiceSid}';
const CONVERSATION = 'Conversations/{ConversationSid}';
const EXECUTIONS = '/v2/Flows/{FlowSid}/Executions';
const FUNCTIONS = '/serverless/v1/Services';
const OF_FUNCTIONS = `${FUNCTIONS}/{ServiceSid}`;
const ENVIRONMENT = `${OF_FUNCTIONS}/Environments/{EnvironmentSid}`;

const supported = (...operations: string[]): Coverage[] =>
  operations.map((operation) => ({ operation, support: 'supported' }));

const partial = (why: string, ...operations: string[]): Coverage[] =>
  operations.map((operation) => ({ operation, support: 'partial', why }));

const no = (why: string, ...operations: string[]): Coverage[] =>
  operations.map((operation) => ({ operation, support: 'no', why }));

/** `GET Users` in both path families. */
const both = (...operations: string[]): string[] =>
  operations.flatMap((operation) => {
    const [verb, path] = operation.split(' ');
    return [`${verb} /v1/${path}`, `${verb} ${SERVICE}/${path}`];
  });

const without = (verb: string, operations: string[]) =>
  operations.filter((operation) => !operation.startsWith(verb));

const crud = (path: string, part = '{Sid}'): string[] => [
  `POST ${path}`,
  `GET ${path}`,
  `GET ${path}/${part}`,
  `POST ${path}/${part}`,
  `DELETE ${path}/${part}`,
];

/** Every operation of Conversations v1, Events v1, Monitor v1, Studio v2 and Serverless v1. A test compares this with the routes and with Twilio's specifications. */
export const coverage: Coverage[] = [
  ...supported(...both(...crud(`${CONVERSATION}/Webhooks`))),
  ...partial(
    'Timers are stored but do not fire; e-mail bindings are ignored; no state `initializing`',
    ...both(...crud('Conversations')),
  ),
  ...partial(
    'Addresses cannot be updated; roles are not looked up',
    ...both(...crud(`${CONVERSATION}/Participants`)),
  ),
  ...partial(
    'No media service and no delivery summary; Subject and ContentVariables are ignored; nothing is sent to a carrier',
    ...both(...crud(`${CONVERSATION}/Messages`)),
  ),
  ...partial(
    'A service is a name and nothing more',
    'POST /v1/Services',
    'GET /v1/Services',
    'GET /v1/Services/{Sid}',
    'DELETE /v1/Services/{Sid}',
  ),
  ...partial(
    'Pre-event webhooks are stored but not called',
    ...both('GET Configuration/Webhooks', 'POST Configuration/Webhooks'),
  ),
  ...no(
    'Receipts are simulated and delivered, not read back',
    ...both(`GET ${CONVERSATION}/Messages/{MessageSid}/Receipts`),
    ...both(`GET ${CONVERSATION}/Messages/{MessageSid}/Receipts/{Sid}`),
  ),
  ...no('Conversations are made one resource at a time', ...both('POST ConversationWithParticipants')),
  ...supported(...both('GET ParticipantConversations')),
  ...partial('The defaults are fixed', 'GET /v1/Configuration'),
  ...no(
    'The defaults are fixed',
    'POST /v1/Configuration',
    `GET ${SERVICE}/Configuration`,
    `POST ${SERVICE}/Configuration`,
  ),
  ...partial(
    'SMS and WhatsApp only; no message comes to a short code; StudioRetryCount is kept, nothing is retried',
    ...crud('/v1/Configuration/Addresses'),
  ),
  ...no('No roles', ...both(...crud('Roles'))),
  ...partial(
    'No events of users, nobody is online, roles are not looked up',
    ...both(...without('DELETE', crud('Users'))),
  ),
  ...no(
    'Users are added, never removed; their conversations are found by ParticipantConversations',
    ...both('DELETE Users/{Sid}'),
    ...both('GET Users/{UserSid}/Conversations', 'GET Users/{UserSid}/Conversations/{ConversationSid}'),
    ...both('POST Users/{UserSid}/Conversations/{ConversationSid}'),
    ...both('DELETE Users/{UserSid}/Conversations/{ConversationSid}'),
  ),
  ...no(
    'No push notifications',
    ...crud('/v1/Credentials'),
    `GET ${SERVICE}/Configuration/Notifications`,
    `POST ${SERVICE}/Configuration/Notifications`,
    ...without('POST', crud(`${SERVICE}/Bindings`)),
  ),
  ...partial('Of deliveries to webhooks that failed, nothing else', 'GET /v1/Alerts', 'GET /v1/Alerts/{Sid}'),
  ...no('No audit log', 'GET /v1/Events', 'GET /v1/Events/{Sid}'),
  ...partial('Webhooks that are POSTed to; no Kinesis, Segment or e-mail', ...crud('/v1/Sinks')),
  ...partial(
    'Any type can be subscribed to; only the start and the end of a Studio execution are emitted, once; no filters',
    ...crud('/v1/Subscriptions'),
    ...crud('/v1/Subscriptions/{SubscriptionSid}/SubscribedEvents', '{Type}'),
  ),
  ...no(
    'A webhook sink is active from the start, until /_emulator says otherwise',
    'POST /v1/Sinks/{Sid}/Test',
    'POST /v1/Sinks/{Sid}/Validate',
  ),
  ...no(
    'No catalogue of types and schemas',
    'GET /v1/Types',
    'GET /v1/Types/{Type}',
    'GET /v1/Schemas/{Id}',
    'GET /v1/Schemas/{Id}/Versions',
    'GET /v1/Schemas/{Id}/Versions/{SchemaVersion}',
  ),
  ...partial(
    'Executions that the messages of a conversation started; no flow runs, so a context has little in it',
    `GET ${EXECUTIONS}`,
    `GET ${EXECUTIONS}/{Sid}`,
    `POST ${EXECUTIONS}/{Sid}`,
    `DELETE ${EXECUTIONS}/{Sid}`,
    `GET ${EXECUTIONS}/{ExecutionSid}/Context`,
  ),
  ...no('Executions are started by messages', `POST ${EXECUTIONS}`),
  ...no(
    'No flow runs',
    `GET ${EXECUTIONS}/{ExecutionSid}/Steps`,
    `GET ${EXECUTIONS}/{ExecutionSid}/Steps/{Sid}`,
    `GET ${EXECUTIONS}/{ExecutionSid}/Steps/{StepSid}/Context`,
  ),
  ...no(
    'No flows: a SID is enough',
    ...crud('/v2/Flows'),
    'POST /v2/Flows/Validate',
    'GET /v2/Flows/{Sid}/Revisions',
    'GET /v2/Flows/{Sid}/Revisions/{Revision}',
    'GET /v2/Flows/{Sid}/TestUsers',
    'POST /v2/Flows/{Sid}/TestUsers',
  ),
  ...partial(
    'One service, an environment for each domain that logs, and one function: no builds',
    `GET ${FUNCTIONS}`,
    `GET ${FUNCTIONS}/{Sid}`,
    `GET ${OF_FUNCTIONS}/Environments`,
    `GET ${OF_FUNCTIONS}/Environments/{Sid}`,
    `GET ${ENVIRONMENT}/Logs`,
    `GET ${ENVIRONMENT}/Logs/{Sid}`,
  ),
  ...no(
    'Functions run elsewhere: nothing is deployed here',
    `POST ${FUNCTIONS}`,
    `POST ${FUNCTIONS}/{Sid}`,
    `DELETE ${FUNCTIONS}/{Sid}`,
    `POST ${OF_FUNCTIONS}/Environments`,
    `DELETE ${OF_FUNCTIONS}/Environments/{Sid}`,
    ...crud(`${OF_FUNCTIONS}/Assets`),
    ...crud(`${OF_FUNCTIONS}/Functions`),
    `GET ${OF_FUNCTIONS}/Assets/{AssetSid}/Versions`,
    `GET ${OF_FUNCTIONS}/Assets/{AssetSid}/Versions/{Sid}`,
    `GET ${OF_FUNCTIONS}/Functions/{FunctionSid}/Versions`,
    `GET ${OF_FUNCTIONS}/Functions/{FunctionSid}/Versions/{Sid}`,
    `GET ${OF_FUNCTIONS}/Functions/{FunctionSid}/Versions/{Sid}/Content`,
    `GET ${OF_FUNCTIONS}/Builds`,
    `POST ${OF_FUNCTIONS}/Builds`,
    `GET ${OF_FUNCTIONS}/Builds/{Sid}`,
    `DELETE ${OF_FUNCTIONS}/Builds/{Sid}`,
    `GET ${OF_FUNCTIONS}/Builds/{Sid}/Status`,
    `GET ${ENVIRONMENT}/Deployments`,
    `POST ${ENVIRONMENT}/Deployments`,
    `GET ${ENVIRONMENT}/Deployments/{Sid}`,
    ...crud(`${ENVIRONMENT}/Variables`),
  ),
];
