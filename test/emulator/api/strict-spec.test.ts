import { startEmulator } from '../../support/emulator';
import { documents, errorBody, examples, operationOf, validator } from '../../support/strict-spec';

const LIST = 'GET /v1/Conversations/{ConversationSid}/Webhooks';
const FETCH = 'GET /v1/Conversations/{ConversationSid}/Webhooks/{Sid}';

type Webhook = { [property: string]: unknown };
const webhooks = () => (examples(LIST, 200)[0] as { webhooks: Webhook[] }).webhooks;
const passes = (body: unknown) => validator(FETCH, 200)?.(body);

test.each([
  'GET /v1/Conversations/{Sid}',
  'GET /v1/Conversations/{ConversationSid}/Messages/{Sid}',
  'GET /v1/Conversations/{ConversationSid}/Participants/{Sid}',
  FETCH,
  LIST,
  'GET /v1/Services/{Sid}',
  'GET /v1/Users',
  'GET /v1/Services/{ChatServiceSid}/Users/{Sid}',
  'GET /v1/ParticipantConversations',
  'GET /v1/Services/{ChatServiceSid}/ParticipantConversations',
  'GET /v1/Configuration/Webhooks',
  'GET /v1/Services/{ChatServiceSid}/Configuration/Webhooks',
  'GET /v1/Configuration/Addresses',
  'GET /v1/Configuration/Addresses/{Sid}',
  'GET /v1/Alerts',
  'GET /v1/Alerts/{Sid}',
  'GET /v1/Sinks',
  'GET /v1/Subscriptions',
  'GET /v1/Subscriptions/{Sid}',
  'GET /v1/Subscriptions/{SubscriptionSid}/SubscribedEvents',
  'GET /v1/Subscriptions/{SubscriptionSid}/SubscribedEvents/{Type}',
  'GET /v2/Flows/{FlowSid}/Executions',
  'GET /v2/Flows/{FlowSid}/Executions/{Sid}',
  'POST /v2/Flows/{FlowSid}/Executions/{Sid}',
  'GET /v2/Flows/{FlowSid}/Executions/{ExecutionSid}/Context',
])('accepts Twilio’s own examples of %s', (operation) => {
  const all = examples(operation, 200);
  expect(all.length).toBeGreaterThan(0);
  for (const example of all) {
    const validate = validator(operation, 200);
    expect({ valid: validate?.(example), errors: validate?.errors }).toEqual({ valid: true, errors: null });
  }
});

test('has an example of each target', () => {
  expect(webhooks().map(({ target }) => target)).toEqual(['webhook', 'trigger', 'studio']);
});

test.each([0, 1, 2])('refuses webhook %i without any one of its properties', (n) => {
  for (const property of Object.keys(webhooks()[n] ?? {})) {
    const { [property]: _, ...spoilt } = webhooks()[n] ?? {};
    expect({ property, passes: passes(spoilt) }).toEqual({ property, passes: false });
  }
});

test.each([
  ['another property', (webhook: Webhook) => ({ ...webhook, chat_service_sid: `IS${'a'.repeat(32)}` })],
  ['a SID of something else', (webhook: Webhook) => ({ ...webhook, sid: `CH${'a'.repeat(32)}` })],
  ['an invalid date', (webhook: Webhook) => ({ ...webhook, date_created: 'yesterday' })],
  ['no configuration', (webhook: Webhook) => ({ ...webhook, configuration: null })],
  ['an empty configuration', (webhook: Webhook) => ({ ...webhook, configuration: {} })],
  [
    'a configuration with more than its target has',
    (webhook: Webhook) => ({ ...webhook, configuration: { ...(webhook.configuration as object), extra: 1 } }),
  ],
  [
    'the configuration of another target',
    (webhook: Webhook, n: number) => ({
      ...webhook,
      configuration: webhooks()[n === 2 ? 0 : 2]?.configuration,
    }),
  ],
])('refuses a webhook with %s', (_, spoil) => {
  for (const [n, webhook] of webhooks().entries()) {
    expect(passes(webhook)).toBe(true);
    expect(passes(spoil(webhook, n))).toBe(false);
  }
});

test('accepts an error body with exactly four keys', () => {
  const body = {
    code: 20404,
    message: 'no',
    more_info: 'https://www.twilio.com/docs/errors/20404',
    status: 404,
  };
  expect(errorBody(body)).toBe(true);
  expect(errorBody({ ...body, details: {} })).toBe(false);
  expect(errorBody({ ...body, more_info: 'https://example.com' })).toBe(false);
});

test('matches a request to its operation, literal parts first', () => {
  expect(operationOf('GET', '/v1/Services/IS1/Configuration/Webhooks')).toBe(
    'GET /v1/Services/{ChatServiceSid}/Configuration/Webhooks',
  );
  expect(operationOf('GET', '/v1/Conversations/demo')).toBe('GET /v1/Conversations/{Sid}');
  expect(operationOf('GET', '/v1/Nothing')).toBeUndefined();
  expect(documents('DELETE /v1/Conversations/{Sid}', 204)).toBe(true);
  expect(documents('DELETE /v1/Conversations/{Sid}', 200)).toBe(false);
});

test('reports a response that violates the specification', async () => {
  const subject = await startEmulator();
  const [demo] = [...subject.context.store.conversations.values()];
  Object.assign(demo ?? {}, { attributes: 7 });
  await subject.raw('GET', '/v1/Conversations/demo');
  expect(subject.violations.splice(0)).toEqual([expect.stringContaining('/attributes')]);
  await subject.stop();
});
