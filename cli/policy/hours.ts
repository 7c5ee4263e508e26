import { type Calendar, clockIn, isOpen, WEEKDAYS } from '../../src/policy/calendar';
import type { Policy } from '../../src/policy/policy';
import { hoursOf, type Rule } from '../../src/policy/rule';
import type { Finding } from './conditions';

type Hours = Pick<Rule, 'during' | 'outside'>;

/** The conditions of `during` and `outside`, and which of them hold. */
export function findingsOfHours(rule: Hours, calendars: Policy['calendars'], at: Date): Finding[] {
  const finding = (name: string, state: 'open' | 'closed'): Finding => {
    const calendar = calendars[name]!;
    const found = isOpen(calendar, at) ? 'open' : 'closed';
    return {
      condition: `${name} to be ${state}`,
      holds: found === state,
      ...(found !== state && { found: `it is ${found} ${describeTime(calendar, at)}` }),
    };
  };
  return hoursOf(rule).map(({ calendar, open }) => finding(calendar, open ? 'open' : 'closed'));
}

/** `during office` */
export function describeHours(rule: Hours): string {
  return hoursOf(rule)
    .map(({ name }) => name)
    .join(' and ');
}

/** `on fri 2026-12-25 at 11:00 in Europe/Berlin` */
function describeTime({ timeZone }: Calendar, at: Date): string {
  const { date, weekday, minute } = clockIn(timeZone, at);
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `on ${WEEKDAYS[weekday]} ${date} at ${hours}:${minutes} in ${timeZone}`;
}

/** The calendars that the rules of a policy use. */
export function calendarsOf({ rules, calendars }: Policy): Calendar[] {
  const used = rules.flatMap(hoursOf).map(({ calendar }) => calendar);
  return [...new Set(used)].map((name) => calendars[name]!);
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** In winter and in summer: two time zones may have the same time in one of them only. */
const MONDAYS = ['2026-01-05', '2026-07-06'];

/**
 * Times at which calendars are open and closed in different ways, one of each: what rules decide at other times is the same. The
 * first one is `start`, others are when a calendar opens or closes in one of two weeks or around a closed date.
 */
export function differentTimes(calendars: readonly Calendar[], start: Date): readonly Date[] {
  const week = [0, 1, 2, 3, 4, 5, 6];
  const weeks = MONDAYS.flatMap((monday) => week.map((i) => Date.parse(monday) + i * DAY_MS));
  const closed = calendars.flatMap((calendar) => calendar.closed.map((date) => Date.parse(date)));
  // Elsewhere it is the day before or after.
  const days = [
    ...weeks,
    ...closed.sort((a, b) => a - b).flatMap((day) => [day - DAY_MS, day, day + DAY_MS]),
  ];
  const found = new Map<string, Date>();
  const add = (time: Date) => {
    const state = calendars.map((calendar) => isOpen(calendar, time)).join();
    if (!found.has(state)) found.set(state, time);
  };
  add(start);
  for (const day of new Set(days)) {
    const times = calendars.flatMap((calendar) => bordersOn(calendar, day));
    for (const time of [...new Set(times)].sort((a, b) => a - b)) add(new Date(time));
  }
  return [...found.values()];
}

/** When a calendar opens and closes on a day, and when the day begins and ends. @param day its midnight in UTC */
function bordersOn({ timeZone, open }: Calendar, day: number): number[] {
  const weekday = (new Date(day).getUTCDay() + 6) % 7;
  return [0, ...open[weekday]!.flat(), 24 * 60].map((minute) =>
    whenClocksShow(day + minute * MINUTE_MS, timeZone),
  );
}

/** When the clocks of a time zone show what those of UTC show at `time`. */
function whenClocksShow(time: number, timeZone: string): number {
  const offset = (at: number) => {
    const { date, minute } = clockIn(timeZone, new Date(at));
    return Date.parse(date) + minute * MINUTE_MS - at;
  };
  // The offset may be another one by then.
  return time - offset(time - offset(time));
}
