import type { DesiredState } from '../../src/sync/plan';
import type { Definition } from '../../src/webhooks/definition';

export const site = { domainName: 'bots-1234.twil.io', local: false };

const listener = (name: string): Definition => ({
  target: 'webhook',
  url: `https://${name}.example/in`,
  method: 'post',
  filters: ['onMessageAdded'],
});

const NAMES = ['bot', 'crm', 'sos', 'monitor', 'survey', 'audit'] as const;

/** A policy's webhooks and profiles, small enough to try all of it and large enough to fill the slots. */
export const desired: DesiredState = {
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
  router: {
    site,
    formerDomains: ['old-1.twil.io'],
    filters: ['onMessageAdded', 'onConversationStateUpdated'],
  },
};

export const profiles = Object.keys(desired.profiles);

/** A webhook that no policy knows. */
export const foreign = (n: number): Definition => listener(`foreign${n}`);
