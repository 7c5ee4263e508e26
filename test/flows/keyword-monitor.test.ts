import { apiClient } from '../support/api';
import { post } from '../support/call';
import { DOMAIN, filledFlow } from '../support/filled-flow';
import { startGateway } from '../support/gateway';
import { useReceiver, useStack } from '../support/stack';
import { Studio } from '../support/studio';

// The flow of flows/keyword-monitor.flow.json, played in a conversation that is in no policy.

const FlowSid = `FW${'b'.repeat(32)}`;
const THANKS = 'Thank you. We will look into it.';
const monitor = useReceiver();
const { emulator, functions } = useStack();
let gateway: Awaited<ReturnType<typeof startGateway>>;
let api: ReturnType<typeof apiClient>;
let conversation: string;
let studio: Studio;

beforeAll(async () => {
  gateway = await startGateway(DOMAIN, functions.origin);
  api = apiClient(emulator.origin);
});
afterAll(() => gateway?.stop());
beforeEach(async () => {
  await post(`${emulator.origin}/_emulator/reset`, {});
  monitor.requests.splice(0);
  gateway.knocks.splice(0);
  const flow = filledFlow('keyword-monitor', '--monitor-url', `${monitor.origin}/keywords`);
  studio = new Studio(emulator.origin, FlowSid, flow, { domain: DOMAIN, gateway: gateway.origin });
  conversation = (await api.conversations.create({})).sid;
  await api.conversations(conversation).participants.create({ identity: 'customer' });
  await attach({ Target: 'studio', FlowSid });
});

const attach = (form: Record<string, string>) =>
  post(`${functions.origin}/webhooks/attach`, { ConversationSid: conversation, ...form });
const say = async (Body: string) => {
  await post(`${emulator.origin}/_emulator/conversations/${conversation}/messages`, { Source: 'SDK', Body });
  await studio.settle();
};
const triggers = async () =>
  (await api.conversations(conversation).webhooks.list())
    .filter(({ target }) => target === 'trigger')
    .map(({ configuration }) => [configuration.url, ...configuration.triggers]);
const heard = () => monitor.requests.map(({ params }) => params.Body);
const ended = () => studio.played.map(({ run }) => run.ended);

test('sends keywords to the monitor only while the customer reports', async () => {
  await say('I have a complaint');
  expect(await triggers()).toEqual([[`${monitor.origin}/keywords`, 'refund', 'complaint', 'lawyer']]);
  await say('it broke');
  await say('my lawyer says so');
  expect(heard()).toEqual(['I have a complaint', 'my lawyer says so']);
  await say('Done.');
  expect(studio.written.at(-1)).toBe(THANKS);
  expect(await triggers()).toEqual([]);
  expect(ended()).toEqual([true]);
  expect(studio.played[0]?.run.unset).toEqual([]);
  await say('and the refund?');
  await say('refund');
  // Both arrived in an execution of their own, which attached the monitor anew.
  expect(heard().slice(2)).toEqual(['and the refund?', 'refund']);
});

test('detaches the monitor if the customer does not reply', async () => {
  await say('hello');
  await studio.timeOut();
  expect(await triggers()).toEqual([]);
  await post(`${functions.origin}/webhooks/detach`, { ConversationSid: conversation, FlowSid });
  await say('refund');
  expect(heard()).toEqual([]);
});

test('asks the customer even without a free slot, and records why', async () => {
  for (let n = 0; n < 4; n++)
    await attach({ Target: 'webhook', Url: `https://else.example/${n}`, Filters: 'onMessageAdded' });
  await say('a complaint');
  expect(studio.written).toHaveLength(1);
  await say('done');
  expect(studio.written.at(-1)).toBe(THANKS);
  expect(studio.played[0]?.run.variables.attach_error).toMatch(/^50361: ./);
  expect(gateway.knocks.filter(({ path }) => path === '/webhooks/detach')).toEqual([]);
});

test('accepts a monitor that somebody else detached', async () => {
  await say('a complaint');
  await post(`${functions.origin}/webhooks/detach`, { ConversationSid: conversation, Target: 'trigger' });
  await say('done');
  expect(studio.written.at(-1)).toBe(THANKS);
  expect(studio.played[0]?.run.variables).not.toHaveProperty('detach_error');
});

test('ends the flow if detach fails, and records why', async () => {
  await say('a complaint');
  const fault = { match: { method: 'DELETE' }, do: { status: 403, code: 20003 } };
  await fetch(`${emulator.origin}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
  await say('done');
  expect(studio.written.at(-1)).toBe(THANKS);
  expect(studio.played[0]?.run.variables.detach_error).toMatch(/^20003: ./);
  expect(ended()).toEqual([true]);
});
