import type { ScopedEvent } from '../events/scoped-events';
import { ownUrl, type Site } from '../lib/url';
import type { Definition } from './definition';
import type { Webhook } from './webhook';

/** Where a conversation sends its own events. */
export const ROUTER_PATH = '/events/conversation';

/**
 * The state of a conversation under a policy. It stands in the query of its router's URL, and nowhere else, under these
 * names.
 */
export interface RouterState {
  /** The profile in force. */
  readonly Profile: string;
  /** Index of the first message that rules may judge. */
  readonly Since: number;
  /** Index of the first message that the profile's listeners must have. */
  readonly Replay: number;
  /** When that was decided: Unix seconds on Twilio's clock. */
  readonly At: number;
}

/** What a router is: where this deployment is, where it was before, and the events that its rules are about. */
export interface RouterSpec {
  readonly site: Site;
  readonly formerDomains: readonly string[];
  readonly filters: readonly ScopedEvent[];
  /**
   * The service of the conversation, where it is known: some events do not name it, and outside the default service a
   * conversation is not found without it. Stands in the URL beside the state.
   */
  readonly serviceSid?: string | undefined;
}

export function routerUrl(
  { Profile, Since, Replay, At }: RouterState,
  { site, serviceSid }: Pick<RouterSpec, 'site' | 'serviceSid'>,
): string {
  const query = new URLSearchParams({ Profile, Since: `${Since}`, Replay: `${Replay}`, At: `${At}` });
  if (serviceSid !== undefined) query.set('ServiceSid', serviceSid);
  return `${ownUrl(ROUTER_PATH, site)}?${query}`;
}

export function routerDefinition(state: RouterState, spec: RouterSpec): Definition {
  return { target: 'webhook', url: routerUrl(state, spec), method: 'post', filters: spec.filters };
}

/** Whether a webhook is a router of ours: it calls our path, here or on a former domain. */
export function isRouter(webhook: Webhook, { site, formerDomains }: RouterSpec): boolean {
  const url = routerAddress(webhook);
  return url !== undefined && [new URL(ownUrl('/', site)).host, ...formerDomains].includes(url.host);
}

/** The host of a router of some deployment, be it ours or not; undefined for any other webhook. */
export function routerHost(webhook: Webhook): string | undefined {
  return routerAddress(webhook)?.host;
}

/** What a router's URL says. */
export function parseRouter(webhook: Webhook): RouterState {
  return parseState(Object.fromEntries(new URL(webhook.configuration.url ?? '').searchParams));
}

/** Reads a router's query. A part that is missing or no number is 0, or follows from the others. */
export function parseState({
  Profile = '',
  Since,
  Replay,
  At,
}: { readonly [Part in keyof RouterState]?: string }): RouterState {
  const since = wholeNumber(Since) ?? 0;
  return { Profile, Since: since, Replay: wholeNumber(Replay) ?? since, At: wholeNumber(At) ?? 0 };
}

export function sameState(a: RouterState | undefined, b: RouterState | undefined): boolean {
  return a?.Profile === b?.Profile && a?.Since === b?.Since && a?.Replay === b?.Replay && a?.At === b?.At;
}

function wholeNumber(text = ''): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function routerAddress({ target, configuration }: Webhook): URL | undefined {
  if (target !== 'webhook' || !configuration.url || !URL.canParse(configuration.url)) return undefined;
  const url = new URL(configuration.url);
  return url.pathname === ROUTER_PATH && url.searchParams.has('Profile') ? url : undefined;
}
