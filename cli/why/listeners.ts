import { parseUrl } from '../../src/lib/parse-url';
import { describeWebhooks } from '../../src/sync/described-webhook';
import { type DesiredState, profileToday } from '../../src/sync/desired-state';
import { parseRouter, ROUTER_PATH, routerHost } from '../../src/webhooks/router';
import { byAge, type Webhook } from '../../src/webhooks/webhook';
import type { Fields } from '../client';
import { sanitizeUrl } from '../sanitize';
import type { Listener, Router } from './case';

/** The webhooks of a conversation, its router first. @param desired undefined without a valid policy */
export function scopedListeners(
  webhooks: readonly Webhook[],
  desired: DesiredState | undefined,
  host: string,
): Listener[] {
  const listeners = describeWebhooks(webhooks, desired).map((webhook): Listener => {
    const { sid, target, configuration, policy_name, date_created, date_updated } = webhook;
    const { url = '', method, flow_sid, filters, triggers, replay_after } = configuration;
    const deployment = routerHost(webhook) ?? null;
    const address = flow_sid ?? addressOf(url);
    const name = policy_name ?? (deployment === host ? 'router' : null);
    return {
      level: 'scoped',
      sid,
      label: name ?? address,
      managed: name !== null,
      target,
      address,
      hasQuery: hasQuery(url),
      method: method ?? null,
      deployment,
      filters: target === 'trigger' ? [] : (filters ?? ['onMessageAdded']),
      keywords: target === 'trigger' ? (triggers ?? filters ?? []) : [],
      created: date_created,
      updated: date_updated,
      replayAfter: replay_after ?? null,
    };
  });
  return listeners.sort((a, b) => Number(b.deployment === host) - Number(a.deployment === host));
}

/** The webhook of a service or of the account; none if it has none for what has happened. */
export function configuredListener(
  level: 'service' | 'account',
  { post_webhook_url: url, filters }: Fields,
  host: string,
): Listener[] {
  if (typeof url !== 'string' || url === '') return [];
  const parsed = parseUrl(url);
  const deployment = parsed?.pathname === ROUTER_PATH ? parsed.host : null;
  return [
    {
      level,
      sid: null,
      label: `${level} webhook`,
      managed: deployment === host,
      target: 'webhook',
      address: addressOf(url),
      hasQuery: hasQuery(url),
      method: null,
      deployment,
      filters: Array.isArray(filters) ? filters.map(String) : [],
      keywords: [],
      created: null,
      updated: null,
      replayAfter: null,
    },
  ];
}

/** The state in the oldest router of this deployment. */
export function routerOf(
  webhooks: readonly Webhook[],
  desired: DesiredState | undefined,
  host: string,
): Router | null {
  const [router] = webhooks.filter((webhook) => routerHost(webhook) === host).sort(byAge);
  if (!router) return null;
  const { Profile, Replay, At, Policy } = parseRouter(router);
  const decided = new Date(At * 1000);
  const isDate = At > 0 && !Number.isNaN(decided.getTime());
  return {
    profile: Profile,
    replay: Replay,
    decided: isDate ? decided.toISOString() : null,
    policy: Policy,
    checkout: desired?.policyHash ?? null,
    webhooks: desired?.policyHash === Policy ? profileWebhooks(desired, Profile) : null,
  };
}

function profileWebhooks(desired: DesiredState, profile: string): readonly string[] | null {
  const today = profileToday(desired, profile);
  return today === undefined ? null : (desired.profiles[today] ?? null);
}

const hasQuery = (url: string) => Boolean(parseUrl(url)?.search);

export const addressOf = (url: string) => sanitizeUrl(url, 'a URL that is not valid');
