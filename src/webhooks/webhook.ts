import { parseUrl } from '../lib/parse-url';
import { comparableUrl } from '../lib/url';
import { type Definition, identityOf, type Target } from './definition';
import type { WebhookConfig } from './settings';

/** `configuration` as the API returns it; its keys depend on the target. */
export interface Configuration {
  readonly url?: string;
  readonly method?: string;
  readonly filters?: readonly string[];
  readonly triggers?: readonly string[];
  readonly flow_sid?: string;
  readonly replay_after?: number;
}

/**
 * One Conversation Scoped Webhook in the API's own spelling; dates are ISO 8601, whole seconds, UTC.
 * https://www.twilio.com/docs/conversations/api/conversation-scoped-webhook-resource
 */
export interface Webhook {
  readonly sid: string;
  readonly account_sid: string;
  readonly conversation_sid: string;
  readonly chat_service_sid?: string;
  readonly target: Target;
  readonly url: string;
  readonly configuration: Configuration;
  readonly date_created: string;
  readonly date_updated: string;
}

/** Whether a webhook has a definition's identity. */
export function isSameWebhook({ target, configuration }: Webhook, definition: Definition): boolean {
  const { url, flow_sid: flowSid } = configuration;
  return identityOf({ target, url, flowSid }) === identityOf(definition);
}

export function callsUrl({ configuration }: Webhook, url: string): boolean {
  return comparableUrl(configuration.url ?? '') === comparableUrl(url);
}

/** Whether the path of its URL is this one, or below it: `/in` has `/in/2` and `/in?x=1`, not `/inbox`. */
export function callsBelow({ configuration }: Webhook, { origin, pathname }: URL): boolean {
  const url = parseUrl(configuration.url ?? '');
  if (url?.origin !== origin) return false;
  return url.pathname === pathname || url.pathname.startsWith(pathname.replace(/\/?$/, '/'));
}

export function callsFlow({ configuration }: Webhook, flowSid: string): boolean {
  return configuration.flow_sid === flowSid;
}

/**
 * Whether a webhook already has these settings. Letter case of the method and order of arrays do not count. Every character of
 * the URL does, also where the identity is the same: a fragment such as `#rc=3` configures how Twilio retries.
 */
export function matchesConfig(
  webhook: Webhook,
  { url, method, filters, triggers, flowSid }: WebhookConfig,
): boolean {
  const { configuration } = webhook;
  return (
    (url === undefined || configuration.url === url) &&
    (method === undefined || configuration.method?.toLowerCase() === method) &&
    (filters === undefined || !showsFilters(webhook) || sameSet(configuration.filters, filters)) &&
    // Twilio's examples have a trigger's keywords in `filters`.
    (triggers === undefined || sameSet(configuration.triggers ?? configuration.filters, triggers)) &&
    (flowSid === undefined || callsFlow(webhook, flowSid))
  );
}

/** Whether the API returns a webhook's filters. It may not for a Studio flow; they count as equal then. */
export function showsFilters({ target, configuration }: Webhook): boolean {
  return target !== 'studio' || configuration.filters !== undefined;
}

/** Oldest first: a total order, so that concurrent runs agree on which duplicate stays. */
export function byAge(a: Webhook, b: Webhook): number {
  return Date.parse(a.date_created) - Date.parse(b.date_created) || (a.sid < b.sid ? -1 : 1);
}

/** What takes a slot, for the details of an error. */
export function slotSummary({ sid, target, configuration }: Webhook) {
  return { sid, target, configuration };
}

function sameSet(a: readonly string[] = [], b: readonly string[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((item) => set.has(item));
}
