import fc from 'fast-check';
import { groupByName, ROUTER } from '../../src/sync/managed-webhooks';
import { freeSlot, plan as planGroups, type Wanted, type WebhookStep } from '../../src/sync/plan';
import type { Definition } from '../../src/webhooks/definition';
import { routerDefinition } from '../../src/webhooks/router';
import type { Webhook } from '../../src/webhooks/webhook';
import { FakeConversation } from '../support/conversation';
import { desired, foreign, profiles, routerState, site } from '../support/desired-state';
import { hashOfIdentity, isConfigured, managed, nameOf } from '../support/oracle';

const router = routerDefinition(routerState('bot'), desired.router);
const known = { webhooks: desired.webhooks, hosts: [site.domainName, ...desired.router.formerDomains] };
const definitions: Record<string, Definition> = { ...desired.webhooks, [ROUTER]: router };

const plan = (
  attached: readonly Webhook[],
  of: typeof desired,
  wanted: Pick<Wanted, 'profile' | 'replay' | 'full'>,
) => planGroups(groupByName(attached, of), of, { ...wanted, attached: attached.length });

function misconfigured(definition: Definition, wrong: 'method' | 'more' | 'fewer' | 'others'): Definition {
  if (definition.target === 'studio') return definition;
  if (wrong === 'method') return { ...definition, method: 'get' };
  const change = <T>(list: readonly T[], other: T): readonly T[] =>
    wrong === 'more' || (wrong === 'fewer' && list.length === 1)
      ? [...list, other]
      : wrong === 'fewer'
        ? list.slice(1)
        : [...list.slice(1), other];
  return definition.target === 'trigger'
    ? { ...definition, triggers: change(definition.triggers, 'other') }
    : { ...definition, filters: change(definition.filters, 'onMessageRemoved') };
}

/** Up to five webhooks: managed ones as they should be, misconfigured or double, foreign ones, a router or two. */
const attachedSets = fc
  .array(
    fc.record({
      name: fc.constantFrom(...Object.keys(definitions), 'foreign1', 'foreign2'),
      wrong: fc.option(fc.constantFrom('method', 'more', 'fewer', 'others')),
      age: fc.nat(3),
    }),
    { maxLength: 5 },
  )
  .map((items) => {
    const conversation = new FakeConversation();
    for (const { name, wrong, age } of items) {
      const definition = definitions[name] ?? foreign(name === 'foreign1' ? 1 : 2);
      conversation.plant(wrong === null ? definition : misconfigured(definition, wrong), age);
    }
    return conversation.webhooks;
  });
const wanted = fc.constantFrom(...profiles);

/** The sets of webhooks on the way, as Twilio would hold them. */
async function carryOut(attached: readonly Webhook[], steps: readonly WebhookStep[]): Promise<Webhook[][]> {
  const conversation = new FakeConversation();
  conversation.webhooks.push(...attached);
  const sets = [[...conversation.webhooks]];
  for (const step of steps) {
    if (step.step === 'create') await conversation.create(step.definition, step.replayAfter);
    if (step.step === 'update') await conversation.update(step.sid, step.settings);
    if (step.step === 'delete') await conversation.remove(step.sid);
    sets.push([...conversation.webhooks]);
  }
  return sets;
}

const names = (webhooks: readonly Webhook[]) => [...managed(webhooks, known).keys()];
const missingOf = (webhooks: readonly Webhook[], profile: string) =>
  desired.profiles[profile]!.filter((name) => !names(webhooks).includes(name));
const carries = (webhooks: readonly Webhook[], profile: string) => missingOf(webhooks, profile).length === 0;
const untouched = (webhooks: readonly Webhook[]) =>
  webhooks.filter((webhook) => nameOf(webhook, known) === undefined);

test('reaches the profile, as far as there are slots', () =>
  fc.assert(
    fc.asyncProperty(attachedSets, wanted, async (attached, profile) => {
      const result = (await carryOut(attached, plan(attached, desired, { profile }))).at(-1)!;
      const kept = names(attached).includes(ROUTER) ? [ROUTER] : [];
      const slots = 5 - untouched(attached).length - kept.length;
      const expected = desired.profiles[profile]!;
      expect(names(result).filter((name) => name !== ROUTER)).toHaveLength(Math.min(expected.length, slots));
      expect([...expected, ...kept]).toEqual(expect.arrayContaining(names(result)));
      for (const [name, [one, ...more]] of managed(result, known)) {
        expect(more).toEqual([]);
        expect(one!.sid).toBe(managed(attached, known).get(name)?.[0]?.sid ?? one!.sid);
        expect({ ...one!.configuration, is: isConfigured(one!, definitions[name]!) }).toMatchObject({
          is: true,
        });
      }
    }),
  ));

test('plans nothing after a plan was carried out', () =>
  fc.assert(
    fc.asyncProperty(attachedSets, wanted, async (attached, profile) => {
      const result = (await carryOut(attached, plan(attached, desired, { profile }))).at(-1)!;
      expect(plan(result, desired, { profile })).toEqual([]);
    }),
  ));

test('never exceeds five webhooks, and never changes foreign ones', () =>
  fc.assert(
    fc.asyncProperty(attachedSets, wanted, async (attached, profile) => {
      // The conversation in memory refuses the sixth, as Twilio does.
      for (const set of await carryOut(attached, plan(attached, desired, { profile }))) {
        expect(set.length).toBeLessThanOrEqual(5);
        expect(untouched(set)).toEqual(untouched(attached));
      }
    }),
  ));

test('keeps the old or the new profile complete at each step, if the slots allow it', () =>
  fc.assert(
    fc.asyncProperty(attachedSets, wanted, wanted, async (attached, old, profile) => {
      fc.pre(carries(attached, old));
      const missing = missingOf(attached, profile).length;
      const double = attached.length - untouched(attached).length - names(attached).length;
      // Room is made by duplicates first; where that is not enough, a listener of the old profile may be what leaves.
      fc.pre(missing <= 5 - attached.length + double);
      for (const set of await carryOut(attached, plan(attached, desired, { profile })))
        expect(carries(set, old) || carries(set, profile)).toBe(true);
    }),
  ));

test('deletes first if Twilio reports that all slots are taken', () => {
  const conversation = new FakeConversation();
  const old = conversation.plant(desired.webhooks.crm!);
  const steps = plan(conversation.webhooks, desired, { profile: 'bot', full: true });
  expect(steps.map(({ step, webhook }) => `${step} ${webhook}`)).toEqual(['delete crm', 'create bot']);
  expect(steps[0]).toMatchObject({ sid: old.sid, why: expect.stringContaining('its slot is needed') });
});

test.each([
  ['bot', ['delete 1', 'create bot', 'delete 0']],
  ['both', ['delete 1', 'delete 0', 'create bot', 'create sos']],
])(
  'deletes as few as profile %s needs slots before it creates, duplicates first: %j',
  (profile, expected) => {
    const conversation = new FakeConversation();
    for (const name of ['crm', 'crm']) conversation.plant(desired.webhooks[name]!);
    for (const n of [1, 2, 3]) conversation.plant(foreign(n));
    const position = (sid: string) => conversation.webhooks.findIndex((webhook) => webhook.sid === sid);
    const steps = plan(conversation.webhooks, desired, { profile });
    expect(steps.map((step) => `${step.step} ${'sid' in step ? position(step.sid) : step.webhook}`)).toEqual(
      expected,
    );
    expect(steps[0]!.why).toBe('duplicate, and its slot is needed');
  },
);

test('updates first, then creates with their replay, then deletes', () => {
  const conversation = new FakeConversation();
  conversation.plant({ ...desired.webhooks.sos!, method: 'get' } as Definition);
  conversation.plant(desired.webhooks.crm!);
  expect(plan(conversation.webhooks, desired, { profile: 'both', replay: 7 })).toEqual([
    {
      step: 'update',
      webhook: 'sos',
      sid: expect.any(String),
      settings: desired.webhooks.sos,
      why: expect.any(String),
    },
    {
      step: 'create',
      webhook: 'bot',
      definition: desired.webhooks.bot,
      replayAfter: 7,
      why: expect.any(String),
    },
    { step: 'delete', webhook: 'crm', sid: expect.any(String), why: expect.any(String) },
  ]);
});

test('repairs the method and the filters of a router, and never its URL, which is the state', () => {
  const conversation = new FakeConversation();
  conversation.plant({ ...router, filters: ['onMessageAdded'] } as Definition);
  expect(plan(conversation.webhooks, desired, { profile: 'closed' })).toEqual([
    {
      step: 'update',
      webhook: ROUTER,
      sid: conversation.webhooks[0]!.sid,
      settings: { method: 'post', filters: desired.router.filters },
      why: 'configuration differs',
    },
  ]);
});

test('creates without a replay if none is given', () => {
  const [step] = plan([], desired, { profile: 'agent' });
  expect(step).toMatchObject({ step: 'create', webhook: 'crm' });
  expect(step).not.toHaveProperty('replayAfter');
});

test('deletes what only a former policy named, like any webhook that the profile does not need', () => {
  const conversation = new FakeConversation();
  const old = conversation.plant(foreign(1));
  const own = new Set([hashOfIdentity(foreign(1))]);
  const groups = groupByName(conversation.webhooks, desired, own);
  expect(planGroups(groups, desired, { profile: 'closed', attached: 1 })).toEqual([
    { step: 'delete', webhook: `former:${[...own][0]}`, sid: old.sid, why: 'not in profile closed' },
  ]);
  expect(plan(conversation.webhooks, desired, { profile: 'closed' })).toEqual([]);
});

test.each([
  [['crm', 'crm', 'bot'], 'bot', 'crm', 1],
  [['bot', 'sos', 'sos'], 'both', 'sos', 2],
  [['bot', 'sos', 'crm'], 'both', 'crm', 2],
])('frees of %j, for profile %s, the slot of %s', (attached, profile, webhook, position) => {
  const conversation = new FakeConversation();
  for (const name of attached) conversation.plant(desired.webhooks[name]!);
  expect(freeSlot(groupByName(conversation.webhooks, desired), desired, profile)).toMatchObject({
    step: 'delete',
    webhook,
    sid: conversation.webhooks[position]!.sid,
  });
});

test('frees no slot if the profile needs all', () => {
  const conversation = new FakeConversation();
  for (const name of ['bot', 'sos']) conversation.plant(desired.webhooks[name]!);
  conversation.plant(foreign(1));
  expect(freeSlot(groupByName(conversation.webhooks, desired), desired, 'both')).toBeUndefined();
});

test.each(['https://crm.example/in#rc=3&rp=5xx', 'https://crm.example:443/in', 'https://CRM.example/in'])(
  'updates a webhook with another spelling of its URL in place: %s',
  (url) => {
    const conversation = new FakeConversation();
    const { sid } = conversation.plant({ ...desired.webhooks.crm!, url } as Definition);
    expect(plan(conversation.webhooks, desired, { profile: 'agent' })).toEqual([
      { step: 'update', webhook: 'crm', sid, settings: desired.webhooks.crm, why: expect.any(String) },
    ]);
  },
);
