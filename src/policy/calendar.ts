export const WEEKDAYS: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Minutes from midnight; the end is exclusive. */
export type Span = readonly [start: number, end: number];

/** Opening hours on the clocks of a time zone. */
export interface Calendar {
  /** As the IANA database spells it. */
  readonly timeZone: string;
  /** For each day of the week from Monday on, in order. */
  readonly open: readonly (readonly Span[])[];
  /** Dates without opening hours: `2026-12-25`. */
  readonly closed: readonly string[];
}

/** Whether a calendar is open. An hour that clocks repeat counts twice; one that they skip never comes. */
export function isOpen({ timeZone, open, closed }: Calendar, at: Date): boolean {
  const { date, weekday, minute } = clockIn(timeZone, at);
  return !closed.includes(date) && open[weekday]!.some(([start, end]) => start <= minute && minute < end);
}

/** What the clocks of a time zone show: the date, the day of the week from Monday = 0, and minutes from midnight. */
export function clockIn(timeZone: string, at: Date): { date: string; weekday: number; minute: number } {
  const parts = formatterOf(timeZone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)!.value;
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    weekday: WEEKDAYS.indexOf(part('weekday').toLowerCase()),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

// Much slower to create than to use.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const digits = '2-digit';
  const created = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: digits,
    day: digits,
    weekday: 'short',
    hour: digits,
    minute: digits,
  });
  formatters.set(timeZone, created);
  return created;
}
