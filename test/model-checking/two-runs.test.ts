import { explored } from '../support/model-checking/explored';
import type { Budget } from '../support/model-checking/explorer';
import { type SituationName, scenario } from '../support/model-checking/scenarios';

// Every interleaving of two runs, with each API call as one step: all there are, so each of these has to be exhausted.

const crash: Budget = { crash: 1 };
const all: Budget = { crash: 1, tenSeconds: 1, lost: 1, lag: 1 };

test.each<[SituationName, string, Budget]>([
  ['a hand-off and nothing else', 'and all that can go wrong', all],
  ['first message asks for a human', 'undisturbed', {}],
  ['two racing hand-offs', 'undisturbed', {}],
  ['hand-back during a hand-off', 'undisturbed', {}],
  ['two first syncs', 'undisturbed', {}],
  ['five slots', 'a crash and a lost answer', { crash: 1, lost: 1 }],
  ['five slots', 'a crash and a list that lags', { crash: 1, tenSeconds: 1, lag: 1 }],
  ['five slots, three of them foreign', 'and all that can go wrong', all],
  ['late and duplicated events', 'and a crash', crash],
  ['late and duplicated events', 'and a list that lags', { lag: 1 }],
  ['a hand-made sync against a rule', 'undisturbed', {}],
  ['a plain sync against a rule', 'and a crash', crash],
  ['a conversation closed during a hand-off', 'undisturbed', {}],
  ['Studio re-attaching', 'and all that can go wrong', all],
])('%s, %s: converges in every schedule', async (name, _, budget) => {
  expect(await explored(await scenario(name, budget))).toMatchObject({ exhausted: true });
});
