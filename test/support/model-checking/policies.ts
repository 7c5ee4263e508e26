import type { Policy } from '../../../src/policy/policy';
import { type DesiredState, desiredState } from '../../../src/sync/desired-state';
import type { Definition } from '../../../src/webhooks/definition';
import { parseSource } from '../policy';

export const DOMAIN_NAME = 'bots-1234.twil.io';
const site = { domainName: DOMAIN_NAME, local: false };

/** A rule as a test reads it: on an event, with this word in its message if there is one. */
export interface TestRule {
  readonly on: string;
  readonly word?: string;
  readonly from?: readonly string[];
  readonly profile: string;
  readonly replay: 'start' | 'this' | 'next';
}

/** A policy, parsed, and as a test reads it. A listener's name is also in its address, whatever a policy calls it. */
export interface Version {
  readonly policy: Policy;
  readonly desired: DesiredState;
  readonly rules: readonly TestRule[];
  /** Names of the listeners by profile. */
  readonly profiles: Readonly<Record<string, readonly string[]>>;
  readonly formerProfiles: Readonly<Record<string, string>>;
  readonly listeners: Readonly<Record<string, Definition>>;
}

interface VersionOptions {
  readonly formerProfiles?: Readonly<Record<string, string>>;
  /** Today's names of profiles in the rules. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Precedes each webhook's name in the policy. */
  readonly prefix?: string;
  /** Filters of some listeners. */
  readonly filters?: Readonly<Record<string, readonly ('onMessageAdded' | 'onMessageUpdated')[]>>;
}

const RULES: readonly TestRule[] = [
  { on: 'onConversationAdded', profile: 'bot', replay: 'start' },
  { on: 'onMessageAdded', word: 'human', from: ['bot'], profile: 'agent', replay: 'this' },
  { on: 'onMessageAdded', word: 'question', from: ['bot'], profile: 'agent', replay: 'next' },
  { on: 'onMessageAdded', word: 'robot', from: ['agent'], profile: 'bot', replay: 'this' },
  { on: 'onMessageAdded', word: 'sales', from: ['bot'], profile: 'sales', replay: 'this' },
  { on: 'onMessageAdded', word: 'anyone', from: ['bot', 'sales'], profile: 'agent', replay: 'this' },
  { on: 'onConversationStateUpdated', profile: 'closed', replay: 'next' },
  { on: 'onParticipantAdded', from: ['bot'], profile: 'agent', replay: 'next' },
  { on: 'onMessageUpdated', word: 'human', from: ['bot'], profile: 'agent', replay: 'this' },
  { on: 'onMessageUpdated', word: 'question', from: ['bot'], profile: 'agent', replay: 'next' },
];

/** Of the studio target, as one of them should be. */
const FLOW = 'sales';
export const flowSid = `FW${'5a1e5'.padEnd(32, '0')}`;

function listener(name: string, filters: readonly ('onMessageAdded' | 'onMessageUpdated')[]): Definition {
  if (name === FLOW) return { target: 'studio', flowSid, filters };
  return { target: 'webhook', url: `https://${name}.example/in`, method: 'post', filters };
}

export function version(
  profiles: Readonly<Record<string, readonly string[]>>,
  { formerProfiles = {}, renamed = {}, prefix = '', filters = {} }: VersionOptions = {},
): Version {
  const today = (profile: string) => renamed[profile] ?? profile;
  const rules = RULES.map((rule) => ({
    ...rule,
    ...(rule.from && { from: rule.from.map(today).filter((profile) => profile in profiles) }),
    profile: today(rule.profile),
  })).filter(({ profile, from }) => profile in profiles && from?.length !== 0);
  const names = [...new Set(Object.values(profiles).flat())];
  const listeners = Object.fromEntries(
    names.map((name) => [name, listener(name, filters[name] ?? ['onMessageAdded'])]),
  );
  const policy = parseSource(
    JSON.stringify({
      webhooks: Object.fromEntries(names.map((name) => [`${prefix}${name}`, listeners[name]])),
      profiles: Object.fromEntries(
        Object.entries(profiles).map(([profile, members]) => [
          profile,
          members.map((name) => `${prefix}${name}`),
        ]),
      ),
      formerProfiles,
      rules: rules.map(({ word, ...rule }) => ({
        ...rule,
        ...(word && { when: { Body: { words: [word] } } }),
        ...(rule.on === 'onConversationStateUpdated' && { when: { StateTo: 'closed' } }),
      })),
    }),
    {},
    site,
  );
  return {
    policy,
    desired: desiredState(policy, site, undefined),
    rules,
    profiles,
    formerProfiles,
    listeners,
  };
}

/** Today's name of a profile in a version. */
export function nameIn({ profiles, formerProfiles }: Version, profile: string): string | undefined {
  return profile in profiles ? profile : formerProfiles[profile];
}
