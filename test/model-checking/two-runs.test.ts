import { explored } from '../support/model-checking/explored';
import { type Situation, scenario } from '../support/model-checking/scenarios';
import { ONE_POLICY, TWO_POLICIES } from '../support/model-checking/situations';

// Every interleaving of two runs, with each API call as one step: all there are, so each of these has to be exhausted.

const WHOLE: readonly (keyof typeof ONE_POLICY)[] = [
  'a missing listener',
  'a new conversation among four webhooks',
  'a request for the profile in force',
  'a request that repairs',
  'a conversation that is closed',
  'an old message that is edited',
  'a service event that decides nothing',
  'a listener detached by hand',
  'a router of a former version, at rest',
];
const UNDISTURBED: readonly (keyof typeof ONE_POLICY)[] = [
  'a hand-off',
  'an event without an index, after a history',
  'two requests',
  'a plain sync against a rule',
  'an end against a rule',
  'a hand-off in a conversation that is closed',
  'an old message that asks for the next',
  'an old message that asks for itself',
];
const NEW_POLICY: readonly (keyof typeof TWO_POLICIES)[] = [
  'a new URL',
  'a new policy and a request',
  'a new policy, and an old message that is edited',
  'two versions, and plain syncs',
];

async function exhaust(situation: Situation): Promise<void> {
  expect(await explored(await scenario(situation))).toMatchObject({ exhausted: true });
}

test.each(WHOLE)('%s: converges in every schedule, whatever goes wrong', (name) => exhaust(ONE_POLICY[name]));

test.each(UNDISTURBED)('%s: converges in every schedule', (name) =>
  exhaust({ ...ONE_POLICY[name], budget: {} }),
);

test.each(NEW_POLICY)('%s: converges in every schedule', (name) =>
  exhaust({ ...TWO_POLICIES[name], budget: {} }),
);
