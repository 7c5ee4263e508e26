import { comparableUrl } from '../../src/lib/url';
import { Refusal } from '../refusal';
import { ADDED, type Settings, type Step } from './step';

export interface Webhook {
  /** Where it is to point. */
  readonly url: string;
  /** Where it pointed while this deployment stood elsewhere. */
  readonly former: readonly string[];
  /** Whether somebody else's may be replaced. */
  readonly replace: boolean;
  readonly whose: string;
}

/**
 * What sends new conversations to us. Events that are filtered already stay, as a pre-event webhook may need them, but for
 * those of somebody else's URL, which leave with it. What answers GET as well as POST leaves a method alone that a
 * pre-event webhook shares.
 * @throws Refusal where somebody else's URL stands there
 */
export function planSettings(found: Settings, { url, former, replace, whose }: Webhook): Step[] {
  const ours = isOneOf(found.url, [url, ...former]);
  const foreign = found.url !== '' && !ours;
  if (foreign && !replace)
    throw new Refusal(
      `Nothing was changed: ${whose} post-event webhook is ${withoutQuery(found.url)}, which is not this deployment's; ` +
        '--replace puts this one in its place.',
    );
  const kept = foreign ? found.filters.filter((event) => !isPostEvent(event)) : found.filters;
  const filters = kept.includes(ADDED) ? kept : [...kept, ADDED];
  const method = keepsMethod(found) ? found.method : 'POST';
  const right = isOneOf(found.url, [url]) && filters === found.filters && method === found.method;
  return right ? [] : [{ kind: 'set', url, filters, method, before: found }];
}

/** Takes our URL and our event away, and leaves what else is filtered. */
export function planSettingsRemoval(found: Settings, { url }: Pick<Webhook, 'url'>): Step[] {
  if (!isOneOf(found.url, [url])) return [];
  const filters = found.filters.filter((event) => event !== ADDED);
  return [{ kind: 'set', url: '', filters, method: found.method, before: found }];
}

/** Whether the method is somebody else's to say. */
export function keepsMethod({ pre, method }: Settings): boolean {
  return pre && method === 'GET';
}

const isPostEvent = (event: string) => event.endsWith('ed');

const isOneOf = (url: string, urls: readonly string[]) =>
  url !== '' && urls.some((candidate) => comparableUrl(candidate) === comparableUrl(url));

// A query or a password may be what its owner would not want in a log.
function withoutQuery(text: string): string {
  if (!URL.canParse(text)) return 'another one';
  const { origin, pathname } = new URL(text);
  return origin + pathname;
}
