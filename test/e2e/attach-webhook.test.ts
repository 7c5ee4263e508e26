import { post } from '../support/call';
import { fires, type Subject, startEmulator } from '../support/emulator';
import { startGateway } from '../support/gateway';
import { emulatorEnvironment, type Program, startFunctions } from '../support/programs';

// Twilio's own webhook calls /webhooks/attach, through a gateway that checks its signature over the URL with the query.

const FlowSid = emulatorEnvironment().BOT_FLOW_SID!;
let emulator: Subject;
let functions: Program & { origin: string };
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  emulator = await startEmulator();
  functions = await startFunctions({ TWILIO_API_BASE_URL: emulator.origin });
  gateway = await startGateway(undefined, functions.origin);
});
afterAll(() => Promise.all([gateway?.stop(), functions?.stop('SIGKILL'), emulator?.stop()]));
beforeEach(() => gateway.knocks.splice(0));

const listenWith = (query: Record<string, string>, filters = ['onConversationAdded']) =>
  emulator.api.configuration.webhooks().update({
    postWebhookUrl: `${gateway.origin}/webhooks/attach?${new URLSearchParams(query)}`,
    method: 'POST',
    filters,
  });
const attached = async (conversation: string) =>
  (await emulator.api.conversations(conversation).webhooks.list()).map(({ target, configuration }) => ({
    target,
    configuration,
  }));
const responses = async (conversation: string) =>
  (await emulator.deliveries(`?ConversationSid=${conversation}`)).map(({ event_type, status }) => [
    event_type,
    status,
  ]);

test('attaches the webhook of the query to each new conversation, whatever conversation the query has', async () => {
  const other = (await emulator.api.conversations.create({})).sid;
  await listenWith({ Target: 'studio', FlowSid, ReplayAfter: 'start', ConversationSid: other });
  const { sid } = await emulator.api.conversations.create({ ...fires, friendlyName: 'Target' });
  expect(await responses(sid)).toEqual([['onConversationAdded', 200]]);
  expect(gateway.knocks).toMatchObject([{ valid: true, params: { ConversationSid: sid } }]);
  expect(await attached(sid)).toMatchObject([{ target: 'studio', configuration: { flow_sid: FlowSid } }]);
  expect(await attached(other)).toEqual([]);
});

test('attaches in the service of the event', async () => {
  const service = await emulator.api.services.create({ friendlyName: 'Another' });
  const settings = {
    PostWebhookUrl: `${gateway.origin}/webhooks/attach?Target=studio&FlowSid=${FlowSid}`,
    Filters: 'onConversationAdded',
  };
  await emulator.raw(
    'POST',
    `/v1/Services/${service.sid}/Configuration/Webhooks`,
    `${new URLSearchParams(settings)}`,
  );
  const { conversations } = emulator.api.services(service.sid);
  const { sid } = await conversations.create(fires);
  await emulator.control('GET', '/idle');
  expect(gateway.knocks.at(-1)).toMatchObject({ valid: true, params: { ChatServiceSid: service.sid } });
  expect(await conversations(sid).webhooks.list()).toHaveLength(1);
});

test('ignores other events, and reports what is wrong with the query as an error', async () => {
  await listenWith({ Target: 'studio', FlowSid }, ['onConversationUpdated']);
  const { sid } = await emulator.api.conversations.create({});
  await emulator.api.conversations(sid).update({ friendlyName: 'x', ...fires });
  expect(await responses(sid)).toEqual([['onConversationUpdated', 200]]);
  expect(await attached(sid)).toEqual([]);
  await listenWith({ Target: 'studio' });
  const { sid: second } = await emulator.api.conversations.create(fires);
  expect(await responses(second)).toEqual([['onConversationAdded', 400]]);
});

test('is not called with a query that was not signed', async () => {
  const { sid } = await emulator.api.conversations.create({});
  const event = { EventType: 'onConversationAdded', ConversationSid: sid };
  const { status } = await fetch(`${gateway.origin}/webhooks/attach?Target=studio&FlowSid=${FlowSid}`, {
    method: 'POST',
    body: new URLSearchParams(event),
  });
  expect(status).toBe(403);
  expect(await attached(sid)).toEqual([]);
});

test('responds 200 for each event, with the webhook or why it was ignored', async () => {
  const { sid } = await emulator.api.conversations.create({});
  const call = (EventType: string) =>
    post(`${functions.origin}/webhooks/attach?Target=studio&FlowSid=${FlowSid}`, {
      EventType,
      ConversationSid: sid,
    });
  expect(await call('onConversationAdd')).toMatchObject({
    status: 200,
    body: { result: 'ignored', why: 'attach is called for onConversationAdded, not onConversationAdd' },
  });
  for (const result of ['created', 'unchanged'])
    expect(await call('onConversationAdded')).toMatchObject({ status: 200, body: { result } });
});
