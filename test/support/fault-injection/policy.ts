import { parsePolicy } from '../../../src/policy/policy';
import { desiredState } from '../../../src/sync/decide';
import type { Definition } from '../../../src/webhooks/definition';
import { type RouterState, routerDefinition } from '../../../src/webhooks/router';

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
    {
      ...{ on: 'onMessageAdded', from: ['bot'], when: { Body: { words: ['human'] } } },
      ...{ profile: 'agent', replay: 'this' },
    },
  ],
};
const policy = parsePolicy(JSON.stringify(POLICY), {}, site);
const { router: spec } = desiredState(policy, site, undefined);

/** A router as it was written so many seconds ago. */
export const router = (Profile: string, age: number): Definition =>
  routerDefinition({ Profile, Since: 1, Replay: 1, At: AT - age } satisfies RouterState, spec);
/** Webhooks of the policy. */
export const managed = (...names: string[]) => names.map((name) => policy.webhooks[name]!);
/** All that a conversation in a profile has. */
export const inProfile = (profile: string, age = 600) => [
  router(profile, age),
  ...managed(...policy.profiles[profile]!),
];
/** What no policy knows. */
export const foreign = (n: number) => listens(`theirs-${n}`) as Definition;
