import { ApiError } from './api-error';
import { quote } from './error-text';
import { MAX_URL_LENGTH } from './limits';
import { parseUrl } from './parse-url';
import { isAllowed } from './url-allowlist';

/** This deployment's host, and which URLs its webhooks may call. */
export interface Site {
  /** The functions' host, with its port if there is one. */
  readonly domainName: string;
  /** True while the Twilio API is an emulator on this machine: then `http` to loopback is allowed. */
  readonly local: boolean;
  /** WEBHOOK_URL_ALLOWLIST; all hosts if it is empty or missing. */
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

/** The URL of a path of this deployment. */
export function ownUrl(path: string, site: Site): string {
  const { hostname } = new URL(`https://${site.domainName}`);
  return `${isLoopback(hostname) ? 'http' : 'https'}://${site.domainName}${path}`;
}

/** Whether a URL is on this deployment's own host. */
export function isOwnUrl(url: string, site: Site): boolean {
  return parseUrl(url)?.host === new URL(ownUrl('/', site)).host;
}

/**
 * Returns the URL that a webhook may call: absolute, at most 512 characters, `https` (or `http` to loopback while the API is
 * an emulator), to an allowed host, without a user name or password. A path such as `/my-function` means this deployment's own
 * host.
 *
 * The host is returned as the URL parser reads it, since that is what was checked: `crm。example.com` is `crm.example.com`.
 * Everything else stays as it was sent, the letter case of the host and a default port included: they are settings.
 * @throws ApiError 50372 too long, 20001 for a malformed allowlist, 50054 anything else
 */
export function validateUrl(value: string, site: Site): string {
  const absolute = value.startsWith('/') && !value.startsWith('//') ? ownUrl(value, site) : value;
  // The URL parser would silently drop or rewrite these characters.
  const parsed = /[\s\p{Cc}\\]/u.test(absolute) ? undefined : parseUrl(absolute);
  const [, scheme, authority, rest] = /^(https?:\/\/)([^/?#]+)(.*)$/is.exec(absolute) ?? [];
  if (!parsed || !scheme || !authority)
    throw new ApiError(
      50054,
      // Before an @ there may be a password.
      `Url${value.includes('@') ? '' : ` ${quote(withoutQuery(value))}`} is not valid; send an https URL or a path such as /my-function`,
    );
  if (authority.includes('@'))
    throw new ApiError(50054, 'Url must not have a user name or password; put a key into its query instead');
  const url = `${scheme}${isParsedHost(authority, parsed) ? authority : parsed.host}${rest}`;
  if (url.length > MAX_URL_LENGTH)
    throw new ApiError(50372, `Url has ${url.length} characters; Twilio allows at most ${MAX_URL_LENGTH}`);
  if (parsed.protocol === 'https:' || (site.local && isLoopback(parsed.hostname))) {
    checkHost(parsed, site);
    return url;
  }
  throw new ApiError(
    50054,
    isLoopback(parsed.hostname)
      ? 'Url is a loopback address, which Twilio cannot reach; send the https URL of a tunnel or a deployment'
      : 'Url must use https: Twilio signs requests but does not encrypt them',
  );
}

/** Whether this is how the URL parser reads the host, but for letter case and a default port. */
function isParsedHost(text: string, { protocol, host }: URL): boolean {
  const written = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return written === host || written === `${host}:${protocol === 'https:' ? 443 : 80}`;
}

/** Normalizes a URL for comparison: without its fragment, which Twilio never sends. */
export function comparableUrl(url: string): string {
  const address = url.replace(/#.*/s, '');
  return parseUrl(address)?.href ?? address;
}

function checkHost(url: URL, site: Site): void {
  if (!site.allowlist || isOwnUrl(url.href, site) || isAllowed(url, site.allowlist)) return;
  throw new ApiError(
    50054,
    `Url: the host ${quote(url.host)} is not allowed; add it to WEBHOOK_URL_ALLOWLIST`,
  );
}

/** A URL up to its query, where people put keys; its fragment goes too. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*/s, '');
}
