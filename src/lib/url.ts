import { ApiError } from './api-error';
import { MAX_URL_LENGTH } from './limits';
import { quote } from './messages';
import { isAllowed } from './url-allowlist';

/** Where this deployment stands: what a relative `Url` means, whether plain `http` to loopback can be meant, and what is allowed. */
export interface Site {
  /** Host, and port where there is one, under which the functions answer. */
  readonly domainName: string;
  /** True while the Twilio API itself is a stand-in on this machine. */
  readonly local: boolean;
  /** The hosts that webhooks may call besides its own, as they stand in the environment; empty or not there: all. */
  readonly allowlist?: string | undefined;
}

const LOOPBACK =
  /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f[\da-f]{2}:[\da-f]{1,4}|0:0)\])$/;

/**
 * Whether a URL's hostname is this machine, which Twilio cannot reach. So are 0.0.0.0 and [::]: a server listens on them,
 * and a client that calls them calls itself. scripts/loopback.mjs says the same before anything is installed.
 */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** The address of a path of this deployment. */
export function ownUrl(path: string, site: Site): string {
  const { hostname } = new URL(`https://${site.domainName}`);
  return `${isLoopback(hostname) ? 'http' : 'https'}://${site.domainName}${path}`;
}

/**
 * The URL that a webhook may call: absolute, at most 512 characters, `https`, or `http` to loopback while Twilio is a
 * stand-in there too, and to a host that the allowlist has. A path such as `/my-function` means this deployment's own host.
 * @throws ApiError 50372 too long, 20001 for an allowlist that is none, 50054 anything else
 */
export function validateUrl(given: string, site: Site): string {
  const url = given.startsWith('/') && !given.startsWith('//') ? ownUrl(given, site) : given;
  if (url.length > MAX_URL_LENGTH)
    throw new ApiError(50372, `Url has ${url.length} characters; Twilio takes at most ${MAX_URL_LENGTH}`);
  // What the URL parser drops or rewrites on its own would be something else than what was sent.
  const parsed = /[\s\p{Cc}\\]/u.test(url) || !URL.canParse(url) ? undefined : new URL(url);
  if (!parsed || !/^https?:\/\//i.test(url))
    throw new ApiError(
      50054,
      `Url ${quote(withoutQuery(given))} is not an absolute https URL, nor a path such as /my-function`,
    );
  if (parsed.protocol === 'https:' || (site.local && isLoopback(parsed.hostname))) {
    checkHost(parsed, site);
    return url;
  }
  throw new ApiError(
    50054,
    isLoopback(parsed.hostname)
      ? 'Url points to this machine, where Twilio cannot reach it; send the https URL of a tunnel or a deployment'
      : 'Url must be https: Twilio signs what it sends but does not hide it',
  );
}

/** A URL as two webhooks are compared by it: normalised, without its fragment, which Twilio never sends. */
export function comparableUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.hash = '';
  return parsed.href;
}

function checkHost(url: URL, site: Site): void {
  if (!site.allowlist || url.host === new URL(ownUrl('/', site)).host || isAllowed(url, site.allowlist))
    return;
  throw new ApiError(
    50054,
    `Url: the host ${quote(url.host)} is not allowed here; WEBHOOK_URL_ALLOWLIST has those that are`,
  );
}

/** A URL up to its query, where people put keys; its fragment goes too. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*/s, '');
}
