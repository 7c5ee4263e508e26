import fc from 'fast-check';
import { headOf } from '../../src/events/documented-fields';
import type { EventType } from '../../src/events/event-types';
import { parseConversationEvent } from '../../src/events/parse';
import type { Condition, FieldConditions } from '../../src/policy/conditions/condition';
import { holds } from '../../src/policy/conditions/evaluate';
import { FEW_VALUES } from '../../src/policy/impossible-conditions';
import type { Policy } from '../../src/policy/policy';
import { CachedPatterns } from './cached-patterns';
import type { GivenEvent } from './cases';
import { NEEDED_FIELDS } from './event';

type Texts = readonly string[];

/**
 * Events at which these policies may decide differently: on what their rules are on, with the values that their conditions
 * name and with what is close to them. Each is made for one rule, and has some of what the other rules look for as well.
 * Undefined without rules.
 */
export function generatedEvents(policies: readonly Policy[]): fc.Arbitrary<GivenEvent> | undefined {
  const rules = policies.flatMap((policy) => policy.rules);
  const targets = rules.flatMap(({ on, when = [{}] }) => when.map((fields) => ({ on, fields })));
  if (targets.length === 0) return undefined;
  return fc.oneof(
    ...targets.map(({ on, fields }) => {
      const all = targets.filter((target) => target.on === on).map((target) => target.fields);
      return eventFor(on, fields, textsByField(on, all));
    }),
  );
}

/** Where no text was found that a pattern matches, so that no event meets it. */
export function patternsWithoutTexts(policies: readonly Policy[]): string[] {
  const conditions = policies.flatMap(({ rules }) =>
    rules.flatMap(({ when = [] }) => when.flatMap((fields) => Object.values(fields))),
  );
  const sources = conditions.flatMap(patternsOf);
  return [...new Set(sources)].filter((source) => !textsOfPattern(source).some(matches(source)));
}

function patternsOf({ matches: source, not }: Condition): string[] {
  return [...(source === undefined ? [] : [source]), ...(not ? patternsOf(not) : [])];
}

/** What the conditions of all rules on an event name, by field. */
function textsByField(on: EventType, all: readonly FieldConditions[]): ReadonlyMap<string, Texts> {
  const found = new Map<string, Texts>();
  const needed = NEEDED_FIELDS[on];
  if (needed) found.set(needed, FEW_VALUES[needed]!);
  for (const [field, condition] of all.flatMap((fields) => Object.entries(fields)))
    found.set(field, [...(found.get(field) ?? FEW_VALUES[field] ?? []), ...textsOf(condition)]);
  return new Map([...found].map(([field, texts]) => [field, shortestFirst(texts)]));
}

function eventFor(
  type: EventType,
  target: FieldConditions,
  all: ReadonlyMap<string, Texts>,
): fc.Arbitrary<GivenEvent> {
  const fields = [...all].map(([field, texts]) => {
    if (field === NEEDED_FIELDS[type]) return [field, elementOf(texts)] as const;
    const condition = target[field];
    const others = { weight: 1, arbitrary: fieldValue(field, texts) };
    if (!condition)
      return [field, fc.oneof(others, { weight: 3, arbitrary: fc.constant(undefined) })] as const;
    const close = shortestFirst(textsOf(condition));
    const meeting = close.filter((text) =>
      holds(condition, { exists: true, texts: [text] }, new CachedPatterns()),
    );
    return [
      field,
      fc.oneof(
        others,
        { weight: 2, arbitrary: fieldValue(field, close) },
        ...(meeting.length > 0 ? [{ weight: 4, arbitrary: fieldValue(field, meeting) }] : []),
      ),
    ] as const;
  });
  return fc
    .record(Object.fromEntries(fields))
    .map((given): GivenEvent => ({ type, fields: fieldsOf(given) }))
    .filter(isValid);
}

/** One of these; it shrinks step by step, where fc.constantFrom shrinks to the first one or not at all. */
export function elementOf<T>(items: readonly T[]): fc.Arbitrary<T> {
  return fc.nat({ max: items.length - 1 }).map((i) => items[i]!);
}

/**
 * None, one or two of these: the order of the rules counts if two of them match. Two are in one text, or in one array of a field
 * with JSON.
 */
function fieldValue(field: string, texts: Texts): fc.Arbitrary<unknown> {
  const text = elementOf(texts);
  const second = FEW_VALUES[field] ? fc.constant(undefined) : fc.option(text, { nil: undefined, freq: 2 });
  return fc.tuple(fc.option(text, { nil: undefined, freq: 6 }), second).map((pair) => {
    const items = pair.filter((item) => item !== undefined);
    return items.length < 2 ? items[0] : field === headOf(field) ? items.join(' ') : items;
  });
}

/** An event has strings, and JSON where a condition is on a path. */
function fieldsOf(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const fields: Record<string, string> = {};
  const objects = new Map<string, Record<string, unknown>>();
  for (const [path, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const head = headOf(path);
    if (path === head) fields[path] = String(value);
    else objects.set(head, withValue(objects.get(head) ?? {}, path.slice(head.length + 1), value));
  }
  for (const [head, object] of objects) fields[head] ??= JSON.stringify(head === 'Media' ? [object] : object);
  return fields;
}

function withValue(object: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [, key, rest] = /^([^.]*)\.(.*)$/s.exec(path) ?? [undefined, path];
  if (rest === undefined) return { ...object, [key!]: value };
  const inner = object[key!];
  const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
  return { ...object, [key!]: withValue(isObject ? (inner as Record<string, unknown>) : {}, rest, value) };
}

/** A condition on Index may name what is not an index. */
function isValid({ type, fields }: GivenEvent): boolean {
  try {
    parseConversationEvent({ ConversationSid: 'CH', Index: '0', ...fields, EventType: type });
    return true;
  } catch {
    return false;
  }
}

/** Texts that a condition names, and texts close to them. */
function textsOf({ in: equal = [], words = [], atLeast, atMost, matches: source, not }: Condition): Texts {
  const numbers = [atLeast, atMost].filter((number) => number !== undefined);
  const named = [...equal, ...words, ...(source === undefined ? [] : textsOfPattern(source))];
  return [
    ...named.flatMap((text) => [text, text.toUpperCase(), `${text}x`, `x ${text}`]),
    ...numbers.flatMap((number) => [number - 1, number, number + 1].map(String)),
    ...(not ? textsOf(not) : []),
    'x',
  ];
}

const SAMPLES = { numRuns: 50, seed: 1 };
const MAX_TEXTS = 5;

/** Texts that a pattern matches, and one that it does not, if any are found. */
function textsOfPattern(source: string): Texts {
  try {
    const pattern = new RegExp(`^(?:${withoutAssertions(source)})$`, 'u');
    const texts = shortestFirst(fc.sample(fc.stringMatching(pattern, { size: '-1' }), SAMPLES));
    const isMatching = matches(source);
    return [
      ...texts.filter(isMatching).slice(0, MAX_TEXTS),
      ...texts.filter((text) => !isMatching(text)).slice(0, 1),
    ];
  } catch {
    // It has backreferences, which fast-check does not generate.
    return [];
  }
}

/**
 * fast-check generates nothing for assertions. What must be ahead or behind becomes a part of the text, the others are left out;
 * whether the text matches is tested afterwards.
 */
function withoutAssertions(source: string): string {
  const tokens = /(\\[^bB]|\[(?:\\.|[^\]\\])*\])|(\(\?<?=)|\\[bB]|\(\?<?!(?:\\.|[^()\\])*\)|[\^$]/gs;
  return source.replace(tokens, (_, kept?: string, ahead?: string) => kept ?? (ahead ? '(?:' : ''));
}

function matches(source: string): (text: string) => boolean {
  const pattern = new RegExp(source, 'iu');
  return (text) => pattern.test(text);
}

function shortestFirst(texts: Texts): Texts {
  return [...new Set(texts)].sort((a, b) => a.length - b.length);
}
