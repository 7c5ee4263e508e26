import { ApiError } from '../../src/lib/api-error';
import { update, updateVerified } from '../../src/webhooks/update';
import { FakeConversation } from '../support/conversation';

const lost = new ApiError(20503, 'connection lost');

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
  const site = { domainName: 'bots-1234.twil.io', local: false };
  for (const result of ['updated', 'unchanged'])
    expect(await update(conversation, sid, { Url }, site)).toMatchObject({
      result,
      webhook: { sid, configuration: { url: Url } },
    });
  expect(conversation.calls).toEqual(['fetch', 'update', 'fetch']);
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
  const site = { domainName: 'bots-1234.twil.io', local: false };
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
