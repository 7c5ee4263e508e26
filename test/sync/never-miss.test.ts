import fc from 'fast-check';
import { ROUTER } from '../../src/sync/managed-webhooks';
import type { Definition } from '../../src/webhooks/definition';
import { parseSource } from '../support/policy';
import { Stage } from '../support/stage';

// docs/promises.md in the form of a test: whatever happens, in whatever order, no message is missed.

const site = { domainName: 'bots-1234.twil.io', local: false };
const policy = parseSource(
  JSON.stringify({
    webhooks: {
      bot: { target: 'studio', flowSid: `FW${'b'.repeat(32)}` },
      crm: { target: 'webhook', url: 'https://crm.example/in', filters: ['onMessageAdded'] },
    },
    profiles: { bot: ['bot'], agent: ['crm'], closed: [] },
    rules: [
      { on: 'onConversationAdded', profile: 'bot', replay: 'start' },
      {
        on: 'onMessageAdded',
        from: ['bot'],
        when: { Body: { words: ['human'] } },
        profile: 'agent',
        replay: 'this',
      },
      { on: 'onMessageAdded', from: ['agent'], when: { Body: { words: ['robot'] } }, profile: 'bot' },
    ],
  }),
  {},
  site,
);
const foreign: Definition = {
  target: 'webhook',
  url: 'https://theirs.example/in',
  method: 'post',
  filters: ['onMessageAdded'],
};

const which = fc.nat(9);
const action = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('step' as const), which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('react' as const), which, again: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      body: fc.constantFrom('hello', 'a human', 'a human', 'robot again', 'robot again'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      profile: fc.constantFrom('bot', 'agent', 'closed', undefined),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('finish' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(0.3, 1, 9.5, 12) }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

async function perform(stage: Stage, todo: Action): Promise<void> {
  switch (todo.do) {
    case 'write':
      return stage.write(todo.body);
    case 'pass':
      return stage.pass(todo.seconds);
    case 'finish':
      return stage.finish();
    case 'order':
      return stage.order(todo.profile);
    case 'react': {
      const at = todo.which % Math.max(1, stage.events.length);
      const event = stage.events[at];
      if (!event) return;
      // Twilio may deliver an event twice, and late.
      if (!todo.again) stage.events.splice(at, 1);
      return stage.react(event);
    }
    default: {
      const actor = stage.actors[todo.which % Math.max(1, stage.actors.length)];
      if (!actor) return;
      return todo.do === 'step' ? stage.step(actor) : stage.crash(actor);
    }
  }
}

async function check(stage: Stage): Promise<void> {
  const { names } = await stage.attached();
  const [router, ...more] = await stage.routers();
  expect(more).toEqual([]);
  if (!router) {
    expect(stage.commits).toEqual([]);
    return;
  }
  // Each managed webhook once: those of the profile in force, and no others.
  expect(names).toEqual([...policy.profiles[router.Profile]!, ROUTER].sort());
  // The current state is one that a run wrote, and each decision in it was made.
  expect(stage.commits.map(({ state }) => state)).toContainEqual(router);
  const decided = stage.commits.flatMap(({ state }) => state.Done);
  for (const key of router.Done) expect(decided).toContain(key);
  expect(stage.rejudged).toEqual([]);

  const received = stage.received();
  for (const [index, profiles] of stage.owed.entries()) {
    if (!stage.early.has(index)) expect(received[index]).toContain(ROUTER);
    if (profiles.size === 0) continue;
    const listeners = [...profiles].flatMap((profile) => policy.profiles[profile]!);
    expect(listeners.filter((name) => received[index]!.has(name))).not.toEqual([]);
  }
}

test('misses no message in any order of messages, rules, syncs, crashes, and late or duplicate events', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(action, { minLength: 20, maxLength: 80 }),
      async (entered, actions) => {
        const stage = await Stage.open(policy);
        try {
          await stage.attach(foreign);
          const theirs = (await stage.attached()).foreign;
          stage.announce();
          if (entered) await stage.comeToRest();
          for (const todo of actions) await perform(stage, todo);
          await stage.comeToRest();
          stage.pass(20);
          stage.order();
          await stage.comeToRest();
          await check(stage);
          expect((await stage.attached()).foreign).toEqual(theirs);
        } finally {
          await stage.close();
        }
      },
    ),
    { numRuns: Number(process.env.NEVER_MISS_RUNS ?? 100) },
  );
}, 120_000);
