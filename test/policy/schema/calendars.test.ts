import { lintPolicy } from '../../../src/policy/lint';

const on = 'onMessageAdded';
const office = { timeZone: 'Europe/Berlin', open: { 'mon-fri': ['09:00-17:00'] } };
const lint = (calendars: unknown, rules: object[] = [{ during: 'office' }]) =>
  lintPolicy({
    webhooks: {},
    profiles: { bot: [], desk: [] },
    calendars,
    rules: [
      { on: 'onConversationAdded', profile: 'bot' },
      ...rules.map((rule) => ({ on, profile: 'desk', ...rule })),
    ],
  });
const issuesOf = (calendars: unknown, rules?: object[]) => lint(calendars, rules).issues;
const open = (hours: unknown) => ({ office: { ...office, open: hours } });

test.each<[unknown, ...string[]]>([
  [null, 'calendars: must be an object, not null'],
  [[], 'calendars: must be an object, not an array'],
  [{ office: 5 }, 'calendars.office: must be an object, not 5'],
  [{ office: {} }, 'calendars.office: "timeZone" is missing', 'calendars.office: "open" is missing'],
  [
    { office: { ...office, timezone: 'x' } },
    'calendars.office: unknown key "timezone"; did you mean "timeZone"?',
  ],
  [{ office, '1st': office }, 'calendars["1st"]: is not a valid name'],
  [{ office: { ...office, timeZone: 1 } }, 'calendars.office.timeZone: must be a string, not 1'],
  [
    { office: { ...office, timeZone: 'Europe/Berln' } },
    'calendars.office.timeZone: "Europe/Berln" is not a time zone; did you mean "Europe/Berlin"?',
  ],
  [
    { office: { ...office, timeZone: '+01:00' } },
    'calendars.office.timeZone: "+01:00" is not a time zone; write a name like Europe/Berlin',
  ],
  [{ office: { ...office, timeZone: '' } }, 'calendars.office.timeZone: "" is not a time zone'],
  [open([]), 'calendars.office.open: must be an object, not an array'],
  [open({ mon: '09:00-17:00' }), 'calendars.office.open.mon: must be an array of spans, not "09:00-17:00"'],
  [open({ monday: [] }), 'calendars.office.open.monday: is not a day of the week; did you mean "mon"?'],
  [
    open({ 'Mon-Friday': [] }),
    'calendars.office.open["Mon-Friday"]: is not a day of the week; did you mean "mon-fri"?',
  ],
  [open({ 'monday-monday': [] }), 'is not a day of the week; write one like sat'],
  [open({ Mon: [] }), 'calendars.office.open.Mon: is not a day of the week; did you mean "mon"?'],
  [
    open({ weekdays: [] }),
    'calendars.office.open.weekdays: is not a day of the week; write one like sat, or several',
  ],
  [open({ 'mon-mon': [] }), 'calendars.office.open["mon-mon"]: is not a day of the week'],
  [open({ 'mon-fry': [] }), 'calendars.office.open["mon-fry"]: is not a day of the week'],
  [open({ 'mon-tue-wed': [] }), 'calendars.office.open["mon-tue-wed"]: is not a day of the week'],
  [open({ 'mun-fri': [] }), 'calendars.office.open["mun-fri"]: is not a day of the week'],
  [open({ 'Mon-Fryday': [] }), 'is not a day of the week; write one like sat, or several like mon-fri'],
  [
    open({ mon: '9-5', 'mon-fri': ['09:00-17:00'] }),
    'calendars.office.open.mon: must be an array of spans, not "9-5"',
  ],
  [open({ mon: [900] }), 'calendars.office.open.mon[0]: must be a string, not 900'],
  [
    open({ mon: ['9:00-17:00'] }),
    'calendars.office.open.mon[0]: "9:00-17:00" is not a span; write one like 09:00-17:30',
  ],
  [
    open({ mon: ['09:00-24:01', '24:00-24:00'] }),
    'mon[0]: "09:00-24:01" is not a span',
    'mon[1]: "24:00-24:00" is not',
  ],
  [
    open({ mon: ['x09:00-17:00', '09:00-17:00x'] }),
    'calendars.office.open.mon[0]: "x09:00-17:00" is not a span',
    'calendars.office.open.mon[1]: "09:00-17:00x" is not a span',
  ],
  [open({ mon: ['09:60-10:00'] }), 'calendars.office.open.mon[0]: "09:60-10:00" is not a span'],
  [
    open({ sat: ['22:00-02:00'] }),
    'calendars.office.open.sat[0]: "22:00-02:00" does not end after it begins; past midnight, write 22:00-24:00, and 00:00-02:00 on the next day',
  ],
  [
    open({ sat: ['09:00-09:00'] }),
    'calendars.office.open.sat[0]: "09:00-09:00" does not end after it begins',
  ],
  [
    open({ sat: ['09:00-12:00', '13:00-14:00', '11:59-13:00'] }),
    'calendars.office.open.sat[2]: overlaps calendars.office.open.sat[0]',
  ],
  [
    open({ 'mon-fri': ['09:00-12:00'], 'thu-sun': ['10:00-11:00'] }),
    'calendars.office.open["thu-sun"][0]: overlaps calendars.office.open["mon-fri"][0]',
  ],
  [
    open({ sat: ['00:00-24:00', '23:59-24:00'] }),
    'calendars.office.open.sat[1]: overlaps calendars.office.open.sat[0]',
  ],
  [{ office: { ...office, closed: '2026-12-25' } }, 'calendars.office.closed: must be an array of dates'],
  [
    { office: { ...office, closed: ['25.12.2026', '2026-13-01'] } },
    'calendars.office.closed[0]: "25.12.2026" is not a date; write one like 2026-12-25',
    'calendars.office.closed[1]: "2026-13-01" is not a date',
  ],
  [
    { office: { ...office, closed: ['12026-12-25', '2026-12-25T00:00', 5] } },
    'calendars.office.closed[0]: "12026-12-25" is not a date',
    'calendars.office.closed[1]: "2026-12-25T00:00" is not a date',
    'calendars.office.closed[2]: must be a string, not 5',
  ],
  [
    { office: { ...office, closed: ['2028-02-29', '2026-02-29', '2026-04-31'] } },
    'calendars.office.closed[1]: "2026-02-29" does not exist',
    'calendars.office.closed[2]: "2026-04-31" does not exist',
  ],
  [
    { office: { ...office, closed: ['2026-12-25', '2026-12-25'] } },
    'calendars.office.closed[1]: "2026-12-25" is a duplicate',
  ],
])('rejects the calendars %j: %s', (calendars, ...issues) => {
  expect(issuesOf(calendars)).toEqual(issues.map((issue) => expect.stringContaining(issue)));
});

test.each([
  [{ office: { timeZone: 'UTC', open: {} } }],
  [open({ mon: [], 'tue-sun': ['00:00-12:00', '12:00-24:00'] })],
  [open({ 'sun-thu': ['09:00-17:00'], fri: ['09:00-12:00'] })],
  [open({ sat: ['22:00-24:00'], sun: ['00:00-02:00'] })],
  [{ office: { ...office, closed: [] } }],
])('accepts the calendars %j', (calendars) => {
  expect(lint(calendars, [{ outside: 'office' }])).toEqual({ issues: [], warnings: [] });
});

test.each<[object, string]>([
  [{ during: 'offce' }, 'rules[1].during: "offce" is not a calendar; did you mean "office"?'],
  [{ outside: 'x' }, 'rules[1].outside: "x" is not a calendar'],
  [{ outside: 1 }, 'rules[1].outside: must be a string, not 1'],
  [{ during: ['office'] }, 'rules[1].during: must be a string, not an array'],
  [
    { during: 'office', outside: 'office' },
    'rules[1]: never matches both during and outside "office"; leave one out',
  ],
])('rejects the rule %j: %s', (rule, issue) => {
  expect(issuesOf({ office }, [rule])).toEqual([issue]);
});

test('knows no calendar if the policy has none, and does not ask for one that is not valid', () => {
  const unknown = ['rules[1].during: "office" is not a calendar'];
  expect(issuesOf({})).toEqual(unknown);
  expect(issuesOf(undefined)).toEqual(unknown);
  expect(issuesOf({ office: { ...office, open: 1 } })).toEqual([
    expect.stringMatching(/^calendars\.office\.open: /),
  ]);
});

test('warns of a rule during a calendar that is never open', () => {
  const never = { timeZone: 'UTC', open: { mon: [] } };
  expect(lint({ never }, [{ during: 'never', name: 'by-day' }]).warnings).toEqual([
    'rules["by-day"].during: never matches: never is never open',
  ]);
});

test('warns of a calendar that no rule uses', () => {
  expect(lint({ office, night: office }, [{ outside: 'night' }]).warnings).toEqual([
    'calendars.office: no rule uses it',
  ]);
});

describe('unreachable rules', () => {
  const during = { during: 'office' };
  const outside = { outside: 'office' };
  const unreachable = (...rules: object[]) =>
    issuesOf({ office, night: office }, rules).map((issue) =>
      issue.replace(' unreachable: shadowed by ', ' '),
    );

  test.each<[object[]]>([
    [[during, outside]],
    [[during, {}]],
    [[outside, {}]],
    [[during, { during: 'night' }, {}]],
    [[during, { outside: 'night' }, {}]],
    [[{ ...during, outside: 'night' }, during, { during: 'night' }, {}]],
    [[{ ...during, from: ['bot'] }, { ...outside, from: ['desk'] }, {}]],
    [[{ ...during, from: ['bot'] }, { ...outside, from: ['desk'] }, { from: ['bot'] }]],
    [[{ ...during, when: { Body: 'x' } }, { ...outside, when: { Body: 'y' } }, { when: { Body: 'x' } }]],
  ])('are not among %j', (rules) => {
    expect(unreachable(...rules)).toEqual([]);
  });

  test.each<[object[], string]>([
    [[during, during], 'rules[1]'],
    [[{}, during], 'rules[1]'],
    [[during, { ...during, outside: 'night' }], 'rules[1]'],
    [[during, outside, {}], 'rules[2]'],
    [[during, outside, { during: 'night' }], 'rules[2]'],
    [[{ outside: 'night' }, during, { ...outside, during: 'night' }, {}], 'rules[3]'],
    [[{ ...during, from: ['bot', 'desk'] }, { ...outside, from: ['bot'] }, { from: ['bot'] }], 'rules[2]'],
    [[{ ...during, when: { Body: 'x' } }, outside, { when: { Body: 'x' } }], 'rules[2]'],
  ])('are found: the last of %j, shadowed by %s', (rules, because) => {
    expect(unreachable(...rules)).toEqual([`rules[${rules.length}]: ${because}`]);
  });
});
