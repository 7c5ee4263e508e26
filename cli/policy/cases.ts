import { parseDocument } from 'yaml';
import { headOf } from '../../src/events/documented-fields';
import { EVENT_TYPES, type EventType } from '../../src/events/event-types';
import { didYouMean, oneOf, quote } from '../../src/lib/error-text';
import { CONVERSATION_FIELDS, conversationField } from '../../src/policy/conditions/conversation-fields';
import { pathTo } from '../../src/policy/issues';
import type { Policy } from '../../src/policy/policy';
import { ruleName } from '../../src/policy/rule';
import { REPLAYS } from '../../src/policy/schema/rules';
import { Validator } from '../../src/policy/schema/validator';
import type { ConversationFields } from '../../src/webhooks/conversation';
import { validateConversation } from './conversation';
import { fieldIssue, jsonIssue } from './event';
import { parseTime, TIME_HINT } from './time';

/** A case of `policy.tests.yaml`. */
export interface Case {
  readonly name: string;
  /** The profile at the start; undefined: the conversation is not managed. */
  readonly profile?: string;
  /** The conversation's own fields at the start. */
  readonly conversation?: Partial<ConversationFields>;
  /** When the first event happens. */
  readonly at?: Date;
  readonly events: readonly GivenEvent[];
  readonly expect: Expectation;
}

export interface GivenEvent {
  readonly type: EventType;
  readonly fields: Readonly<Record<string, string>>;
}

/** What must be so after the last event; null: none. What is left out is not checked. */
export interface Expectation {
  readonly profile?: string | null;
  /** The rule that decides at the last event. */
  readonly rule?: string | null;
  /** The attached webhooks in any order, without the router. */
  readonly webhooks?: readonly string[];
  /** Of the rule, or the index of the first message that is replayed. */
  readonly replay?: string | number | null;
}

const EXPECTATIONS = ['profile', 'rule', 'webhooks', 'replay'];

/** Parses a file of cases. @returns the cases, and its issues; use the cases only without any */
export function parseCases(text: string, policy: Policy): { cases: Case[]; issues: readonly string[] } {
  const document = parseDocument(text);
  const [wrong] = [...document.errors, ...document.warnings];
  if (wrong) return { cases: [], issues: [wrong.message.split('\n')[0]!.replace(/:$/, '')] };
  const validator = new Validator();
  const names = new Map<string, string>();
  const cases = validator.array(document.toJS(), 'cases', {
    of: 'cases',
    atLeast: 1,
    read(value, path) {
      const found = readCase(value, path, policy, validator);
      const earlier = found && names.get(found.name);
      if (earlier) validator.issue(pathTo(path, 'name'), `${quote(found.name)} is a duplicate of ${earlier}`);
      else if (found) names.set(found.name, path);
      return found;
    },
  });
  return { cases: cases ?? [], issues: validator.issues };
}

function readCase(value: unknown, path: string, policy: Policy, validator: Validator): Case | undefined {
  const entry = validator.keys(value, path, { required: ['name', 'events', 'expect'], optional: ['given'] });
  if (!entry) return undefined;
  const profileAt = (item: unknown, place: string) =>
    readName(item, place, 'profile', policy.profiles, validator);
  const name = entry.name === undefined ? undefined : validator.string(entry.name, pathTo(path, 'name'));
  const givenPath = pathTo(path, 'given');
  const given =
    entry.given === undefined
      ? undefined
      : validator.keys(entry.given, givenPath, { optional: ['profile', 'conversation', 'at'] });
  const profile =
    given?.profile === undefined ? undefined : profileAt(given.profile, pathTo(givenPath, 'profile'));
  const conversation =
    given?.conversation === undefined
      ? undefined
      : validateConversation(given.conversation, pathTo(givenPath, 'conversation'), validator);
  const at = given?.at === undefined ? undefined : readTime(given.at, pathTo(givenPath, 'at'), validator);
  const events =
    entry.events === undefined
      ? undefined
      : validator.array(entry.events, pathTo(path, 'events'), {
          of: 'events',
          atLeast: 1,
          read: (item, place) => readEvent(item, place, policy, validator),
        });
  const expect =
    entry.expect === undefined
      ? undefined
      : readExpectation(entry.expect, pathTo(path, 'expect'), policy, validator);
  if (name === undefined || !events || !expect) return undefined;
  return {
    name,
    ...(profile !== undefined && { profile }),
    ...(conversation && { conversation }),
    ...(at && { at }),
    events,
    expect,
  };
}

function readTime(value: unknown, path: string, validator: Validator): Date | undefined {
  const text = validator.string(value, path);
  if (text === undefined) return undefined;
  const time = parseTime(text);
  return time ?? validator.issue(path, `${quote(text)} is not a time; ${TIME_HINT}`);
}

function readEvent(
  value: unknown,
  path: string,
  policy: Policy,
  validator: Validator,
): GivenEvent | undefined {
  const object = validator.object(value, path);
  if (!object) return undefined;
  const [first, ...others] = Object.entries(object);
  if (!first || others.length > 0)
    return validator.issue(path, 'must have one key, the event: onMessageAdded: { Body: Hello }');
  const [name, given] = first;
  const type = validator.choice(name, path, EVENT_TYPES, 'event');
  const place = pathTo(path, name);
  const written = given === null ? {} : validator.object(given, place);
  if (!type || !written) return undefined;
  const ofConversation = Object.keys(written).find((field) => conversationField(field) !== undefined);
  if (ofConversation !== undefined)
    return validator.issue(
      place,
      `${quote(ofConversation)} is not a field of ${type}; write it as ${keyOfGiven(ofConversation)}`,
    );
  const issue = fieldIssue(type, Object.keys(written), policy);
  if (issue) return validator.issue(place, issue);
  const fields = Object.entries(written).map(([field, item]) => [
    field,
    readField(field, item, pathTo(place, field), validator),
  ]);
  return { type, fields: Object.fromEntries(fields) };
}

/** Where a case has a field of the conversation: `given.conversation.attributes`. */
function keyOfGiven(field: string): string {
  const known = CONVERSATION_FIELDS.find((one) => `Conversation.${one}` === headOf(field));
  const key = known && known[0]!.toLowerCase() + known.slice(1);
  return ['given', 'conversation', ...(key ? [key] : [])].join('.');
}

// An event has only strings. What is not a scalar is sent as JSON, as Twilio does with Attributes and Media.
function readField(field: string, value: unknown, path: string, validator: Validator): string | undefined {
  if (value === null) return validator.issue(path, 'has no value; leave it out, or write ""');
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const issue = jsonIssue(field, text);
  return issue ? validator.issue(path, issue) : text;
}

function readExpectation(
  value: unknown,
  path: string,
  policy: Policy,
  validator: Validator,
): Expectation | undefined {
  const entry = validator.keys(value, path, { optional: EXPECTATIONS });
  if (!entry) return undefined;
  if (!EXPECTATIONS.some((key) => entry[key] !== undefined))
    return validator.issue(path, `is empty; expect ${oneOf(EXPECTATIONS)}`);
  const before = validator.issues.length;
  const read = <T>(key: string, parse: (item: unknown, place: string) => T | undefined) =>
    entry[key] === undefined
      ? {}
      : { [key]: entry[key] === null ? null : parse(entry[key], pathTo(path, key)) };
  const rules = Object.fromEntries(policy.rules.map((rule, i) => [ruleName(rule, i), rule]));
  const found = {
    ...read('profile', (item, place) => readName(item, place, 'profile', policy.profiles, validator)),
    ...read('rule', (item, place) => readName(item, place, 'rule', rules, validator)),
    ...read('webhooks', (item, place) =>
      validator.array(item, place, {
        of: 'webhooks',
        unique: true,
        read: (name, at) => readName(name, at, 'webhook', policy.webhooks, validator),
      }),
    ),
    ...read('replay', (item, place) =>
      typeof item === 'number'
        ? item
        : validator.choice(item, place, REPLAYS, 'replay', ['an index', 'null']),
    ),
  };
  if (entry.webhooks === null)
    validator.issue(pathTo(path, 'webhooks'), 'must be an array; write [] for none');
  return validator.issues.length > before ? undefined : found;
}

function readName(
  value: unknown,
  path: string,
  what: string,
  known: Readonly<Record<string, unknown>>,
  validator: Validator,
): string | undefined {
  const name = validator.string(value, path);
  if (name === undefined || name in known) return name;
  const names = Object.keys(known);
  return validator.issue(
    path,
    `${quote(name)} is not a ${what} of the policy${didYouMean(name, names) || `; it has ${oneOf(names, 'and')}`}`,
  );
}
