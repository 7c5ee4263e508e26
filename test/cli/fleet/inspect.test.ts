import { fingerprint, inspect, isOutOfOrder, type Scope } from '../../../cli/fleet/inspect';
import type { RouterState } from '../../../src/webhooks/router';
import { routerDefinition } from '../../../src/webhooks/router';
import { FakeConversation } from '../../support/conversation';
import { desired, foreign, routerState } from '../../support/desired-state';
import { hashOfIdentity } from '../../support/oracle';

const scope: Scope = { desired: () => desired, isKnown: () => true };
const listed = { conversation: `CH${'1'.repeat(32)}`, service: `IS${'1'.repeat(32)}`, state: 'active' };
const { bot, sos, crm, monitor } = desired.webhooks as Required<typeof desired.webhooks>;

/** A conversation with a router, and other webhooks. */
function conversationIn(
  profile: string,
  webhooks = (desired.profiles[profile] ?? []).map((name) => desired.webhooks[name]!),
) {
  const conversation = new FakeConversation();
  conversation.plant(routerDefinition(routerState(profile), desired.router));
  for (const webhook of webhooks) conversation.plant(webhook);
  return conversation;
}

function withRouter(more: Partial<RouterState>, spec = desired.router) {
  const conversation = new FakeConversation();
  conversation.plant(routerDefinition(routerState('bot', more), spec));
  conversation.plant(bot!);
  return conversation;
}

const inspectAs = async (conversation: FakeConversation, more: Partial<Scope> = {}, state = 'active') =>
  inspect({ ...listed, state }, await conversation.list(), { ...scope, ...more });

const steps = ({ plan }: Awaited<ReturnType<typeof inspect>>) =>
  plan.map(({ step, webhook }) => `${step} ${webhook}`);

test('finds nothing in a conversation that is as the policy wants it', async () => {
  const found = await inspectAs(conversationIn('both'));
  expect(found).toMatchObject({ ...listed, findings: [], profile: 'both', plan: [] });
  expect(isOutOfOrder(found)).toBe(false);
});

test('finds what drifted, with the steps of a sync', async () => {
  const found = await inspectAs(conversationIn('both', [bot!, crm!]));
  expect(found.findings).toEqual(['drifted']);
  expect(steps(found)).toEqual(['create sos', 'delete crm']);
  expect(isOutOfOrder(found)).toBe(true);
});

test('finds duplicates', async () => {
  const found = await inspectAs(conversationIn('bot', [bot!, bot!]));
  expect(found.findings).toEqual(['drifted', 'duplicates']);
  expect(steps(found)).toEqual(['delete bot']);
});

test('finds another version of the policy, whose router alone is to be written', async () => {
  const found = await inspectAs(withRouter({ Policy: 'former' }));
  expect(found.findings).toEqual(['otherPolicy']);
  expect(steps(found)).toEqual(['update router']);
  expect(isOutOfOrder(found)).toBe(true);
});

test('plans to delete what only the former policy named', async () => {
  const own = { want: [hashOfIdentity(bot!), hashOfIdentity(foreign(1))], rest: [] };
  const conversation = withRouter({ Policy: 'former', Own: own });
  conversation.plant(foreign(1));
  const found = await inspectAs(conversation);
  expect(found.findings).toEqual(['otherPolicy']);
  expect(steps(found)).toEqual(['update router', `delete former:${hashOfIdentity(foreign(1))}`]);
});

test('finds a router on a former domain', async () => {
  const site = { domainName: 'old-1.twil.io', local: false };
  const found = await inspectAs(withRouter({ Policy: 'former' }, { ...desired.router, site }));
  expect(found.findings).toEqual(['formerDomain', 'otherPolicy']);
  expect(found.deployments).toBeUndefined();
});

test('finds the router of another deployment, beside ours or alone', async () => {
  const router = routerDefinition(routerState('bot'), {
    ...desired.router,
    site: { domainName: 'others-9.twil.io', local: false },
  });
  const both = conversationIn('bot');
  both.plant(router);
  expect(await inspectAs(both)).toMatchObject({
    findings: ['otherDeployment'],
    deployments: ['others-9.twil.io'],
    profile: 'bot',
  });
  const alone = new FakeConversation();
  alone.plant(router);
  expect((await inspectAs(alone)).findings).toEqual(['otherDeployment', 'unmanaged']);
});

test('finds webhooks to hosts that nobody is known to own, and to own paths that the policy does not have', async () => {
  const conversation = conversationIn('bot');
  const unknown = conversation.plant(foreign(1));
  conversation.plant(foreign(2));
  const own = conversation.plant({ ...foreign(3), url: 'https://bots-1234.twil.io/gone' } as typeof crm &
    object);
  conversation.plant({ target: 'studio', flowSid: `FW${'9'.repeat(32)}` });
  const isKnown = ({ host }: URL) => host !== 'foreign1.example';
  const found = await inspectAs(conversation, { isKnown });
  expect(found.findings).toEqual(['orphaned']);
  expect(found.orphaned).toEqual([
    { sid: unknown.sid, host: 'foreign1.example' },
    { sid: own.sid, host: 'bots-1234.twil.io' },
  ]);
  expect(isOutOfOrder(found)).toBe(false);
});

test('says what takes the slots that the policy needs', async () => {
  const conversation = conversationIn('both', [bot!]);
  for (const n of [1, 2]) conversation.plant(foreign(n));
  conversation.plant({ target: 'studio', flowSid: `FW${'9'.repeat(32)}` });
  const found = await inspectAs(conversation);
  expect(found.findings).toEqual(['slotsFull']);
  expect(found.occupied_by).toEqual(['foreign1.example', 'foreign2.example', `FW${'9'.repeat(32)}`]);
  expect(isOutOfOrder(found)).toBe(true);
});

test('counts a slot that a managed webhook leaves', async () => {
  const conversation = conversationIn('both', [bot!, crm!]);
  for (const n of [1, 2]) conversation.plant(foreign(n));
  const found = await inspectAs(conversation);
  expect(found.findings).toEqual(['drifted']);
  expect(steps(found)).toEqual(['delete crm', 'create sos']);
});

test('leaves a conversation alone that is not managed, whatever is attached', async () => {
  const conversation = new FakeConversation();
  conversation.plant(bot!);
  const found = await inspectAs(conversation);
  expect(found).toMatchObject({ findings: ['unmanaged'], profile: null, plan: [] });
  expect(isOutOfOrder(found)).toBe(false);
});

test('plans the entry of a conversation that is not managed into the requested profile', async () => {
  const found = await inspectAs(new FakeConversation(), { profile: 'both' });
  expect(found.findings).toEqual(['unmanaged']);
  expect(steps(found)).toEqual(['create router', 'create bot', 'create sos']);
  expect(isOutOfOrder(found)).toBe(true);
});

test('leaves a managed conversation in its profile, whatever profile is requested for others', async () => {
  expect(await inspectAs(conversationIn('bot'), { profile: 'both' })).toMatchObject({
    findings: [],
    profile: 'bot',
  });
});

test('finds that an entry has no slot', async () => {
  const conversation = new FakeConversation();
  for (const n of [1, 2, 3, 4, 5]) conversation.plant(foreign(n));
  const found = await inspectAs(conversation, { profile: 'closed' });
  expect(found.findings).toEqual(['slotsFull', 'unmanaged']);
});

test('takes a former name of a profile for its name of today', async () => {
  expect(await inspectAs(withRouter({ Profile: 'robot' }))).toMatchObject({ findings: [], profile: 'robot' });
});

test('finds a profile that the policy does not have', async () => {
  const found = await inspectAs(withRouter({ Profile: 'gone' }));
  expect(found).toMatchObject({ findings: ['unknownProfile'], profile: 'gone', plan: [] });
  expect(isOutOfOrder(found)).toBe(true);
});

describe('closed conversation', () => {
  test('is out of order only by what can be deleted', async () => {
    const conversation = conversationIn('both', [bot!, monitor!, monitor!]);
    const found = await inspectAs(conversation, {}, 'closed');
    expect(found.findings).toEqual(['drifted', 'duplicates', 'closed']);
    expect(steps(found)).toEqual(['delete monitor', 'delete monitor']);
  });

  test.each([
    ['another policy', () => withRouter({ Policy: 'former' })],
    ['a missing webhook', () => conversationIn('both', [sos!])],
    ['an unknown profile', () => withRouter({ Profile: 'gone' })],
  ])('is not out of order by %s', async (_, make) => {
    const found = await inspectAs(make(), { profile: 'bot' }, 'closed');
    expect(found).toMatchObject({ findings: ['closed'], plan: [] });
    expect(isOutOfOrder(found)).toBe(false);
  });

  test('is in order without webhooks, and enters no profile', async () => {
    expect(await inspectAs(new FakeConversation(), { profile: 'bot' }, 'closed')).toMatchObject({
      findings: [],
      plan: [],
    });
  });
});

test('tells webhooks from changed ones, in whatever order they are listed', () => {
  const conversation = conversationIn('both');
  const { webhooks } = conversation;
  const seen = fingerprint(webhooks);
  expect(fingerprint(webhooks.toReversed())).toBe(seen);
  conversation.rewrite(webhooks[0]!.sid, { method: 'get' });
  const changed = fingerprint(webhooks);
  expect(changed).not.toBe(seen);
  expect(fingerprint(webhooks.slice(1))).not.toBe(changed);
});
