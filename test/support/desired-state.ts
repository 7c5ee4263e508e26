import { type DesiredState, namesByIdentity } from '../../src/sync/desired-state';
import type { Definition } from '../../src/webhooks/definition';
import type { RouterState } from '../../src/webhooks/router';
import { hashOfIdentity } from './oracle';

export const site = { domainName: 'bots-1234.twil.io', local: false };

const listener = (name: string): Definition => ({
  target: 'webhook',
  url: `https://${name}.example/in`,
  method: 'post',
  filters: ['onMessageAdded'],
});

const NAMES = ['bot', 'crm', 'sos', 'monitor', 'survey', 'audit'] as const;

/** A policy's webhooks and profiles, small enough to try all of it and large enough to fill the slots. */
export const desired: DesiredState = withNames({
  webhooks: {
    ...Object.fromEntries(NAMES.map((name) => [name, listener(name)])),
    bot: { target: 'studio', flowSid: `FW${'b'.repeat(32)}` },
    sos: { target: 'trigger', url: 'https://crm.example/in', method: 'post', triggers: ['help'] },
  },
  profiles: {
    bot: ['bot'],
    agent: ['crm'],
    both: ['bot', 'sos'],
    full: ['bot', 'sos', 'monitor', 'survey'],
    other: ['crm', 'sos', 'audit', 'monitor'],
    closed: [],
  },
  formerProfiles: { robot: 'bot' },
  policyHash: 'policy',
  router: {
    site,
    formerDomains: ['old-1.twil.io'],
    filters: ['onMessageAdded', 'onConversationStateUpdated'],
  },
});

/** The same with other webhooks, profiles or another hash. */
export function desiredWith(changes: Partial<DesiredState>): DesiredState {
  return withNames({ ...desired, ...changes });
}

export const profiles = Object.keys(desired.profiles);

/** A webhook that no policy knows. */
export const foreign = (n: number): Definition => listener(`foreign${n}`);

/** The state of a conversation that this policy put into a profile, and that has all of its webhooks. */
export function routerState(Profile: string, more: Partial<RouterState> = {}): RouterState {
  const want = desired.profiles[Profile] ?? [];
  const rest = NAMES.filter((name) => !want.includes(name));
  const hashes = (names: readonly string[]) => names.map((name) => hashOfIdentity(desired.webhooks[name]!));
  const own = { want: hashes(want), rest: hashes(rest) };
  return { Profile, Replay: 0, At: 0, Done: [], Own: own, Policy: desired.policyHash, ...more };
}

function withNames(state: Omit<DesiredState, 'names'>): DesiredState {
  const { webhooks, router } = state;
  return { ...state, names: namesByIdentity(webhooks, router.site, router.formerDomains) };
}
