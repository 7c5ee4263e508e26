import { explored } from '../support/model-checking/explored';
import { type Situation, scenario } from '../support/model-checking/scenarios';
import { ONE_POLICY, TWO_POLICIES } from '../support/model-checking/situations';

// All situations, with what can go wrong in them: too many schedules for all of them, so a bounded number of every kind.
// EXPLORER_TIMES=20 takes twenty times as many.

const LIMIT = 600;
const entries = (situations: Readonly<Record<string, Situation>>) => Object.entries(situations);

describe('one policy', () => {
  test.each(entries(ONE_POLICY))('%s', async (_, situation) => {
    await explored(await scenario(situation), LIMIT);
  });
});

describe('a policy that changes', () => {
  test.each(entries(TWO_POLICIES))('%s', async (_, situation) => {
    await explored(await scenario(situation), LIMIT);
  });
});
