import { type AttachRequest, attach } from '../../src/webhooks/attach';
import type { Definition } from '../../src/webhooks/definition';
import { detach } from '../../src/webhooks/detach';
import { Bundle } from '../support/model-checking/bundle';
import { explored } from '../support/model-checking/explored';
import type { Budget, Scenario, Task } from '../support/model-checking/explorer';
import type { World } from '../support/model-checking/world';
import { isThis } from '../support/oracle';

const bundle = Bundle.handOff;
const url = 'https://attached.example/in';
const definition: Definition = { target: 'webhook', url, method: 'post', filters: ['onMessageAdded'] };
const other = (n: number): Definition => ({ ...definition, url: `https://other-${n}.example/in` });

const attaching = (label: string, more: Partial<AttachRequest> = {}) =>
  bundle.task({
    ...{ label, facts: {} },
    work: () => (conversation) => attach(conversation, { definition, ...more }),
  });

const RUNS = {
  attach: () => attaching('attach'),
  change: () => attaching('attach with GET', { definition: { ...definition, method: 'get' } }),
  replace: () => attaching('replace', { replace: true, replayAfter: 'start' }),
  detach: () =>
    bundle.task({
      ...{ label: 'detach', facts: {} },
      work: () => async (conversation) => {
        await detach(conversation, { match: { url } });
        return { result: 'detached' };
      },
    }),
};
type Run = keyof typeof RUNS;

interface Start {
  /** Whether it is attached from the start. */
  readonly there: boolean;
  /** How many others are. */
  readonly others: number;
}

const isFailure = (outcome: string) => / (error|threw) /.test(outcome);
/** Of three, the third may find the last slot taken when it creates, and the one who took it gone when it looks. */
const isShort = (outcome: string) => outcome.includes('error 50361');

async function race(runs: readonly Run[], { there, others }: Start, budget: Budget): Promise<Scenario> {
  const foreign = Array.from({ length: others }, (_, n) => other(n));
  const world = bundle.conversation({ others: [...foreign, ...(there ? [definition] : [])] });
  const equals = ({ webhooks }: World) => webhooks.filter((webhook) => isThis(webhook, definition)).length;
  const least = runs.includes('detach') ? 0 : 1;
  const theirs = world.webhooks.filter((webhook) => !isThis(webhook, definition));
  const tasks: Task[] = [];
  for (const run of runs) tasks.push(await RUNS[run]());
  return {
    world,
    tasks,
    budget,
    atOnce: runs.length,
    brokenAtRest: (end, outcomes) => {
      const count = equals(end);
      const broken = theirs.every((webhook) => end.webhooks.includes(webhook))
        ? []
        : ['another webhook was changed'];
      const failures = outcomes.filter(isFailure);
      const undisturbed = outcomes.length === runs.length && failures.length === 0;
      // Who fails or dies may leave a duplicate, and who replaces and fails may leave none: all others leave exactly one.
      if (!budget.lost)
        broken.push(
          ...failures.filter((failure) => !(runs.length === 3 && others === 4 && isShort(failure))),
        );
      if (undisturbed && (count > 1 || count < least)) broken.push(`there are ${count}`);
      const attached = outcomes.some((outcome) => !isFailure(outcome) && !outcome.endsWith('detached'));
      const removers = runs.some((run) => run === 'replace' || run === 'detach');
      if (attached && !removers && count === 0) broken.push('one succeeded, and there is none');
      return broken;
    },
    after: [await attaching('attach once more')],
    broken: (end, outcomes) => [
      ...(equals(end) === 1 ? [] : [`there are ${equals(end)}`]),
      ...outcomes.filter((outcome) => outcome.startsWith('attach once more') && isFailure(outcome)),
    ],
  };
}

const ALL: readonly Run[] = ['attach', 'change', 'replace', 'detach'];
const pairs = ALL.flatMap((one, i) => ALL.slice(i).map((two): [Run, Run] => [one, two]));
const starts: [string, Start][] = [
  ['nothing is attached', { there: false, others: 0 }],
  ['it is attached', { there: true, others: 0 }],
  ['the last slot is free', { there: false, others: 4 }],
  ['it has the last slot', { there: true, others: 4 }],
];

describe.each(starts)('%s', (_, start) => {
  test.each(pairs)('%s and %s converge, even with a crash or a lost response', async (...runs) => {
    for (const budget of [{}, { crash: 1 }, { lost: 1 }, { crash: 1, lost: 1 }])
      expect(await explored(await race(runs, start, budget))).toMatchObject({ exhausted: true });
  });

  test.each<Run[]>([
    ['attach', 'attach', 'replace'],
    ['attach', 'change', 'detach'],
    ['attach', 'replace', 'detach'],
    ['replace', 'replace', 'change'],
  ])('%s, %s and %s converge in a bounded number of schedules', async (...runs) => {
    for (const budget of [{}, { crash: 1, lost: 1 }]) await explored(await race(runs, start, budget), 500);
  });
});

test('converges in every schedule of three attaches', async () => {
  const scenario = await race(['attach', 'attach', 'attach'], { there: false, others: 0 }, {});
  expect(await explored(scenario)).toMatchObject({ exhausted: true });
});
