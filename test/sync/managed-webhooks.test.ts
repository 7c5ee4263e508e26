import { groupByName, hashOf, hashOfDefinition, missingWebhooks } from '../../src/sync/managed-webhooks';
import type { Definition } from '../../src/webhooks/definition';
import { routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';
import { desired, desiredWith, foreign, routerState } from '../support/desired-state';
import { hashOfIdentity } from '../support/oracle';

let conversation: FakeConversation;
beforeEach(() => {
  conversation = new FakeConversation();
});
const group = (of = desired, own: readonly string[] = []) =>
  Object.fromEntries(
    [...groupByName(conversation.webhooks, of, new Set(own))].map(([name, all]) => [
      name,
      all.map(({ sid }) => conversation.webhooks.findIndex((webhook) => webhook.sid === sid)),
    ]),
  );
const crm = desired.webhooks.crm as Extract<Definition, { target: 'webhook' }>;

test('groups by name, the oldest first, and leaves out foreign webhooks', () => {
  conversation.plant(crm, 20);
  conversation.plant(routerDefinition(routerState('agent'), desired.router), 10);
  conversation.plant(crm, 10);
  conversation.plant(foreign(1), 1);
  expect(group()).toEqual({ router: [1], crm: [2, 0] });
});

test('a webhook of a former policy is managed if the router’s URL has it', () => {
  conversation.plant(foreign(1));
  conversation.plant(foreign(2));
  const hash = hashOfIdentity(foreign(1));
  expect(group(desired, [hash])).toEqual({ [`former:${hash}`]: [0] });
});

test('a webhook that today’s policy names has that name, also if the URL has it', () => {
  conversation.plant(crm);
  expect(group(desired, [hashOfIdentity(crm)])).toEqual({ crm: [0] });
});

test('a path of this deployment is the same on a former domain', () => {
  const desk = { ...crm, url: 'https://bots-1234.twil.io/desk?a=1' };
  const own = desiredWith({ webhooks: { ...desired.webhooks, crm: desk } });
  conversation.plant({ ...crm, url: 'https://old-1.twil.io/desk?a=1' });
  conversation.plant({ ...crm, url: 'https://old-1.twil.io/desk?a=2' });
  conversation.plant({ ...crm, url: 'https://else.twil.io/desk?a=1' });
  expect(group(own)).toEqual({ crm: [0] });
});

test('a path of another host is not', () => {
  conversation.plant({ ...crm, url: 'https://old-1.twil.io/in' });
  expect(group()).toEqual({});
});

test.each([
  ['https://crm.example/in#rc=3', 'https://crm.example/in'],
  ['https://CRM.example:443/in', 'https://crm.example/in'],
])('the hash of %s is that of %s', (url, same) => {
  const hash = hashOfIdentity({ ...crm, url: same });
  expect(hashOfDefinition({ ...crm, url })).toBe(hash);
  expect(hashOf(conversation.plant({ ...crm, url }))).toBe(hash);
});

test('the hash has five characters, and differs by target', () => {
  const { filters: _, ...rest } = crm;
  const trigger: Definition = { ...rest, target: 'trigger', triggers: ['a'] };
  expect(hashOfDefinition(crm)).toMatch(/^[\w-]{5}$/);
  expect(hashOfDefinition(trigger)).not.toBe(hashOfDefinition(crm));
  const studio = desired.webhooks.bot!;
  expect(hashOf(conversation.plant(studio))).toBe(hashOfIdentity(studio));
});

test('lists the webhooks that are missing for a profile', () => {
  conversation.plant(desired.webhooks.sos!);
  const found = groupByName(conversation.webhooks, desired);
  expect(missingWebhooks(found, desired, 'full')).toEqual(['bot', 'monitor', 'survey']);
  expect(missingWebhooks(found, desired, 'closed')).toEqual([]);
  expect(missingWebhooks(found, desired, 'vip')).toEqual([]);
});
