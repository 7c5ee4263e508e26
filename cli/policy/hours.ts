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
