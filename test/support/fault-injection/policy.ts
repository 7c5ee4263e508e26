import { desiredState } from '../../../src/sync/desired-state';
import { hashOfDefinition } from '../../../src/sync/managed-webhooks';
import type { Definition } from '../../../src/webhooks/definition';
import { type RouterState, routerDefinition } from '../../../src/webhooks/router';
import { parseSource } from '../policy';

export const DOMAIN_NAME = 'bots-1234.twil.io';
/** When all of it happens: Unix seconds. */
export const AT = 1_790_000_000;
const site = { domainName: DOMAIN_NAME, local: true };
export const listens = (name: string) => ({
  ...{ target: 'webhook', url: `https://${name}.example/in`, method: 'post', filters: ['onMessageAdded'] },
});

/** The policy of the functions. */
export const POLICY = {
  webhooks: {
    bot: { target: 'studio', flowSid: `FW${'b'.repeat(32)}` },
    sos: { target: 'trigger', url: 'https://crm.example/in', triggers: ['help'] },
    ...Object.fromEntries(['crm', 'log', 'poll', 'audit'].map((name) => [name, listens(name)])),
  },
  profiles: {
    bot: ['bot', 'sos'],
    agent: ['crm', 'sos'],
    full: ['bot', 'sos', 'log', 'poll'],
    other: ['crm', 'sos', 'audit', 'poll'],
    closed: [],
  },
  rules: [
    { on: 'onConversationAdded', profile: 'bot', replay: 'start' },
    { on: 'onParticipantAdded', from: ['bot'], profile: 'agent', replay: 'next' },
    {
      ...{ on: 'onMessageAdded', from: ['bot'], when: { Body: { words: ['human'] } } },
      ...{ profile: 'agent', replay: 'this' },
    },
  ],
};
const policy = parseSource(JSON.stringify(POLICY), {}, site);
const desired = desiredState(policy, site, undefined);
const hashes = (names: readonly string[]) => names.map((name) => hashOfDefinition(policy.webhooks[name]!));

/** A router as it was written so many seconds ago, by this policy if nothing else is said. */
export function router(Profile: string, age: number, more: Partial<RouterState> = {}): Definition {
  const want = policy.profiles[Profile]!;
  const rest = Object.keys(policy.webhooks).filter((name) => !want.includes(name));
  const own = { want: hashes(want), rest: hashes(rest) };
  return routerDefinition(
    { Profile, Replay: 1, At: AT - age, Done: [], Own: own, Policy: desired.policyHash, ...more },
    desired.router,
  );
}

/** What a former policy had in its place of `crm`. */
export const formerCrm = listens('former-crm') as Definition;
/** All that a conversation in the profile `agent` has under the former policy. */
export const underFormerPolicy = (age = 600) => [
  router('agent', age, {
    Policy: 'former',
    Own: { want: [hashOfDefinition(formerCrm), ...hashes(['sos'])], rest: hashes(['bot', 'log']) },
  }),
  formerCrm,
  ...managed('sos'),
];
/** A router as versions before this one wrote it. */
export function formerRouter(profile: string, age: number): Definition {
  const definition = router(profile, age);
  if (definition.target !== 'webhook') return definition;
  const url = new URL(definition.url);
  for (const part of ['Done', 'Own', 'Policy']) url.searchParams.delete(part);
  url.searchParams.set('Since', '1');
  return { ...definition, url: url.href };
}
/** Webhooks of the policy. */
export const managed = (...names: string[]) => names.map((name) => policy.webhooks[name]!);
/** All that a conversation in a profile has. */
export const inProfile = (profile: string, age = 600) => [
  router(profile, age),
  ...managed(...policy.profiles[profile]!),
];
/** What no policy knows. */
export const foreign = (n: number) => listens(`theirs-${n}`) as Definition;
