import { comparableUrl } from '../../src/lib/url';
import { CliError } from '../errors';
import { sanitizeUrl } from '../sanitize';
import { ADDED, type Settings, type Step } from './step';

export interface Webhook {
  /** Where it should point. */
  readonly url: string;
  /** Where it pointed while this deployment was elsewhere. */
  readonly former: readonly string[];
  /** Whether somebody else's may be replaced, and dormant events dropped. */
  readonly replace: boolean;
  /** `the account's`, or a service's. */
  readonly whose: string;
}

/**
 * Points the post-event webhook here. Events that are filtered already stay, since a pre-event webhook may need them; the
 * post-event ones of somebody else's URL go with it, and with `replace` dormant ones go too. A method GET stays if a pre-event
 * webhook shares it: the functions accept both.
 * @throws CliError if the webhook is somebody else's
 */
export function planSettings(found: Settings, { url, former, replace, whose }: Webhook): Step[] {
  const ours = isOneOf(found.url, [url, ...former]);
  const foreign = found.url !== '' && !ours;
  if (foreign && !replace)
    throw new CliError(
      `${whose} post-event webhook is ${urlForDisplay(found.url)}, which is not this deployment's; nothing was changed; ` +
        'use --replace to replace it',
    );
  const drops = foreign || (replace && dormantEvents(found).length > 0);
  const kept = drops
    ? found.filters.filter((event) => event === ADDED || !isPostEvent(event))
    : found.filters;
  const filters = kept.includes(ADDED) ? kept : [...kept, ADDED];
  const method = keepsMethod(found) ? found.method : 'POST';
  const right = isOneOf(found.url, [url]) && filters === found.filters && method === found.method;
  return right ? [] : [{ kind: 'set', url, filters, method, before: found }];
}

/** Removes our URL and our event, and leaves the other events. */
export function planSettingsRemoval(found: Settings, { url }: Pick<Webhook, 'url'>): Step[] {
  if (!isOneOf(found.url, [url])) return [];
  const filters = found.filters.filter((event) => event !== ADDED);
  return [{ kind: 'set', url: '', filters, method: found.method, before: found }];
}

/** Post-event filters without a URL: Twilio sends them as soon as there is one. */
export function dormantEvents({ url, filters }: Settings): string[] {
  return url === '' ? filters.filter((event) => event !== ADDED && isPostEvent(event)) : [];
}

/** Whether the method is the pre-event webhook's, and has to stay. */
export function keepsMethod({ pre, method }: Settings): boolean {
  return pre && method === 'GET';
}

const isPostEvent = (event: string) => event.endsWith('ed');

export function isOneOf(url: string, urls: readonly string[]): boolean {
  return url !== '' && urls.some((candidate) => comparableUrl(candidate) === comparableUrl(url));
}

export const urlForDisplay = (url: string) => sanitizeUrl(url, 'another URL');
