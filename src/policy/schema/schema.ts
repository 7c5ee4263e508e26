import { MAX_WEBHOOKS } from '../../lib/limits';
import { didYouMean, quote } from '../../lib/messages';
import type { Definition } from '../../webhooks/definition';
import { readNamed, record, sound } from './names';
import { checkTurns, type Rule, readRule } from './rules';
import { Reader } from './validator';
import { isOpen } from './variables';
import { checkIdentities, readDefinition } from './webhooks';

/** What is attached under which circumstances. */
export interface Policy {
  /** By the name that the policy gives them. */
  readonly webhooks: Readonly<Record<string, Definition>>;
  /** Names of webhooks by the name of the profile; the router is not among them. */
  readonly profiles: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly Rule[];
  /** Hosts under which this bundle stood before, in lower case: their routers are ours too. */
  readonly formerDomains: readonly string[];
}

const KEYS = {
  of: 'the policy',
  required: ['webhooks', 'profiles', 'rules'],
  optional: ['$schema', 'formerDomains'],
};

/** A place that is nobody's, for what is checked before it is known where it will stand. */
export const ANYWHERE = { domainName: 'deployment.invalid', local: true };

/** Reads a policy with the variables still in it: what the build can know. */
export function readForm(json: unknown): { policy: Policy; faults: readonly string[] } {
  return readWith(new Reader(ANYWHERE, true), json);
}

/** Reads a policy; it is one only if there are no faults. */
export function readWith(reader: Reader, json: unknown): { policy: Policy; faults: readonly string[] } {
  const entry = reader.keys(json, '', KEYS) ?? {};
  if (entry.$schema !== undefined) reader.text(entry.$schema, '$schema');
  const formerDomains = readDomains(entry.formerDomains, reader);
  const webhooks = readNamed(entry.webhooks, 'webhooks', reader, (value, path) =>
    readDefinition(value, path, reader),
  );
  const names = webhooks && [...webhooks.keys()];
  const profiles = readNamed(entry.profiles, 'profiles', reader, (value, path) =>
    readProfile(value, path, names, reader),
  );
  const definitions = sound(webhooks);
  checkIdentities(definitions, [reader.site.domainName, ...formerDomains], reader);
  return {
    policy: {
      webhooks: record(definitions),
      profiles: record(sound(profiles)),
      rules: readRules(entry.rules, profiles && [...profiles.keys()], reader),
      formerDomains,
    },
    faults: reader.faults,
  };
}

function readProfile(value: unknown, path: string, known: readonly string[] | undefined, reader: Reader) {
  const read = (item: unknown, place: string) => {
    const name = reader.text(item, place);
    if (name === undefined || !known || known.includes(name)) return name;
    return reader.fault(place, `${quote(name)} is no webhook of this policy${didYouMean(name, known)}`);
  };
  const names = reader.list(value, path, { of: 'webhooks', read, unique: true });
  if (Array.isArray(value) && value.length >= MAX_WEBHOOKS)
    return reader.fault(
      path,
      `has ${value.length} webhooks; a conversation takes ${MAX_WEBHOOKS}, and one of them is the router`,
    );
  return names;
}

function readRules(value: unknown, profiles: readonly string[] | undefined, reader: Reader): Rule[] {
  if (value === undefined) return [];
  const turns = reader.list(value, 'rules', {
    of: 'rules',
    read: (item, path) => ({ path, rule: readRule(item, path, profiles, reader), condition: whenOf(item) }),
  });
  const known = (turns ?? []).flatMap(({ rule, ...turn }) => (rule ? [{ ...turn, rule }] : []));
  checkTurns(known, reader);
  return known.map(({ rule }) => rule);
}

function whenOf(rule: unknown): string | undefined {
  return JSON.stringify((rule as { when?: unknown } | null)?.when);
}

function readDomains(value: unknown, reader: Reader): string[] {
  const read = (item: unknown, path: string) => {
    const host = reader.openText(item, path);
    if (host === undefined || /^[A-Za-z0-9.-]+(?::\d+)?$/.test(host)) return host?.toLowerCase();
    if (reader.open && isOpen(host)) return host;
    return reader.fault(path, `${quote(host)} is no host; write it like bots-1234.twil.io`);
  };
  if (value === undefined) return [];
  return reader.list(value, 'formerDomains', { of: 'hosts', read, unique: true }) ?? [];
}
