import { undoneByRepair } from '../../src/sync/undone';
import { routerDefinition } from '../../src/webhooks/router';
import { matchesConfig, type Webhook } from '../../src/webhooks/webhook';
import { FakeConversation } from '../support/conversation';
import { desired, desiredWith, foreign, routerState } from '../support/desired-state';

let conversation: FakeConversation;
let bot: Webhook;
let sos: Webhook;
beforeEach(() => {
  conversation = new FakeConversation();
  conversation.plant(routerDefinition(routerState('both'), desired.router));
  bot = conversation.plant(desired.webhooks.bot!);
  sos = conversation.plant(desired.webhooks.sos!);
});

const undone = (changed: readonly Webhook[], state = desired) =>
  undoneByRepair(changed, conversation.webhooks, state);
const remove = ({ sid }: Webhook) => {
  conversation.webhooks.splice(
    conversation.webhooks.findIndex((webhook) => webhook.sid === sid),
    1,
  );
};

test('names nothing that is as the policy wants it', () => {
  expect(undone(conversation.webhooks)).toEqual([]);
});

test('names an attached webhook that is not in the profile', () => {
  expect(undone([conversation.plant(desired.webhooks.crm!)])).toEqual(['crm']);
});

test('names a changed webhook, and not another that differs too', () => {
  conversation.rewrite(bot.sid, { filters: ['onMessageUpdated'] });
  conversation.rewrite(sos.sid, { triggers: ['other'] });
  const changed = conversation.webhooks.find(({ sid }) => sid === sos.sid)!;
  expect(matchesConfig(changed, desired.webhooks.sos!)).toBe(false);
  expect(undone([changed])).toEqual(['sos']);
});

test('names detached webhooks that the profile has, and no other that is missing', () => {
  remove(bot);
  const other = conversation.plant(foreign(1));
  remove(other);
  expect(undone([other])).toEqual([]);
  remove(sos);
  expect(undone([sos, other])).toEqual(['sos']);
});

test('names the router whose events were changed, and a second one', () => {
  const [router] = conversation.webhooks;
  conversation.rewrite(router!.sid, { filters: ['onMessageAdded'] });
  expect(undone([conversation.webhooks[0]!])).toEqual(['router']);
  expect(undone([conversation.plant(routerDefinition(routerState('bot'), desired.router))])).toEqual([
    'router',
  ]);
});

test('names a webhook of a former policy by its hash', () => {
  const webhooks = { bot: desired.webhooks.bot!, sos: desired.webhooks.sos! };
  const state = desiredWith({ webhooks, profiles: { both: ['bot', 'sos'] } });
  expect(undone([conversation.plant(desired.webhooks.crm!)], state)).toEqual([
    expect.stringMatching(/^former:[\w-]{5}$/),
  ]);
});

test('names nothing without a router, without a known profile, or without a valid policy', () => {
  const crm = conversation.plant(desired.webhooks.crm!);
  expect(undoneByRepair([crm], conversation.webhooks, undefined)).toEqual([]);
  expect(undone([crm], desiredWith({ profiles: { other: [] }, formerProfiles: {} }))).toEqual([]);
  remove(conversation.webhooks[0]!);
  expect(undone([crm])).toEqual([]);
});
