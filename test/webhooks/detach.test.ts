import { ApiError } from '../../src/lib/api-error';
import type { Definition } from '../../src/webhooks/definition';
import { detach } from '../../src/webhooks/detach';
import { parseSelection } from '../../src/webhooks/selection';
import type { Webhook } from '../../src/webhooks/webhook';
import { FakeConversation } from '../support/conversation';

const site = { domainName: 'bots-1234.twil.io', local: false };
const flowSid = `FW${'b'.repeat(32)}`;
const crm: Definition = {
  target: 'webhook',
  url: 'https://crm.example/in',
  method: 'post',
  filters: ['onMessageAdded'],
};
const sos: Definition = {
  target: 'trigger',
  url: 'https://crm.example/in',
  method: 'post',
  triggers: ['help'],
};
const own: Definition = { ...crm, url: 'https://bots-1234.twil.io/events' };
const bot: Definition = { target: 'studio', flowSid };

let conversation: FakeConversation;
let there: Record<'crm' | 'sos' | 'own' | 'bot', Webhook>;
beforeEach(() => {
  conversation = new FakeConversation();
  there = {
    crm: conversation.plant(crm),
    sos: conversation.plant(sos),
    own: conversation.plant(own),
    bot: conversation.plant(bot),
  };
});

test.each([
  [{ Target: 'webhook' }, ['crm', 'own']],
  [{ Url: 'https://CRM.example/in#x' }, ['crm', 'sos']],
  [{ Url: 'https://crm.example/in', Target: 'trigger' }, ['sos']],
  [{ Url: '/events' }, ['own']],
  [{ FlowSid: flowSid }, ['bot']],
  [{ FlowSid: flowSid, Target: 'studio' }, ['bot']],
  [{ All: true }, ['crm', 'sos', 'own', 'bot']],
  [{ Url: 'http://nowhere.example' }, []],
] as const)('%j detaches %j', async (input, names) => {
  const expected = names.map((name) => there[name].sid);
  expect(await detach(conversation, parseSelection(input, site))).toEqual(expected);
  expect(conversation.webhooks).toHaveLength(4 - expected.length);
});

test('detaches by SID in one call, and lists only if there was nothing', async () => {
  const selection = parseSelection({ Sid: there.crm.sid }, site);
  expect(await detach(conversation, selection)).toEqual([there.crm.sid]);
  expect(await detach(conversation, selection)).toEqual([]);
  expect(conversation.calls).toEqual(['remove', 'remove', 'list']);
});

test('reports in an error what was deleted before it', async () => {
  conversation.before = () => {
    if (conversation.webhooks.length === 2) throw new ApiError(20503, 'down');
  };
  await expect(detach(conversation, { match: {} })).rejects.toMatchObject({
    code: 20503,
    details: { detached: [there.crm.sid, there.sos.sid] },
  });
});

test.each([
  [{}, 20001],
  [{ All: false }, 20001],
  [{ Sid: `WH${'1'.repeat(32)}`, All: true }, 20001],
  [{ Sid: `WH${'1'.repeat(32)}`, Target: 'studio' }, 20001],
  [{ All: true, Url: 'https://crm.example/in' }, 20001],
  [{ Url: 'https://crm.example/in', FlowSid: flowSid }, 20001],
  [{ Url: 'https://crm.example/in', Target: 'studio' }, 20001],
  [{ FlowSid: flowSid, Target: 'webhook' }, 20001],
  [{ Sid: 'WH1' }, 50363],
  [{ Target: 'bot' }, 50364],
  [{ FlowSid: 'FW1' }, 50367],
])('rejects %j with %i', (input, code) => {
  expect(() => parseSelection(input, site)).toThrow(expect.objectContaining({ code, status: 400 }));
});

test.each([
  [{}, 'Nothing to select: send Sid, All=true, or Target, Url or FlowSid'],
  [
    { All: true, Target: 'studio' },
    'More than one way to select: send Sid, All=true, or Target, Url or FlowSid',
  ],
])('says what to send instead of %j', (input, message) => {
  expect(() => parseSelection(input, site)).toThrow(message);
});
