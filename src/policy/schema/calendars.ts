import { didYouMean, quote } from '../../lib/error-text';
import { type Calendar, type Span, WEEKDAYS } from '../calendar';
import { pathTo } from '../issues';
import { validateNamed } from './names';
import type { Validator } from './validator';

const KEYS = { required: ['timeZone', 'open'], optional: ['closed'] };

/** A span of one day, and where the policy has it. */
interface PlacedSpan {
  readonly span: Span;
  readonly path: string;
}

/** Validates opening hours by name, and spells them out day by day. */
export function validateCalendars(
  value: unknown,
  validator: Validator,
): Map<string, Calendar | undefined> | undefined {
  return validateNamed(value, 'calendars', validator, (item, path) =>
    validateCalendar(item, path, validator),
  );
}

function validateCalendar(value: unknown, path: string, validator: Validator): Calendar | undefined {
  const entry = validator.keys(value, path, KEYS);
  if (!entry) return undefined;
  const optional = <T>(key: string, read: (item: unknown, place: string, validator: Validator) => T) =>
    entry[key] === undefined ? undefined : read(entry[key], pathTo(path, key), validator);
  const timeZone = optional('timeZone', validateTimeZone);
  const open = optional('open', validateHours);
  const closed = optional('closed', validateDates) ?? [];
  return timeZone === undefined || !open ? undefined : { timeZone, open, closed };
}

function validateTimeZone(value: unknown, path: string, validator: Validator): string | undefined {
  const name = validator.string(value, path);
  if (name === undefined || isTimeZone(name)) return name;
  const hint = didYouMean(name, Intl.supportedValuesOf('timeZone')) || '; write a name like Europe/Berlin';
  return validator.issue(path, `${quote(name)} is not a time zone${hint}`);
}

function isTimeZone(name: string): boolean {
  // Some versions of Node.js also know offsets such as +01:00, which have no daylight saving.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function validateHours(value: unknown, path: string, validator: Validator): Span[][] | undefined {
  const object = validator.object(value, path);
  if (!object) return undefined;
  const week: PlacedSpan[][] = WEEKDAYS.map(() => []);
  for (const [key, item] of Object.entries(object)) {
    const place = pathTo(path, key);
    const days = validateDays(key, place, validator);
    const spans = validator.array(item, place, {
      of: 'spans',
      read: (text, at) => {
        const span = validateSpan(text, at, validator);
        return span && { span, path: at };
      },
    });
    for (const day of days ?? []) week[day]!.push(...(spans ?? []));
  }
  checkOverlaps(week, validator);
  return week.map((day) => day.map(({ span }) => span).sort(([a], [b]) => a - b));
}

const DAYS = /^(\w{3})(?:-(?!\1)(\w{3}))?$/;

/** The days of `sat`, `mon-fri` or `sun-thu`, from Monday = 0. */
function validateDays(key: string, path: string, validator: Validator): number[] | undefined {
  const [, first = '', last = first] = DAYS.exec(key) ?? [];
  const start = WEEKDAYS.indexOf(first);
  const end = WEEKDAYS.indexOf(last);
  if (start < 0 || end < 0)
    return validator.issue(
      path,
      `is not a day of the week${didYouMeanDays(key) || '; write one like sat, or several like mon-fri'}`,
    );
  const { length } = WEEKDAYS;
  return WEEKDAYS.flatMap((_, i) => (i <= (end - start + length) % length ? [(start + i) % length] : []));
}

function didYouMeanDays(key: string): string {
  // Monday, or Mon-Friday.
  const days = key
    .toLowerCase()
    .split('-')
    .map((day) => day.slice(0, 3));
  const written = days.join('-');
  const isValid = DAYS.test(written) && days.every((day) => WEEKDAYS.includes(day));
  return isValid ? `; did you mean ${quote(written)}?` : didYouMean(key, WEEKDAYS);
}

const SPAN = /^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

function validateSpan(value: unknown, path: string, validator: Validator): Span | undefined {
  const text = validator.string(value, path);
  if (text === undefined) return undefined;
  if (!SPAN.test(text))
    return validator.issue(path, `${quote(text)} is not a span; write one like 09:00-17:30`);
  const [start, end] = text.split('-').map(minuteOfDay) as [number, number];
  if (start < end) return [start, end];
  return validator.issue(
    path,
    `${quote(text)} does not end after it begins; past midnight, write 22:00-24:00, and 00:00-02:00 on the next day`,
  );
}

function minuteOfDay(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return hours * 60 + minutes;
}

function checkOverlaps(week: readonly (readonly PlacedSpan[])[], validator: Validator): void {
  const reported = new Set<string>();
  for (const day of week)
    for (const [i, { span, path }] of day.entries()) {
      const earlier = day.slice(0, i).find((other) => other.span[0] < span[1] && span[0] < other.span[1]);
      if (!earlier || reported.has(path)) continue;
      reported.add(path);
      validator.issue(path, `overlaps ${earlier.path}`);
    }
}

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

function validateDates(value: unknown, path: string, validator: Validator): string[] | undefined {
  return validator.array(value, path, {
    of: 'dates',
    unique: true,
    read: (item, place) => {
      const text = validator.string(item, place);
      if (text === undefined) return undefined;
      if (!DATE.test(text))
        return validator.issue(place, `${quote(text)} is not a date; write one like 2026-12-25`);
      return existsInCalendar(text) ? text : validator.issue(place, `${quote(text)} does not exist`);
    },
  });
}

/** Whether a month has the day of a date such as 2026-02-30. */
export function existsInCalendar(date: string): boolean {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
