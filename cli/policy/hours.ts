import { type Calendar, clockIn, isOpen, WEEKDAYS } from '../../src/policy/calendar';
import type { Policy } from '../../src/policy/policy';
import type { Rule } from '../../src/policy/rule';
import type { Finding } from './conditions';

type RuleHours = Pick<Rule, 'during' | 'outside'>;

/** The conditions of `during` and `outside`, and which of them hold. */
export function findingsOfHours(
  { during, outside }: RuleHours,
  calendars: Policy['calendars'],
  at: Date,
): Finding[] {
  const finding = (name: string, state: 'open' | 'closed'): Finding => {
    const calendar = calendars[name]!;
    const found = isOpen(calendar, at) ? 'open' : 'closed';
    return {
      condition: `${name} to be ${state}`,
      holds: found === state,
      ...(found !== state && { found: `it is ${found} ${describeTime(calendar, at)}` }),
    };
  };
  return [
    ...(during === undefined ? [] : [finding(during, 'open')]),
    ...(outside === undefined ? [] : [finding(outside, 'closed')]),
  ];
}

/** `during office` */
export function describeHours({ during, outside }: RuleHours): string {
  return [
    ...(during === undefined ? [] : [`during ${during}`]),
    ...(outside === undefined ? [] : [`outside ${outside}`]),
  ].join(' and ');
}

/** `on fri 2026-12-25 at 11:00 in Europe/Berlin` */
function describeTime({ timeZone }: Calendar, at: Date): string {
  const { date, weekday, minute } = clockIn(timeZone, at);
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `on ${WEEKDAYS[weekday]} ${date} at ${hours}:${minutes} in ${timeZone}`;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const changes = new Map<string, readonly Date[]>();

/**
 * Times at which calendars are open and closed in different ways, the earliest of each: from a time on for a week, and on later
 * closed dates.
 */
export function differentTimes(calendars: readonly Calendar[], from: Date): Date[] {
  const times = calendars.flatMap((calendar) => {
    const key = JSON.stringify([calendar, from]);
    const known = changes.get(key) ?? findChanges(calendar, from.getTime());
    changes.set(key, known);
    return known;
  });
  const found = new Map<string, Date>();
  for (const time of [from, ...times.sort((a, b) => a.getTime() - b.getTime())]) {
    const state = calendars.map((calendar) => isOpen(calendar, time)).join();
    if (!found.has(state)) found.set(state, time);
  }
  return [...found.values()];
}

/** When a calendar opens and closes, as if it were open on closed dates. */
function findChanges(calendar: Calendar, from: number): Date[] {
  const between = (hours: Calendar, start: number, end: number, stepMs: number) => {
    const times: Date[] = [];
    for (let time = start + stepMs; time < end; time += stepMs)
      if (isOpen(hours, new Date(time)) !== isOpen(hours, new Date(time - stepMs)))
        times.push(new Date(time));
    return times;
  };
  const holidays = calendar.closed.map((date) => Date.parse(date)).filter((time) => time > from);
  return [
    ...between(calendar, from, from + 7 * DAY_MS, MINUTE_MS),
    // Wherever its time zone is, a date is within these.
    ...holidays.flatMap((time) =>
      between({ ...calendar, closed: [] }, time - DAY_MS, time + 2 * DAY_MS, 15 * MINUTE_MS),
    ),
  ];
}
