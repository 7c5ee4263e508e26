import { ApiError } from './api-error';
import { quote } from './error-text';
import { parseHost, withoutFinalDot } from './host';

/**
 * Whether a comma-separated list of host patterns has the host of a URL. `crm.example.com` matches that host;
 * `*.example.com` matches every subdomain of example.com at any depth, but not example.com itself. Ports must be equal; the
 * default is that of https. The URL parser normalizes hosts, so letter case, Unicode spelling and a final dot do not count.
 * @throws ApiError 20001 for an item that is not a pattern: a list with a mistake allows nothing
 */
export function isAllowed({ hostname, port }: URL, allowlist: string): boolean {
  const host = withoutFinalDot(hostname);
  return allowlist
    .split(',')
    .map((item) => parsePattern(item.trim()))
    .some(
      (pattern) =>
        pattern.port === port &&
        (pattern.below
          ? host.length > pattern.host.length + 1 && host.endsWith(`.${pattern.host}`)
          : host === pattern.host),
    );
}

function parsePattern(text: string): { host: string; port: string; below: boolean } {
  const below = text.startsWith('*.');
  const parsed = parseHost(below ? text.slice(2) : text);
  const isAddress = parsed && /^\[|^[\d.]+$/.test(parsed.hostname);
  if (parsed && !(below && isAddress)) return { host: parsed.hostname, port: parsed.port, below };
  throw new ApiError(
    20001,
    `${quote(text)} in WEBHOOK_URL_ALLOWLIST is not a valid host; separate hosts with commas, like crm.example.com,*.example.org`,
  );
}
