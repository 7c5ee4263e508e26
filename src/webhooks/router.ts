import type { ScopedEvent } from '../events/scoped-events';
import { STATE_HASH_LENGTH } from '../lib/hash';
import { MAX_URL_LENGTH } from '../lib/limits';
import { parseUrl } from '../lib/parse-url';
import { ownUrl, type Site } from '../lib/url';
import type { Definition } from './definition';
import type { Webhook } from './webhook';

/** The function that receives a conversation's events. */
export const ROUTER_PATH = '/events/conversation';

/** Hashes of the webhooks that a router's policy manages. */
export interface OwnWebhooks {
  /** Those of the current profile. */
  readonly want: readonly string[];
  /** All others, of this policy and of former ones. */
  readonly rest: readonly string[];
}

/**
 * The state of a managed conversation. It is stored only in the query of its router's URL, under these names:
 * `?Profile=agent&Replay=11&At=1790000000&Done=a1B2cd3E4f&Own=Kx81p.9mQ2zTt0aB&Policy=f3Gh5k`.
 */
export interface RouterState {
  /** The current profile. */
  readonly Profile: string;
  /** Index of the first message that the profile's webhooks must receive. */
  readonly Replay: number;
  /** When this was decided: Unix seconds on Twilio's clock. */
  readonly At: number;
  /** Keys of the last decisions, newest last. */
  readonly Done: readonly string[];
  readonly Own: OwnWebhooks;
  /** Hash of the policy that wrote this. */
  readonly Policy: string;
  /** When that policy took the state over from another: Unix seconds on Twilio's clock. Undefined if it decided itself. */
  readonly Adopted?: number | undefined;
  /** The conversation's service, if it is known. */
  readonly ServiceSid?: string | undefined;
}

/** A state as it was found: an older version, or a person, may have written less. */
export type StoredState = Omit<RouterState, 'Own'> & {
  readonly Own: OwnWebhooks | undefined;
  /** Whether Replay, At, Done and Own are all there. */
  readonly complete: boolean;
};

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

type Query = { readonly [Part in keyof RouterState]?: string | undefined };

/**
 * The URL of a router. Where it would be too long, the webhooks of `rest` that are not attached leave it first.
 * @param attached hashes of the attached webhooks
 */
export function routerUrl(
  state: RouterState,
  { site, serviceSid }: Pick<RouterSpec, 'site' | 'serviceSid'>,
  attached: readonly string[] = [],
): string {
  const query: Query = {
    Profile: state.Profile,
    Replay: `${state.Replay}`,
    At: `${state.At}`,
    Done: state.Done.join(''),
    Own: `${state.Own.want.join('')}.${state.Own.rest.join('')}`,
    Policy: state.Policy,
    Adopted: state.Adopted?.toString(),
    ServiceSid: serviceSid ?? state.ServiceSid,
  };
  const known = Object.entries(query).filter((part): part is [string, string] => part[1] !== undefined);
  const url = `${ownUrl(ROUTER_PATH, site)}?${new URLSearchParams(known)}`;
  const droppable = state.Own.rest.find((hash) => !attached.includes(hash));
  if (url.length <= MAX_URL_LENGTH || droppable === undefined) return url;
  const rest = state.Own.rest.filter((hash) => hash !== droppable);
  return routerUrl({ ...state, Own: { ...state.Own, rest } }, { site, serviceSid }, attached);
}

export function routerDefinition(
  state: RouterState,
  spec: RouterSpec,
  attached: readonly string[] = [],
): Extract<Definition, { target: 'webhook' }> {
  return { target: 'webhook', url: routerUrl(state, spec, attached), method: 'post', filters: spec.filters };
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
export function parseRouter(webhook: Webhook): StoredState {
  return parseState(Object.fromEntries(new URL(webhook.configuration.url ?? '').searchParams));
}

/** Parses a router's query. What is missing or malformed counts as 0 or empty. */
export function parseState(query: Query): StoredState {
  const [replay, at] = [parseInteger(query.Replay), parseInteger(query.At)];
  const done = parseHashes(query.Done);
  const [want, rest] = (query.Own ?? '').split('.', 2).map(parseHashes);
  const own = want && rest && { want, rest };
  return {
    Profile: query.Profile ?? '',
    Replay: replay ?? 0,
    At: at ?? 0,
    Done: done ?? [],
    Own: own,
    Policy: query.Policy ?? '',
    Adopted: parseInteger(query.Adopted),
    ServiceSid: query.ServiceSid || undefined,
    complete: [replay, at, done, own].every((part) => part !== undefined),
  };
}

function parseInteger(text = ''): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function parseHashes(text: string | undefined): string[] | undefined {
  if (text === undefined || text.length % STATE_HASH_LENGTH !== 0 || !/^[\w-]*$/.test(text)) return undefined;
  return text.match(new RegExp(`.{${STATE_HASH_LENGTH}}`, 'g')) ?? [];
}

function routerAddress({ target, configuration }: Webhook): URL | undefined {
  const url = target === 'webhook' ? parseUrl(configuration.url ?? '') : undefined;
  return url?.pathname === ROUTER_PATH && url.searchParams.has('Profile') ? url : undefined;
}
