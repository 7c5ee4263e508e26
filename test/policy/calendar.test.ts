import fc from 'fast-check';
import { type Calendar, isOpen, WEEKDAYS } from '../../src/policy/calendar';
import { validateCalendars } from '../../src/policy/schema/calendars';
import { Validator } from '../../src/policy/schema/validator';

type Written = { timeZone: string; open: Record<string, string[]>; closed?: string[] };

function calendar(written: Written): Calendar {
  const validator = new Validator();
  const calendars = validateCalendars({ office: written }, validator);
  expect(validator.issues).toEqual([]);
  return calendars!.get('office')!;
}

const office: Written = {
  timeZone: 'Europe/Berlin',
  open: { 'mon-fri': ['09:00-12:30', '13:30-18:00'], sat: ['22:00-24:00'], sun: ['00:00-02:00'] },
  closed: ['2026-12-25'],
};

test('spells the hours out day by day', () => {
  const weekday = [
    [540, 750],
    [810, 1080],
  ];
  expect(calendar({ ...office, open: { ...office.open, fri: ['18:00-19:00', '08:00-09:00'] } })).toEqual({
    timeZone: 'Europe/Berlin',
    open: [
      weekday,
      weekday,
      weekday,
      weekday,
      [[480, 540], ...weekday, [1080, 1140]],
      [[1320, 1440]],
      [[0, 120]],
    ],
    closed: ['2026-12-25'],
  });
  expect(calendar({ timeZone: 'UTC', open: { 'sun-tue': ['00:00-24:00'] } })).toEqual({
    timeZone: 'UTC',
    open: WEEKDAYS.map((day) => (['sun', 'mon', 'tue'].includes(day) ? [[0, 1440]] : [])),
    closed: [],
  });
});

test.each([
  // Winter: an hour ahead of UTC.
  ['2026-01-05T07:59:59.999Z', false],
  ['2026-01-05T08:00:00Z', true],
  ['2026-01-05T11:29:59Z', true],
  ['2026-01-05T11:30:00Z', false],
  ['2026-01-05T16:59:59Z', true],
  ['2026-01-05T17:00:00Z', false],
  // Summer: two hours.
  ['2026-07-06T06:59:59Z', false],
  ['2026-07-06T07:00:00Z', true],
  ['2026-07-06T16:00:00Z', false],
  // Saturday night.
  ['2026-01-10T20:59:59Z', false],
  ['2026-01-10T21:00:00Z', true],
  ['2026-01-10T23:00:00Z', true],
  ['2026-01-11T00:59:59Z', true],
  ['2026-01-11T01:00:00Z', false],
  // A Friday, from midnight to midnight in Berlin.
  ['2026-12-24T16:59:59Z', true],
  ['2026-12-25T09:00:00Z', false],
  ['2026-12-28T09:00:00Z', true],
])('at %s the office is open: %s', (at, expected) => {
  expect(isOpen(calendar(office), new Date(at))).toBe(expected);
});

test.each<[string, string, string[]]>([
  // Clocks go from 02:00 to 03:00 at 01:00 UTC.
  ['2026-03-29', '01:30-02:30', ['00:30', '00:45']],
  ['2026-03-29', '02:00-03:00', []],
  ['2026-03-29', '02:30-03:30', ['01:00', '01:15']],
  // Clocks go from 03:00 back to 02:00 at 01:00 UTC.
  ['2026-10-25', '01:30-02:30', ['23:30', '23:45', '00:00', '00:15', '01:00', '01:15']],
  ['2026-10-25', '02:30-03:15', ['00:30', '00:45', '01:30', '01:45', '02:00']],
])('on %s the span %s begins and ends by the clock on the wall', (day, span, quarters) => {
  const calendarOfDay = calendar({ timeZone: 'Europe/Berlin', open: { sun: [span] } });
  const midnight = Date.parse(`${day}T00:00:00Z`) - 2 * 3_600_000;
  const open = Array.from({ length: 28 * 4 }, (_, i) => new Date(midnight + i * 900_000)).filter((at) =>
    isOpen(calendarOfDay, at),
  );
  expect(open.map((at) => at.toISOString().slice(11, 16))).toEqual(quarters);
});

test.each([
  ['Australia/Lord_Howe', '2026-04-04T15:10:00Z', '01:40'], // half an hour of daylight saving: 01:30 to 02:00 comes twice
  ['Australia/Lord_Howe', '2026-04-04T14:40:00Z', '01:40'],
  ['Asia/Kathmandu', '2026-04-04T18:14:00Z', '23:59'],
  ['America/St_Johns', '2026-01-04T05:30:00Z', '02:00'],
  ['Etc/GMT+3', '2026-01-04T05:30:00Z', '02:30'],
])('in %s at %s it is %s', (timeZone, at, time) => {
  const minutes = (text: string, more: number) => {
    const [hours, rest] = text.split(':').map(Number) as [number, number];
    const all = hours * 60 + rest + more;
    return `${String(Math.floor(all / 60)).padStart(2, '0')}:${String(all % 60).padStart(2, '0')}`;
  };
  const minute = calendar({ timeZone, open: { 'sat-sun': [`${time}-${minutes(time, 1)}`] } });
  const date = (seconds: number) => new Date(Date.parse(at) + seconds * 1000);
  expect([-1, 0, 59, 60].map((seconds) => isOpen(minute, date(seconds)))).toEqual([false, true, true, false]);
});

test('skips a date that a time zone skipped', () => {
  const apia = { timeZone: 'Pacific/Apia', open: { 'mon-sun': ['00:00-24:00'] } };
  const night = Date.parse('2011-12-30T10:00:00Z');
  const openAround = (closed: string[]) =>
    [-1, 0].map((ms) =>
      isOpen(
        calendar({ ...apia, open: { 'mon-sat': apia.open['mon-sun'], sun: [] }, closed }),
        new Date(night + ms),
      ),
    );
  expect(openAround(['2011-12-30'])).toEqual([true, true]);
  expect(openAround(['2011-12-29'])).toEqual([false, true]);
  expect(openAround(['2011-12-31'])).toEqual([true, false]);
});

// Central European time by its law, without Intl: in summer, from the last Sunday of March at 01:00 UTC to that of October.
function berlinClock(at: Date): Date {
  const lastSunday = (month: number) => {
    const last = new Date(Date.UTC(at.getUTCFullYear(), month + 1, 0, 1));
    return last.getTime() - last.getUTCDay() * 86_400_000;
  };
  const summer = at.getTime() >= lastSunday(2) && at.getTime() < lastSunday(9);
  return new Date(at.getTime() + (summer ? 2 : 1) * 3_600_000);
}

const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'));
/** Spans that do not overlap. */
const spans = fc
  .uniqueArray(fc.oneof(time, fc.constant('24:00')), { maxLength: 6 })
  .map((times) => times.sort())
  .map((times) =>
    times.flatMap((start, i) => (i % 2 === 0 && times[i + 1] ? [`${start}-${times[i + 1]}`] : [])),
  );
const iso = (date: Date) => date.toISOString();
const instant = fc.oneof(
  fc.date({ min: new Date('1997-01-01'), max: new Date('2036-01-01'), noInvalidDate: true }),
  // Around both changes of the clocks of 2026.
  fc
    .integer({ min: -240, max: 240 })
    .map((minutes) => new Date(Date.parse('2026-03-29T01:00:00Z') + minutes * 60_000)),
  fc
    .integer({ min: -240, max: 240 })
    .map((minutes) => new Date(Date.parse('2026-10-25T01:00:00Z') + minutes * 60_000)),
);

test('is open when the text says so, at any time in Berlin', () => {
  const counts = { true: 0, false: 0 };
  fc.assert(
    fc.property(
      fc.array(spans, { minLength: 7, maxLength: 7 }),
      instant,
      fc.boolean(),
      (week, at, isClosed) => {
        const clock = iso(berlinClock(at));
        const date = clock.slice(0, 10);
        const written = {
          timeZone: 'Europe/Berlin',
          open: Object.fromEntries(WEEKDAYS.map((day, i) => [day, week[i]!])),
          closed: isClosed ? [date] : [],
        };
        const today = week[(new Date(clock).getUTCDay() + 6) % 7]!;
        const now = clock.slice(11, 16);
        const expected = !isClosed && today.some((span) => span.slice(0, 5) <= now && now < span.slice(6));
        expect(isOpen(calendar(written), at)).toBe(expected);
        counts[`${expected}`] += 1;
      },
    ),
    { numRuns: 1000 },
  );
  expect(Math.min(counts.true, counts.false)).toBeGreaterThan(50);
});
