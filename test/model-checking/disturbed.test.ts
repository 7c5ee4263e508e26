import { explored } from '../support/model-checking/explored';
import type { Budget } from '../support/model-checking/explorer';
import { type SituationName, scenario } from '../support/model-checking/scenarios';

// The same and larger situations with all that can go wrong in them: too many schedules for all of them, so a bounded
// number, of every kind. EXPLORER_TIMES=20 takes twenty times as many.

const DISTURBANCES: Record<string, Budget> = {
  'a crash, and its event late': { crash: 1, tenSeconds: 1 },
  'a slow run': { second: 1, halfSecond: 1 },
  'a lost answer': { lost: 1 },
  'a list that lags': { lag: 1 },
};
const TWO: readonly SituationName[] = [
  'first message asks for a human, and goes on',
  'two racing hand-offs',
  'hand-back during a hand-off',
  'two first syncs that differ',
  'a new conversation is announced twice',
  'five slots, there and back',
  'late and duplicated events, there and back',
  'a hand-made sync against a rule',
  'a plain sync against a rule',
  'a conversation closed during a hand-off',
];
const THREE: readonly SituationName[] = [
  'three at once: there, back, and a hand-made sync',
  'three at once: two first syncs and a rule',
  'three at once: two hand-offs and a plain sync',
];

describe.each(Object.entries(DISTURBANCES))('%s', (_, budget) => {
  test.each(TWO)('%s', async (name) => {
    await explored(await scenario(name, budget), 600);
  });
});

test.each(THREE)('%s', async (name) => {
  await explored(await scenario(name, {}), 2000);
});
