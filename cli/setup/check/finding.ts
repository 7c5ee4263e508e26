/** Something that keeps conversations out. */
export interface Finding {
  /** What was found. */
  readonly detail: string;
  /** A command, or a step in the Twilio Console. */
  readonly remedy: string;
  /** SIDs of what it is about. */
  readonly service?: string;
  readonly address?: string;
  readonly sink?: string;
}

/** One thing that is checked: a pure function of what was read. */
export interface Check<Facts> {
  /** Stable, for programs. */
  readonly code: string;
  /** What is so if nothing is found. */
  readonly healthy: string;
  find(facts: Facts): readonly Finding[];
}

/** What was read, or why it could not be. */
export type Reading<T> = { readonly value: T } | Unread;

export interface Unread {
  readonly why: string;
  /** The code of the check that has the reason. */
  readonly cause?: string;
  readonly error?: unknown;
}

export type Result =
  | ({ readonly code: string; readonly status: 'found' } & Finding)
  | { readonly code: string; readonly status: 'ok'; readonly detail: string }
  | {
      readonly code: string;
      readonly status: 'not_checked';
      readonly detail: string;
      readonly cause?: string;
    };

export function run<Facts>({ code, healthy, find }: Check<Facts>, reading: Reading<Facts>): Result[] {
  if ('why' in reading) {
    const { why, cause } = reading;
    return [{ code, status: 'not_checked', detail: why, ...(cause !== undefined && { cause }) }];
  }
  const findings = find(reading.value);
  return findings.length > 0
    ? findings.map((finding) => ({ code, status: 'found', ...finding }))
    : [{ code, status: 'ok', detail: healthy }];
}

/** Readings as one, or the first that failed. */
export function together<T extends object>(readings: { [K in keyof T]: Reading<T[K]> }): Reading<T> {
  const entries = Object.entries(readings) as [string, Reading<unknown>][];
  const failed = entries.map(([, reading]) => reading).find((reading) => 'why' in reading);
  if (failed && 'why' in failed) return failed;
  return {
    value: Object.fromEntries(
      entries.map(([key, reading]) => [key, 'value' in reading && reading.value]),
    ) as T,
  };
}
