import { EVENT_TYPES, type EventType, isMessageEvent } from '../../events/event-types';
import { didYouMean, quote } from '../../lib/messages';
import { type EventPredicate, validateConditions } from './conditions';
import { pathTo } from './issues';
import type { Validator } from './validator';

const REPLAYS = ['start', 'this', 'next'] as const;

/** An event under a condition, and the profile that it leads to. */
export interface Rule {
  readonly on: EventType;
  /** The current profiles under which it applies; all where there is none. */
  readonly from?: readonly string[];
  readonly when?: EventPredicate;
  readonly profile: string;
  /** From which message on the listeners of the profile must have everything. */
  readonly replay: (typeof REPLAYS)[number];
}

const KEYS = { of: 'a rule', required: ['on', 'profile'], optional: ['from', 'when', 'replay'] };

/** Reads a rule. `profiles`: the names that there are; undefined where they cannot be read. */
export function validateRule(
  value: unknown,
  path: string,
  profiles: readonly string[] | undefined,
  validator: Validator,
): Rule | undefined {
  const before = validator.issues.length;
  const entry = validator.keys(value, path, KEYS);
  if (!entry) return undefined;
  const optional = <T>(key: string, read: (given: unknown, place: string) => T | undefined) =>
    entry[key] === undefined ? undefined : read(entry[key], pathTo(path, key));
  const profileAt = (given: unknown, place: string) => {
    const name = validator.string(given, place);
    if (name === undefined || !profiles || profiles.includes(name)) return name;
    return validator.issue(place, `${quote(name)} is no profile${didYouMean(name, profiles)}`);
  };
  const on = optional('on', (given, place) => validator.choice(given, place, EVENT_TYPES, 'event of a rule'));
  const profile = optional('profile', profileAt);
  const from = optional('from', (given, place) =>
    validator.array(given, place, { of: 'profiles', read: profileAt, atLeast: 1, unique: true }),
  );
  const when = optional('when', (given, place) => validateConditions(given, place, validator));
  const replay = optional('replay', (given, place) => validator.choice(given, place, REPLAYS, 'replay'));
  if (on === 'onConversationAdded' && entry.from !== undefined)
    validator.issue(
      pathTo(path, 'from'),
      'never holds on onConversationAdded: a new conversation has no profile yet',
    );
  if (on && !isMessageEvent(on) && replay === 'this')
    validator.issue(
      pathTo(path, 'replay'),
      `"this" is the message of the event, and ${on} has none; write start or next`,
    );
  if (!on || profile === undefined || validator.issues.length > before) return undefined;
  return {
    on,
    ...(from && { from }),
    ...(when && { when }),
    profile,
    replay: replay ?? (on === 'onConversationAdded' ? 'start' : 'next'),
  };
}

/** A rule as far as its turn goes: its place, and its condition as it is written. */
export interface RuleEntry {
  readonly path: string;
  readonly rule: Rule;
  readonly condition: string | undefined;
}

/**
 * Reports each rule whose turn never comes: earlier ones on the same event, with no condition or with its own, take every
 * profile that it could apply to.
 */
export function checkReachability(turns: readonly RuleEntry[], validator: Validator): void {
  for (const [i, turn] of turns.entries()) {
    const { on, from } = turn.rule;
    let left = from;
    for (const earlier of turns.slice(0, i)) {
      if (earlier.rule.on !== on) continue;
      if (earlier.condition !== undefined && earlier.condition !== turn.condition) continue;
      const taken = earlier.rule.from;
      left = taken ? left?.filter((name) => !taken.includes(name)) : [];
      if (left?.length !== 0) continue;
      validator.issue(
        turn.path,
        `can never fire: ${earlier.path} is on the same event and always comes first`,
      );
      break;
    }
  }
}
