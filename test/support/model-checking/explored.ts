import { type Explored, explore, type Scenario } from './explorer';

/**
 * The scenario explored. A schedule that breaks a promise fails the test as a list of its steps. With EXPLORER_REPORT it is
 * told how far the search went.
 * @param limit states after which the search gives up; EXPLORER_TIMES is how many times as many may be taken
 */
export async function explored(scenario: Scenario, limit = Number.POSITIVE_INFINITY): Promise<Explored> {
  const found = await explore(scenario, limit * Number(process.env.EXPLORER_TIMES ?? 1));
  const { states, schedules, exhausted, broken } = found;
  if (process.env.EXPLORER_REPORT)
    process.stdout.write(
      `${expect.getState().currentTestName}: ${states} states, ${schedules} schedules${exhausted ? ', exhausted' : ''}\n`,
    );
  if (broken !== undefined) throw new Error(`A schedule breaks what is promised:\n\n${broken}`);
  return found;
}
