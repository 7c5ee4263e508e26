import { validateRequest } from 'twilio';
import { apiClient } from '../support/api';
import { get, post } from '../support/call';
import { emulatorEnvironment } from '../support/programs';
import type { Received } from '../support/receiver';
import { useReceiver, useStack } from '../support/stack';

// The whole way: attach through a Function, write in the conversation, and look at what arrives.

const { AUTH_TOKEN = '' } = emulatorEnvironment();
const receiver = useReceiver();
// As `twilio serverless:start` runs them: a process for each request.
const { emulator, functions } = useStack(undefined, { fork: true });
let api: ReturnType<typeof apiClient>;
let conversation: string;
let customer = '';
let customers = 0;

beforeAll(async () => {
  api = apiClient(emulator.origin);
});
beforeEach(async () => {
  receiver.requests.splice(0);
  customer = `+1500555${1000 + customers++}`;
  conversation = (await api.conversations.create({})).sid;
  await api.conversations(conversation).participants.create({
    'messagingBinding.address': customer,
    'messagingBinding.proxyAddress': '+15005550001',
  });
});

const attach = async (form: Record<string, string>) => {
  const { status, body } = await post(`${functions.origin}/webhooks/attach`, {
    ConversationSid: conversation,
    ...form,
  });
  expect(status).toBe(201);
  return body.sid as string;
};
const write = (body: string, enabled = true) =>
  api.conversations(conversation).messages.create({
    body,
    author: 'agent',
    ...(enabled && { xTwilioWebhookEnabled: 'true' }),
  });
const inbound = (Body: string) =>
  post(`${emulator.origin}/_emulator/conversations/${conversation}/messages`, { Source: 'SMS', Body });
const settled = async () => {
  await get(`${emulator.origin}/_emulator/idle`);
  return receiver.requests;
};
const signedFor = ({ url, headers, params }: Received, token = AUTH_TOKEN) =>
  validateRequest(token, `${headers['x-twilio-signature']}`, url, params);

test('delivers filtered events to a POST webhook, signed, with the documented parameters', async () => {
  const sid = await attach({
    Target: 'webhook',
    Url: `${receiver.origin}/in?key=1`,
    Filters: 'onMessageAdded',
  });
  await write('by REST, without the header', false);
  await write('by REST, with the header');
  await inbound('from a phone');
  const [rest, sms, ...more] = await settled();
  expect(more).toEqual([]);

  expect(rest).toMatchObject({ method: 'POST', url: `${receiver.origin}/in?key=1` });
  expect(rest?.headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'user-agent': 'TwilioProxy/1.1',
    'i-twilio-idempotency-token': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(rest?.params).toMatchObject({
    EventType: 'onMessageAdded',
    ConversationSid: conversation,
    WebhookSid: sid,
    Body: 'by REST, with the header',
    Author: 'agent',
    Index: '1',
    Source: 'API',
    RetryCount: '0',
  });
  expect(sms?.params).toMatchObject({
    Body: 'from a phone',
    Author: customer,
    Index: '2',
    Source: 'SMS',
  });
  for (const request of [rest!, sms!]) {
    expect(signedFor(request)).toBe(true);
    expect(signedFor(request, 'another-token')).toBe(false);
  }
});

test('delivers events to a GET webhook in a signed query', async () => {
  await attach({
    Target: 'webhook',
    Url: `${receiver.origin}/in?key=1`,
    Method: 'GET',
    Filters: 'onMessageAdded',
  });
  await inbound('Grüße & mehr');
  const [request] = await settled();
  expect(request?.method).toBe('GET');
  const query = new URL(request!.url).searchParams;
  expect(Object.fromEntries(query)).toMatchObject({
    key: '1',
    EventType: 'onMessageAdded',
    Body: 'Grüße & mehr',
  });
  expect(signedFor(request!)).toBe(true);
});

test('delivers only messages with its keyword to a trigger', async () => {
  await attach({ Target: 'trigger', Url: `${receiver.origin}/urgent`, Triggers: 'help,emergency' });
  await inbound('hello');
  await inbound('please help me');
  const requests = await settled();
  expect(requests.map(({ params }) => params.Body)).toEqual(['please help me']);
  expect(requests.every((request) => signedFor(request))).toBe(true);
});

test('replays an earlier message to a studio flow, and sends the next ones to the same execution', async () => {
  const FlowSid = `FW${'c'.repeat(32)}`;
  await inbound('first');
  await attach({ Target: 'studio', FlowSid, ReplayAfter: 'start' });
  await get(`${emulator.origin}/_emulator/idle`);
  await inbound('second');
  await settled();
  const { body } = await get(`${emulator.origin}/_emulator/executions?ConversationSid=${conversation}`);
  expect(body.executions).toMatchObject([
    {
      flow_sid: FlowSid,
      status: 'active',
      trigger: { conversation: { Body: 'first', ConversationSid: conversation } },
      messages: [{ Body: 'first' }, { Body: 'second' }],
    },
  ]);
});

test('delivers nothing after detach', async () => {
  const Sid = await attach({ Target: 'webhook', Url: receiver.origin, Filters: 'onMessageAdded' });
  await post(`${functions.origin}/webhooks/detach`, { ConversationSid: conversation, Sid });
  await inbound('anybody?');
  expect(await settled()).toEqual([]);
});
