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
const router = (host: string): Definition => ({
  ...crm,
  url: `https://${host}/events/conversation?Profile=bot`,
});

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
  [{ UrlPrefix: 'https://crm.example' }, ['crm', 'sos']],
  [{ UrlPrefix: 'https://crm.example:443/in' }, ['crm', 'sos']],
  [{ UrlPrefix: 'https://crm.example/in', Target: 'webhook' }, ['crm']],
  [{ UrlPrefix: 'https://crm.example/in/' }, []],
  [{ UrlPrefix: 'https://crm.example/i' }, []],
  [{ UrlPrefix: 'https://crm.exam' }, []],
  [{ UrlPrefix: 'http://crm.example' }, []],
  [{ UrlPrefix: '/' }, ['own']],
  [{ All: true }, ['crm', 'sos', 'own', 'bot']],
  [{ Url: 'http://nowhere.example' }, []],
] as const)('%j detaches %j', async (input, names) => {
  const expected = names.map((name) => there[name].sid);
  expect(await detach(conversation, parseSelection(input, site))).toEqual(expected);
  expect(conversation.webhooks).toHaveLength(4 - expected.length);
});

test.each(['https://crm.example/in?key=1', 'https://crm.example/in/2', 'https://CRM.example/in/#rc=3'])(
  'takes %s for a URL that begins with /in',
  async (url) => {
    const { sid } = conversation.plant({ ...crm, url });
    const selection = parseSelection({ UrlPrefix: 'https://crm.example/in' }, site);
    expect(await detach(conversation, selection)).toContain(sid);
  },
);

test.each([{ Target: 'webhook' }, { UrlPrefix: '/' }, { UrlPrefix: 'https://other-1.twil.io/events' }])(
  'leaves every router alone with %j',
  async (input) => {
    const routers = [router('bots-1234.twil.io'), router('other-1.twil.io')].map((definition) =>
      conversation.plant(definition),
    );
    await detach(conversation, parseSelection(input, site));
    expect(conversation.webhooks).toEqual(expect.arrayContaining(routers));
  },
);

test('deletes a router by its SID, and with All', async () => {
  const byUrl = (sid: string) => conversation.webhooks.some((webhook) => webhook.sid === sid);
  const first = conversation.plant(router('bots-1234.twil.io'));
  await detach(conversation, parseSelection({ Sid: first.sid }, site));
  expect(byUrl(first.sid)).toBe(false);
  const second = conversation.plant(router('bots-1234.twil.io'));
  expect(await detach(conversation, parseSelection({ All: true }, site))).toContain(second.sid);
});

test('detaches by SID, once, also what a list does not show yet', async () => {
  const selection = parseSelection({ Sid: there.crm.sid }, site);
  expect(await detach(conversation, selection)).toEqual([there.crm.sid]);
  expect(await detach(conversation, selection)).toEqual([]);
  expect(conversation.calls).toEqual(['list', 'remove', 'list', 'remove']);
  conversation.lagMs = 60_000;
  const { sid } = conversation.plant({ ...crm, url: 'https://crm.example/new' });
  expect(await detach(conversation, { sid })).toEqual([sid]);
});

test('reports in an error what was deleted before it', async () => {
  conversation.before = () => {
    if (conversation.webhooks.length === 2) throw new ApiError(20503, 'down');
  };
  await expect(detach(conversation, { all: true })).rejects.toMatchObject({
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
  [{ Url: 'https://crm.example/in', UrlPrefix: 'https://crm.example' }, 20001],
  [{ UrlPrefix: 'https://crm.example/in', Target: 'studio' }, 20001],
  [{ UrlPrefix: 'https://crm.example/in', FlowSid: flowSid }, 20001],
  [{ UrlPrefix: 'https://crm.example/in?key=1' }, 50054],
  [{ UrlPrefix: 'https://me:secret@crm.example' }, 50054],
  [{ UrlPrefix: 'crm.example' }, 50054],
  [{ UrlPrefix: 'ftp://crm.example' }, 50054],
  [{ Sid: 'WH1' }, 50363],
  [{ Target: 'bot' }, 50364],
  [{ FlowSid: 'FW1' }, 50367],
])('rejects %j with %i', (input, code) => {
  expect(() => parseSelection(input, site)).toThrow(expect.objectContaining({ code, status: 400 }));
});

test.each([
  [{}, 'Nothing to select: send Sid, All=true, or Target, Url, UrlPrefix or FlowSid'],
  [
    { All: true, Target: 'studio' },
    'More than one way to select: send Sid, All=true, or Target, Url, UrlPrefix or FlowSid',
  ],
])('says what to send instead of %j', (input, message) => {
  expect(() => parseSelection(input, site)).toThrow(message);
});
