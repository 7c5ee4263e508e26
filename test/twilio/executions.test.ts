import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createExecutions } from '../../src/twilio/executions';
import { DEMO, FLOW, useEmulator } from '../support/emulator';
import { emulatorEnvironment } from '../support/programs';

const subject = useEmulator();

const caller = (TWILIO_API_BASE_URL = subject.origin) => ({
  env: { ...emulatorEnvironment(), TWILIO_API_BASE_URL, TWILIO_SERVICE_RETRY_LIMIT: '0' },
  deadline: performance.now() + 5_000,
  calls: 0,
  retries: 0,
});
const executions = (key: object = { ConversationSid: DEMO }, call = caller()) => createExecutions(key, call);
const attach = (sid: string) =>
  subject.api.conversations(sid).webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
/** Conversations in each of which the flow runs. */
const run = async (conversations: readonly string[]) => {
  for (const sid of conversations) {
    await attach(sid);
    await subject.control('POST', `/conversations/${sid}/messages`, { Body: 'hello' });
  }
  await subject.control('GET', '/idle');
};
const seed = async (conversations: number): Promise<string[]> =>
  (await subject.control('POST', '/seed', { conversations })).body.conversations;

test('lists active executions, ends one, and finds it no more', async () => {
  await run([DEMO]);
  const call = caller();
  const studio = executions({ ConversationSid: DEMO }, call);
  const { executions: active, complete } = await studio.active(FLOW, undefined);
  expect(active).toEqual([{ sid: expect.stringMatching(/^FN/), address: DEMO }]);
  expect(complete).toBe(true);
  const { sid } = active[0]!;
  expect(await studio.conversationOf(FLOW, sid)).toBe(DEMO);
  await studio.end(FLOW, sid);
  expect(await studio.active(FLOW, undefined)).toEqual({ executions: [], complete: true });
  expect(call).toMatchObject({ calls: 4, retries: 0 });
  expect(await subject.executions()).toMatchObject([{ sid, status: 'ended' }]);
});

test('asks for active ones since a date, so that Twilio need not send the others', async () => {
  await run([DEMO]);
  await executions().active(FLOW, '2099-01-01T00:00:00.000Z');
  const { body } = await subject.control('GET', '/requests');
  const { searchParams } = new URL(body.requests.at(-1).path, subject.origin);
  expect(Object.fromEntries(searchParams)).toEqual({
    status: 'active',
    PageSize: '100',
    DateCreatedFrom: '2099-01-01T00:00:00.000Z',
  });
  expect((await executions().active(FLOW, '2099-01-01T00:00:00.000Z')).executions).toEqual([]);
});

test('fetches two pages of a hundred at most', async () => {
  const conversations = await seed(201);
  await run(conversations);
  const call = caller();
  const { executions: active, complete } = await executions(undefined, call).active(FLOW, undefined);
  expect(active.map(({ address }) => address)).toEqual(conversations.toReversed().slice(0, 200));
  expect(complete).toBe(false);
  expect(call.calls).toBe(2);
});

test('takes an execution that is gone for ended', async () => {
  await expect(executions().end(FLOW, `FN${'0'.repeat(32)}`)).resolves.toBeUndefined();
});

test('returns the addresses of participants outside chat, by a unique name and in a service', async () => {
  expect(await executions({ ConversationSid: 'demo' }).addresses()).toEqual(['+15005550006']);
  const service = await subject.api.services.create({ friendlyName: 'Another' });
  const { sid } = await subject.api.services(service.sid).conversations.create({});
  await subject.api.services(service.sid).conversations(sid).participants.create({
    'messagingBinding.address': 'whatsapp:+15005550123',
    'messagingBinding.proxyAddress': 'whatsapp:+15005550001',
  });
  const scoped = executions({ ConversationSid: sid, ServiceSid: service.sid });
  expect(await scoped.addresses()).toEqual(['whatsapp:+15005550123']);
});

test.each([
  ['active', () => executions().active(FLOW, undefined)],
  ['conversationOf', () => executions().conversationOf(FLOW, 'FN1')],
  ['addresses', () => executions().addresses()],
  ['end', () => executions().end(FLOW, 'FN1')],
])('passes on Twilio’s error from %s', async (_, act) => {
  await subject.control('POST', '/faults', {
    do: { status: 403, code: 20403, message: 'Permission denied' },
  });
  await expect(act()).rejects.toMatchObject({ status: 403, code: 20403, message: 'Permission denied' });
});

describe('a response that is not what it should be', () => {
  let server: Server;
  let respond: RequestListener;
  beforeAll(async () => {
    server = createServer((request, response) => respond(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const studio = (body: unknown) => {
    respond = (_, response) => void response.end(JSON.stringify(body));
    const { port } = server.address() as AddressInfo;
    return executions({ ConversationSid: DEMO }, caller(`http://127.0.0.1:${port}`));
  };
  const unexpected = expect.objectContaining({ code: 20500 });

  test.each([null, {}, { executions: {} }, { executions: [{}] }, { executions: [null] }])(
    'is an error: a list of executions that is %j',
    async (body) => {
      await expect(studio(body).active(FLOW, undefined)).rejects.toEqual(unexpected);
    },
  );

  test('is an error: a next page that is not a URL', async () => {
    const body = { executions: [], meta: { next_page_url: 'elsewhere' } };
    await expect(studio(body).active(FLOW, undefined)).rejects.toEqual(unexpected);
  });

  test('sends no credentials elsewhere, whatever the next page is', async () => {
    const urls: string[] = [];
    const client = studio(undefined);
    respond = ({ url, headers }, response) => {
      urls.push(`${headers.host}${url}`);
      const next_page_url = 'http://evil.example/v9/else?PageToken=t&Page=1';
      response.end(JSON.stringify({ executions: [], meta: { next_page_url } }));
    };
    await client.active(FLOW, undefined);
    const { port } = server.address() as AddressInfo;
    expect(urls[1]).toBe(`127.0.0.1:${port}/v9/else?PageToken=t&Page=1`);
  });

  test('has no conversation: a context without one', async () => {
    for (const body of [{}, { context: null }, { context: { trigger: { message: {} } } }])
      expect(await studio(body).conversationOf(FLOW, 'FN1')).toBeUndefined();
  });

  test('is skipped: an execution that has ended, or has no address', async () => {
    const list = [
      { sid: 'FN1', status: 'ended', contact_channel_address: DEMO },
      { sid: 'FN2', status: 'active', contact_channel_address: null },
      { sid: 'FN3', status: 'active', contact_channel_address: DEMO },
    ];
    const { executions: active } = await studio({ executions: list }).active(FLOW, undefined);
    expect(active).toEqual([{ sid: 'FN3', address: DEMO }]);
  });

  test('is an error: participants that are not an array', async () => {
    await expect(studio({}).addresses()).rejects.toEqual(unexpected);
  });
});
