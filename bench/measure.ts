/** What many measurements of one thing say: the value in the middle, and the quarters around it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** @throws Error for no values: nothing was measured */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    count: sorted.length,
  };
}

/**
 * How many times the one is the other, round by round, so that what slows a whole round down cancels out.
 * @throws Error where the rounds do not pair
 */
export function ratio(values: readonly number[], beside: readonly number[]): Spread {
  if (values.length !== beside.length)
    throw new Error('only what was measured in the same rounds has a ratio');
  return spread(values.map((value, round) => value / beside[round]!));
}

/** What was measured of each subject, one value for each round. */
type Measured<Name extends string, Value> = Record<Name, Value[]>;

/**
 * Measures each subject once in each round, in one order and then in the other, so that none of them always comes first.
 * @param rounds how many count; one more comes before them and does not
 */
export async function interleave<Name extends string, Value>(
  rounds: number,
  subjects: Readonly<Record<Name, () => Value | Promise<Value>>>,
): Promise<Measured<Name, Value>> {
  const names = Object.keys(subjects) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as Value[]])) as Measured<Name, Value>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await subjects[name]();
      if (round > 0) measured[name].push(value);
    }
  }
  return measured;
}

// Between two values if no value is exactly at that place.
function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place % 1);
}
