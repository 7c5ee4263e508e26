import { isDeepStrictEqual } from 'node:util';
import { EVENT_TYPES, isMessageEvent } from '../../events/event-types';
import { didYouMean, quote } from '../../lib/error-text';
import { pathTo } from '../issues';
import { type Rule, rulePath } from '../rule';
import { validateConditions } from './conditions';
import { validateName } from './names';
import type { Validator } from './validator';

export const REPLAYS = ['start', 'this', 'next'] as const satisfies readonly Rule['replay'][];

const KEYS = { required: ['on', 'profile'], optional: ['name', 'description', 'from', 'when', 'replay'] };

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

/** Validates a rule. `profiles` are the known names; undefined if they are not valid themselves. */
export function validateRule(
  value: unknown,
  path: string,
  profiles: readonly string[] | undefined,
  validator: Validator,
): Rule | undefined {
  const before = validator.issues.length;
  const entry = validator.keys(value, path, KEYS);
  if (!entry) return undefined;
  const optional = <T>(key: string, read: (item: unknown, place: string) => T | undefined) =>
    entry[key] === undefined ? undefined : read(entry[key], pathTo(path, key));
  const profileAt = (item: unknown, place: string) => {
    const name = validator.string(item, place);
    if (name === undefined || !profiles || profiles.includes(name)) return name;
    return validator.issue(place, `${quote(name)} is not a profile${didYouMean(name, profiles)}`);
  };
  optional('description', (item, place) => validator.string(item, place));
  const on = optional('on', (item, place) => validator.choice(item, place, EVENT_TYPES, 'event'));
  const profile = optional('profile', profileAt);
  const from = optional('from', (item, place) =>
    validator.array(item, place, { of: 'profiles', read: profileAt, atLeast: 1, unique: true }),
  );
  const when = optional('when', (item, place) => validateConditions(item, place, validator));
  const replay = optional('replay', (item, place) => validator.choice(item, place, REPLAYS, 'replay'));
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
 * that the rule applies to.
 */
export function checkReachability(entries: readonly RuleEntry[], validator: Validator): void {
  for (const [i, { path, rule }] of entries.entries()) {
    const { on, from, when } = rule;
    let left = from;
    for (const earlier of entries.slice(0, i)) {
      if (earlier.rule.on !== on) continue;
      if (earlier.rule.when && !isDeepStrictEqual(earlier.rule.when, when)) continue;
      const taken = earlier.rule.from;
      left = taken ? left?.filter((name) => !taken.includes(name)) : [];
      if (left?.length !== 0) continue;
      validator.issue(path, `unreachable: shadowed by ${earlier.path}`);
      break;
    }
  }
}
