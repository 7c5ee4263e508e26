import { isDeepStrictEqual } from 'node:util';
import { EVENT_TYPES, isMessageEvent } from '../../events/event-types';
import { didYouMean, quote } from '../../lib/error-text';
import { pathTo } from '../issues';
import { hoursOf, type Rule, rulePath } from '../rule';
import { validateConditions } from './conditions';
import { validateName } from './names';
import type { Validator } from './validator';

export const REPLAYS = ['start', 'this', 'next'] as const satisfies readonly Rule['replay'][];

const KEYS = {
  required: ['on', 'profile'],
  optional: ['name', 'description', 'from', 'when', 'during', 'outside', 'replay'],
};

/** What rules may refer to; undefined if it is not valid itself. */
export interface KnownNames {
  readonly profiles: readonly string[] | undefined;
  readonly calendars: readonly string[] | undefined;
}

/** The paths of rules that are not validated yet: by index if the name is not a valid or not its own. Reports such names. */
export function rulePaths(rules: readonly unknown[], validator: Validator): string[] {
  const paths = new Map<unknown, string>();
  return rules.map((rule, i) => {
    const path = pathTo('rules', i);
    const name: unknown = (rule as { name?: unknown } | null)?.name;
    if (name === undefined) return path;
    const place = pathTo(path, 'name');
    const text = validator.string(name, place);
    const earlier = paths.get(name);
    if (earlier) validator.issue(place, `${quote(name)} is a duplicate of ${earlier}`);
    else if (text !== undefined && validateName(text, place, validator)) {
      paths.set(name, path);
      return rulePath({ name: text }, i);
    }
    return path;
  });
}

export function validateRule(
  value: unknown,
  path: string,
  known: KnownNames,
  validator: Validator,
): Rule | undefined {
  const before = validator.issues.length;
  const entry = validator.keys(value, path, KEYS);
  if (!entry) return undefined;
  const optional = <T>(key: string, read: (item: unknown, place: string) => T | undefined) =>
    entry[key] === undefined ? undefined : read(entry[key], pathTo(path, key));
  const nameOf = (what: string, names: readonly string[] | undefined) => (item: unknown, place: string) => {
    const name = validator.string(item, place);
    if (name === undefined || !names || names.includes(name)) return name;
    return validator.issue(place, `${quote(name)} is not a ${what}${didYouMean(name, names)}`);
  };
  const profileAt = nameOf('profile', known.profiles);
  const calendarAt = nameOf('calendar', known.calendars);
  optional('description', (item, place) => validator.string(item, place));
  const on = optional('on', (item, place) => validator.choice(item, place, EVENT_TYPES, 'event'));
  const profile = optional('profile', profileAt);
  const from = optional('from', (item, place) =>
    validator.array(item, place, { of: 'profiles', read: profileAt, atLeast: 1, unique: true }),
  );
  const when = optional('when', (item, place) => validateConditions(item, place, validator));
  const during = optional('during', calendarAt);
  const outside = optional('outside', calendarAt);
  const replay = optional('replay', (item, place) => validator.choice(item, place, REPLAYS, 'replay'));
  if (during !== undefined && during === outside)
    validator.issue(path, `never matches both during and outside ${quote(during)}; leave one out`);
  if (on === 'onConversationAdded' && entry.from !== undefined)
    validator.issue(
      pathTo(path, 'from'),
      'never matches onConversationAdded: a new conversation has no profile; leave it out',
    );
  if (on && !isMessageEvent(on) && replay === 'this')
    validator.issue(
      pathTo(path, 'replay'),
      `"this" needs a message, and ${on} has none; write start or next`,
    );
  if (!on || profile === undefined || validator.issues.length > before) return undefined;
  return {
    // rulePaths has validated it.
    ...(typeof entry.name === 'string' && { name: entry.name }),
    on,
    ...(from && { from }),
    ...(when && { when }),
    ...(during !== undefined && { during }),
    ...(outside !== undefined && { outside }),
    profile,
    replay: replay ?? (on === 'onConversationAdded' ? 'start' : 'next'),
  };
}

/** A rule with its path. */
export interface RuleEntry {
  readonly path: string;
  readonly rule: Rule;
}

/**
 * Reports unreachable rules: earlier rules on the same event, without conditions or with the same ones, cover every profile
 * that the rule applies to, whatever calendars are open.
 */
export function checkReachability(entries: readonly RuleEntry[], validator: Validator): void {
  for (const [i, { path, rule }] of entries.entries()) {
    const earlier = entries
      .slice(0, i)
      .filter(({ rule: { on, when } }) => on === rule.on && (!when || isDeepStrictEqual(when, rule.when)));
    const last = earlier.findIndex((_, j) => isCovered(rule, earlier.slice(0, j + 1)));
    if (last >= 0) validator.issue(path, `unreachable: shadowed by ${earlier[last]!.path}`);
  }
}

function isCovered({ from, ...rule }: Rule, earlier: readonly RuleEntry[]): boolean {
  const hours = hoursByCalendar(rule);
  // A rule that names no profiles also applies in those of a former policy.
  return (from ?? [undefined]).every((profile) => {
    const inProfile = earlier
      .filter(({ rule: { from: taken } }) => !taken || (profile !== undefined && taken.includes(profile)))
      .map((entry) => hoursByCalendar(entry.rule));
    return isAlwaysOpen(hours, inProfile);
  });
}

/** Whether each calendar must be open, or must not. */
type Hours = ReadonlyMap<string, boolean>;

function hoursByCalendar(rule: Pick<Rule, 'during' | 'outside'>): Hours {
  return new Map(hoursOf(rule).map(({ calendar, open }) => [calendar, open]));
}

/** Whether at any time of some hours one of the others holds: each calendar that they name is tried open and closed. */
function isAlwaysOpen(hours: Hours, others: readonly Hours[]): boolean {
  const left = others.filter((other) =>
    [...other].every(([name, open]) => (hours.get(name) ?? open) === open),
  );
  const undecided = left.map((other) => [...other.keys()].find((name) => !hours.has(name)));
  if (undecided.includes(undefined)) return true;
  const [name] = undecided;
  if (name === undefined) return false;
  return [true, false].every((open) => isAlwaysOpen(new Map([...hours, [name, open]]), left));
}
