import type { ScopedEvent } from '../events/scoped-events';
import { ownUrl, type Site } from '../lib/url';
import type { Definition } from './definition';
import type { Webhook } from './webhook';

/** The function that receives a conversation's events. */
export const ROUTER_PATH = '/events/conversation';

/** The state of a managed conversation. It is stored only in the query of its router's URL, under these names. */
export interface RouterState {
  /** The current profile. */
  readonly Profile: string;
  /** Index of the first message that rules may match. */
  readonly Since: number;
  /** Index of the first message that the profile's webhooks must receive. */
  readonly Replay: number;
  /** When this was decided: Unix seconds on Twilio's clock. */
  readonly At: number;
}

/** What a router is: this deployment's host, its former hosts, and the events of its rules. */
export interface RouterSpec {
  readonly site: Site;
  readonly formerDomains: readonly string[];
  readonly filters: readonly ScopedEvent[];
  /**
   * The conversation's service, if it is known. It is in the URL beside the state, since some events do not have it, and
   * outside the default service a conversation is not found without it.
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

/** The host of a router of any deployment; undefined for other webhooks. */
export function routerHost(webhook: Webhook): string | undefined {
  return routerAddress(webhook)?.host;
}

/** Parses a router's URL. */
export function parseRouter(webhook: Webhook): RouterState {
  return parseState(Object.fromEntries(new URL(webhook.configuration.url ?? '').searchParams));
}

/** Parses a router's query. A missing or malformed number is 0, or follows from the others. */
export function parseState({
  Profile = '',
  Since,
  Replay,
  At,
}: { readonly [Part in keyof RouterState]?: string }): RouterState {
  const since = parseInteger(Since) ?? 0;
  return { Profile, Since: since, Replay: parseInteger(Replay) ?? since, At: parseInteger(At) ?? 0 };
}

export function sameState(a: RouterState | undefined, b: RouterState | undefined): boolean {
  return a?.Profile === b?.Profile && a?.Since === b?.Since && a?.Replay === b?.Replay && a?.At === b?.At;
}

function parseInteger(text = ''): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function routerAddress({ target, configuration }: Webhook): URL | undefined {
  if (target !== 'webhook' || !configuration.url || !URL.canParse(configuration.url)) return undefined;
  const url = new URL(configuration.url);
  return url.pathname === ROUTER_PATH && url.searchParams.has('Profile') ? url : undefined;
}
