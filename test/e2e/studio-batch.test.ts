import { apiClient } from '../support/api';
import { get, post, postJson } from '../support/call';
import { emulatorEnvironment } from '../support/programs';
import { useStack } from '../support/stack';

// Event Streams sends the ends of many executions at once.

const { BOT_FLOW_SID = '' } = emulatorEnvironment();
const { emulator, functions } = useStack();
let conversations: string[];

beforeEach(async () => {
  await post(`${emulator.origin}/_emulator/reset`, {});
  ({ conversations } = (await post(`${emulator.origin}/_emulator/seed`, { conversations: '60' })).body);
});

const fault = (path: string, act: object, when: object = {}) =>
  postJson(`${emulator.origin}/_emulator/faults`, { match: { method: 'GET', path }, when, do: act });
const end = () =>
  postJson(
    `${functions.origin}/events/studio`,
    conversations.map((contact_channel_address) => ({
      type: 'com.twilio.studio.flow.execution.ended',
      data: { contact_channel_address },
    })),
  );
const webhooks = (conversation: string) => apiClient(emulator.origin).conversations(conversation).webhooks;
/** A conversation to which Studio has attached its webhook again. */
const reattached = async (conversation: string) => {
  await post(`${functions.origin}/webhooks/sync`, { ConversationSid: conversation, Profile: 'agent' });
  await webhooks(conversation).create({ target: 'studio', 'configuration.flowSid': BOT_FLOW_SID });
};
const lastLine = () =>
  JSON.parse(
    functions
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{"operation":"studio"'))
      .at(-1)!,
  );

test('handles 60 conversations in one call if each list takes 120 ms', async () => {
  const [first = '', last = ''] = [conversations[0], conversations[59]];
  await Promise.all([first, last].map(reattached));
  await fault('*/Webhooks', { delay: 120 });
  const { status, body } = await end();
  expect(status).toBe(200);
  expect(body.count).toBe(60);
  const changed = body.conversations.filter(({ result }: { result: string }) => result !== 'unmanaged');
  expect(changed).toEqual(
    [first, last].map((ConversationSid) => ({ ConversationSid, result: 'changed', profile: 'agent' })),
  );
  for (const conversation of [first, last]) expect(await webhooks(conversation).list()).toHaveLength(3);
});

test('handles the others if one fails, and asks for the events again only if that may pass', async () => {
  const [, temporary = '', permanent = '', good = ''] = conversations;
  await reattached(good);
  await fault(`*/${permanent}/Webhooks`, { status: 403, code: 20403, message: 'Not allowed' });
  const failed = { ConversationSid: permanent, result: 'failed', code: 20403, message: 'Not allowed' };
  const once = await end();
  expect(once.status).toBe(200);
  expect(once.body.conversations).toContainEqual(failed);
  expect(once.body.conversations).toContainEqual({
    ConversationSid: good,
    result: 'changed',
    profile: 'agent',
  });
  await functions.printed('"failed":[');
  expect(lastLine().failed).toEqual([{ conversation: permanent, code: 20403, message: 'Not allowed' }]);

  await fault(`*/${temporary}/Webhooks`, { status: 503 });
  const again = await end();
  expect(again).toMatchObject({ status: 503, body: { code: 20503, status: 503, count: 60 } });
  expect(again.body.message).toMatch(/^1 of 60 conversations failed/);
  const found = again.body.conversations.filter(({ result }: { result: string }) => result === 'failed');
  expect(found).toEqual([
    { ...failed, ConversationSid: temporary, code: 20503, message: expect.any(String) },
    failed,
  ]);
  await fetch(`${emulator.origin}/_emulator/faults`, { method: 'DELETE' });
  expect((await end()).status).toBe(200);
  await get(`${emulator.origin}/_emulator/idle`);
});
