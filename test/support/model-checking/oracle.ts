import type { Webhook } from '../../../src/webhooks/webhook';
import { DOMAIN_NAME, flowSid, nameIn, type Version } from './policies';

// How these tests read a conversation. It shares no code with what it is held against, and is simpler: each listener has one
// address, written one way.

export const ROUTER = 'router';

/** What started a run, as far as the promises go. */
export interface Trigger {
  /** Position of the policy's version in the world's. */
  readonly version: number;
  /** Undefined where it can decide nothing. */
  readonly key?: string | undefined;
  /** The event, and the word in its message. */
  readonly on?: string | undefined;
  readonly word?: string | undefined;
  /** Index of the message that was added. */
  readonly added?: number | undefined;
  /** Index of the message that the event is about. */
  readonly about?: number | undefined;
  /** The profile that was requested. */
  readonly profile?: string | undefined;
}

/** What a router's URL says. */
export interface StateFacts {
  readonly profile: string;
  readonly replay: number;
  readonly at: number;
  readonly done: readonly string[];
  readonly policy: string | null;
  readonly url: string;
}

const URL_OF_ROUTER = `https://${DOMAIN_NAME}/events/conversation?`;

export function isRouter({ configuration }: Webhook): boolean {
  return configuration.url?.startsWith(URL_OF_ROUTER) ?? false;
}

/** The name of a router or a listener; undefined for a foreign webhook. */
export function nameOf(webhook: Webhook, versions: readonly Version[]): string | undefined {
  if (isRouter(webhook)) return ROUTER;
  const { flow_sid, url = '' } = webhook.configuration;
  const name = flow_sid === flowSid ? 'sales' : /^https:\/\/([^.]+)\.example\/in$/.exec(url)?.[1];
  return name !== undefined && versions.some(({ listeners }) => name in listeners) ? name : undefined;
}

export function routersIn(webhooks: readonly Webhook[]): Webhook[] {
  const age = ({ date_created, sid }: Webhook) => `${date_created} ${sid}`;
  return webhooks.filter(isRouter).sort((a, b) => (age(a) < age(b) ? -1 : 1));
}

const states = new Map<string, StateFacts>();

export function stateOf({ configuration }: Webhook): StateFacts {
  const url = `${configuration.url}`;
  const known = states.get(url);
  if (known) return known;
  const { searchParams } = new URL(url);
  const state = {
    profile: `${searchParams.get('Profile')}`,
    replay: Number(searchParams.get('Replay')),
    at: Number(searchParams.get('At')),
    done: (searchParams.get('Done') ?? '').match(/.{5}/g) ?? [],
    policy: searchParams.get('Policy'),
    url,
  };
  states.set(url, state);
  return state;
}

/** Whether a run's event or request, new to this state, changes the profile. */
export function applies(
  { on, word, profile: requested }: Trigger,
  version: Version,
  state: StateFacts | undefined,
): boolean {
  const current = state && (nameIn(version, state.profile) ?? state.profile);
  if (requested !== undefined) return requested !== current;
  const rule = version.rules.find(
    (each) =>
      each.on === on &&
      (each.word === undefined || each.word === word) &&
      (current === undefined
        ? on === 'onConversationAdded'
        : on !== 'onConversationAdded' && (each.from?.includes(current) ?? true)),
  );
  return rule !== undefined && rule.profile !== current;
}

/** The first listener of a profile, under each of the versions: the one that talks to the customer. */
export function speakers(versions: readonly Version[], profile: string): string[] {
  return versions.flatMap((version) => {
    const name = nameIn(version, profile);
    return (name !== undefined && version.profiles[name]?.[0]) || [];
  });
}
