import { apiClient } from '../support/api';
import { post } from '../support/call';
import { useStack } from '../support/stack';

// WEBHOOK_URL_ALLOWLIST in the environment of the built functions.

const { emulator, functions } = useStack(() => ({ WEBHOOK_URL_ALLOWLIST: 'crm.example,*.bots.example' }));
let api: ReturnType<typeof apiClient>;
let conversation: string;

beforeAll(async () => {
  api = apiClient(emulator.origin);
});
beforeEach(async () => {
  conversation = (await api.conversations.create({})).sid;
});

const call = (name: string, form: Record<string, string>) =>
  post(`${functions.origin}/webhooks/${name}`, { ConversationSid: conversation, ...form });
const attach = (Url: string) => call('attach', { Target: 'webhook', Filters: 'onMessageAdded', Url });
const refused = {
  status: 400,
  body: { code: 50054, message: expect.stringMatching(/"evil\.example".*WEBHOOK_URL_ALLOWLIST/) },
};

test('attach and update accept only hosts of the allowlist and this deployment', async () => {
  const { status, body } = await attach('https://crm.example/in');
  expect(status).toBe(201);
  expect(await attach('https://evil.example/in')).toMatchObject(refused);
  const update = (Url: string) => call('update', { Sid: body.sid, Url });
  expect(await update('https://evil.example/in')).toMatchObject(refused);
  expect(await update('https://a.bots.example/in')).toMatchObject({ status: 200 });
  expect(await update('/my-function')).toMatchObject({ status: 200, body: { result: 'updated' } });
});

test('updates and detaches a webhook that others attached to another host', async () => {
  const Url = 'https://evil.example/in';
  const { sid } = await api.conversations(conversation).webhooks.create({
    target: 'webhook',
    'configuration.url': Url,
    'configuration.filters': ['onMessageAdded'],
  });
  expect(await call('update', { Sid: sid, Method: 'get' })).toMatchObject({ status: 200 });
  expect(await call('detach', { Url })).toMatchObject({ status: 200, body: { detached: [sid] } });
});

test('rejects a policy with another host', async () => {
  expect(await call('sync', {})).toMatchObject({
    status: 400,
    body: { code: 20001, message: expect.stringMatching(/webhooks\.crm\.url: .*WEBHOOK_URL_ALLOWLIST/) },
  });
});
