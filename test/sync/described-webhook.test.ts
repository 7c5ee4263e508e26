import { describeWebhooks } from '../../src/sync/described-webhook';
import { routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';
import { desired, foreign, routerState } from '../support/desired-state';
import { hashOfIdentity } from '../support/oracle';

const conversationWith = (...definitions: Parameters<FakeConversation['plant']>[0][]) => {
  const conversation = new FakeConversation();
  for (const definition of definitions) conversation.plant(definition);
  return conversation.webhooks;
};
const namesOf = (...args: Parameters<typeof describeWebhooks>) =>
  describeWebhooks(...args).map(({ policy_name }) => policy_name);

test('names webhooks as a plan does, and not the foreign ones', () => {
  const own = { want: [], rest: [hashOfIdentity(foreign(1))] };
  const router = routerDefinition(routerState('agent', { Own: own }), desired.router);
  const webhooks = conversationWith(foreign(1), desired.webhooks.crm!, router, foreign(2));
  expect(namesOf(webhooks, desired)).toEqual([`former:${own.rest[0]}`, 'crm', 'router', null]);
});

test('names nothing without a valid policy', () => {
  const router = routerDefinition(routerState('agent'), desired.router);
  expect(namesOf(conversationWith(router, desired.webhooks.crm!), undefined)).toEqual([null, null]);
});

test('decodes the URL of the router, and of no other webhook', () => {
  const state = routerState('agent', {
    Replay: 7,
    At: 1_790_000_000,
    Done: ['a1B2c', 'd3E4f'],
    Adopted: 1_790_000_060,
  });
  const webhooks = conversationWith(routerDefinition(state, desired.router), desired.webhooks.crm!);
  expect(describeWebhooks(webhooks, desired).map(({ router }) => router)).toEqual([
    {
      profile: 'agent',
      replay: 7,
      decided_at: '2026-09-21T14:13:20Z',
      decisions: ['a1B2c', 'd3E4f'],
      policy: 'policy',
      adopted_at: '2026-09-21T14:14:20Z',
    },
    undefined,
  ]);
});

test.each([0, 999_999_999_999_999])('has no date of a decision for At=%d', (At) => {
  const [router] = conversationWith(routerDefinition(routerState('agent', { At }), desired.router));
  expect(describeWebhooks([router!], desired)[0]?.router?.decided_at).toBeNull();
});
