import { ApiError } from '../../src/lib/api-error';
import { update, updateVerified } from '../../src/webhooks/update';
import { FakeConversation } from '../support/conversation';

const lost = new ApiError(20503, 'connection lost');
const site = { domainName: 'bots-1234.twil.io', local: false };

let conversation: FakeConversation;
let sid: string;
beforeEach(() => {
  conversation = new FakeConversation();
  ({ sid } = conversation.plant({
    ...{ target: 'webhook', url: 'https://crm.example/in', method: 'post', filters: ['onMessageAdded'] },
  }));
});

/** The first update is answered with an error, whether it was done or not. */
function loseFirst(applied: boolean): void {
  const update = conversation.update.bind(conversation);
  conversation.update = async (...args) => {
    conversation.update = update;
    if (applied) await update(...args);
    throw lost;
  };
}

test('updates a URL of which only the fragment differs, and leaves an equal one unchanged', async () => {
  const Url = 'https://crm.example/in#rc=3&rp=5xx';
  for (const result of ['updated', 'unchanged'])
    expect(await update(conversation, sid, { Url }, site)).toMatchObject({
      result,
      webhook: { sid, configuration: { url: Url } },
    });
  expect(conversation.calls).toEqual(['fetch', 'update', 'fetch']);
});

test('rejects an update of nothing, without a call', async () => {
  await expect(update(conversation, sid, {}, site)).rejects.toMatchObject({
    code: 20001,
    message: 'Nothing to update: send Url, Method, Filters, Triggers or FlowSid',
  });
  expect(conversation.calls).toEqual([]);
});

test('writes the filters of a Studio flow that Twilio does not show, and nothing else twice', async () => {
  const FlowSid = `FW${'a'.repeat(32)}`;
  const bot = conversation.plant({ target: 'studio', flowSid: FlowSid });
  const results = [];
  for (const settings of [{ FlowSid }, { FlowSid, Filters: ['onMessageAdded'] }])
    results.push((await update(conversation, bot.sid, settings, site)).result);
  expect(results).toEqual(['unchanged', 'updated']);
});

test('refuses another URL for a router, and changes nothing', async () => {
  const url = 'https://bots-1234.twil.io/events/conversation?Profile=bot&Replay=0';
  const router = conversation.plant({ target: 'webhook', url, method: 'post', filters: ['onMessageAdded'] });
  for (const Url of ['https://crm.example/in', url.replace('bot', 'agent')])
    await expect(update(conversation, router.sid, { Url }, site)).rejects.toMatchObject({
      code: 20001,
      message: expect.stringContaining('the webhook is the router'),
    });
  const Filters = ['onMessageAdded', 'onMessageUpdated'];
  expect(await update(conversation, router.sid, { Url: url, Filters }, site)).toMatchObject({
    result: 'updated',
    webhook: { configuration: { url, filters: Filters } },
  });
});

test('reports a refused update at once', async () => {
  conversation.refuse('update', new ApiError(50377, 'closed', undefined, 400));
  await expect(updateVerified(conversation, sid, { method: 'get' })).rejects.toMatchObject({ code: 50377 });
  expect(conversation.calls).toEqual(['update']);
});

test.each([true, false])('fetches after an update with a lost response, applied: %s', async (applied) => {
  loseFirst(applied);
  expect(await updateVerified(conversation, sid, { method: 'get' })).toBe(conversation.webhooks[0]);
  expect(conversation.webhooks).toMatchObject([{ configuration: { method: 'get' } }]);
  expect(conversation.calls).toEqual(applied ? ['update', 'fetch'] : ['fetch', 'update']);
});

test('fetches after a conflict (409), and updates again', async () => {
  conversation.refuse('update', new ApiError(20409, 'Conflict', undefined, 409));
  expect(await updateVerified(conversation, sid, { method: 'get' })).toBe(conversation.webhooks[0]);
  expect(conversation.calls).toEqual(['update', 'fetch', 'update']);
});

test('after a lost response to an update that was applied, leaves what somebody else changed since', async () => {
  loseFirst(true);
  conversation.before = (call) => {
    if (call !== 'fetch' || conversation.calls.length === 0) return;
    const [webhook] = conversation.webhooks;
    const configuration = { ...webhook!.configuration, url: 'https://crm.example/moved' };
    conversation.webhooks.splice(0, 1, { ...webhook!, configuration });
  };
  const updated = await update(conversation, sid, { Method: 'get' }, site);
  expect(conversation.calls).toEqual(['fetch', 'update', 'fetch']);
  expect(updated).toEqual({ result: 'updated', webhook: conversation.webhooks[0] });
  expect(conversation.webhooks).toMatchObject([
    { configuration: { method: 'get', url: 'https://crm.example/moved' } },
  ]);
});

test.each([
  ['is refused', new ApiError(20429, 'Too many requests', undefined, 429), lost],
  ['fails too', new ApiError(20500, 'Twilio returned 500'), lost],
  ['finds nothing', new ApiError(20404, 'Not found', undefined, 404), { status: 404 }],
])('reports what is known if the fetch %s', async (_, refusal, expected) => {
  loseFirst(true);
  conversation.before = (call) => {
    if (call === 'fetch') throw refusal;
  };
  await expect(updateVerified(conversation, sid, { method: 'get' })).rejects.toMatchObject(expected);
});
