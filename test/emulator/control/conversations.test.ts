import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import { AUTH_TOKEN } from '../../../emulator/twilio/account';
import { DEMO, FLOW, useEmulator } from '../../support/emulator';

const subject = useEmulator();
const list = async (query = '') => (await subject.control('GET', `/conversations${query}`)).body;
const titles = async (query: string) =>
  (await list(query)).conversations.map(
    ({ conversation }: { conversation: { sid: string } }) => conversation.sid,
  );

test('lists conversations, the newest first, each with what is in it', async () => {
  const { sid } = await subject.api.conversations.create({ friendlyName: 'Second' });
  await subject.api.conversations(sid).webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
  await subject.control('POST', `/conversations/${DEMO}/messages`, { Body: 'Hello' });
  expect(await list()).toMatchObject({
    total: 2,
    conversations: [
      {
        conversation: { sid, friendly_name: 'Second' },
        webhooks: [{ target: 'studio' }],
        last_message: null,
      },
      {
        conversation: { sid: DEMO },
        participants: [{ messaging_binding: { address: '+15005550006' } }, { identity: 'agent' }],
        last_message: { body: 'Hello', source: 'SMS' },
      },
    ],
  });
  expect((await subject.control('GET', '/conversations/demo')).body.conversation.sid).toBe(DEMO);
});

test('finds a conversation by SID, name, address and identity', async () => {
  const { sid } = await subject.api.conversations.create({ uniqueName: 'order-7' });
  for (const search of [DEMO, 'DEMO', '5550006', 'agent'])
    expect(await titles(`?Search=${search}`)).toEqual([DEMO]);
  expect(await titles('?Search=order')).toEqual([sid]);
  expect(await titles('?Search=nobody')).toEqual([]);
});

test('returns the newest 150 messages, or those before or after one, with their receipts', async () => {
  for (let i = 0; i < 200; i++)
    await subject.control('POST', `/conversations/${DEMO}/messages`, { Body: `${i}` });
  const indexes = async (query = '') => {
    const { body } = await subject.control('GET', `/conversations/${DEMO}/messages${query}`);
    expect(body.total).toBe(200);
    const all = body.messages.map(({ index }: { index: number }) => index);
    return [all[0], all.at(-1), all.length];
  };
  expect(await indexes()).toEqual([50, 199, 150]);
  expect(await indexes('?Before=30')).toEqual([0, 29, 30]);
  expect(await indexes('?After=9')).toEqual([10, 159, 150]);
  expect((await subject.control('GET', `/conversations/${DEMO}/messages?Before=x`)).status).toBe(400);
});

test('is neither counted as a request nor subject to faults', async () => {
  await subject.control('POST', '/faults', { do: { status: 503 } });
  expect((await subject.control('GET', `/conversations/${DEMO}`)).status).toBe(200);
  expect((await subject.control('GET', '/requests')).body.requests).toEqual([]);
});

describe('names', () => {
  const names = async () => (await subject.control('GET', `/conversations/${DEMO}/names`)).body;
  const none = { functions: null, webhooks: [] };

  test('asks the functions for them, signed as Twilio signs', async () => {
    const webhooks = [{ sid: 'WH1', policy_name: 'crm' }];
    const valid: boolean[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const url = `http://${request.headers.host}${request.url}`;
      const params = Object.fromEntries(new URLSearchParams(body));
      valid.push(validateRequest(AUTH_TOKEN, `${request.headers['x-twilio-signature']}`, url, params));
      response.end(
        JSON.stringify(
          request.url === '/webhooks/list' && params.ConversationSid === DEMO ? { webhooks } : {},
        ),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const functions = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await subject.api.configuration.webhooks().update({ postWebhookUrl: `${functions}/events/conversation` });
    expect(await names()).toEqual({ functions, webhooks });
    expect(valid).toEqual([true]);
    server.close();
    server.closeAllConnections();
    expect(await names()).toEqual(none);
  });

  test.each([
    ['no webhook leads to them', undefined],
    ['they are not on this machine', 'https://bots-1234.twil.io/events/conversation'],
    ['the webhook is another program’s', 'http://127.0.0.1:1/hook'],
  ])('has none if %s', async (_, postWebhookUrl) => {
    if (postWebhookUrl !== undefined) await subject.api.configuration.webhooks().update({ postWebhookUrl });
    expect(await names()).toEqual(none);
  });
});
