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
  const patterns = itemsOf(allowlist).map((item) => parsePattern(item) ?? malformed(item));
  return patterns.some(
    (pattern) =>
      pattern.port === port &&
      (pattern.below
        ? host.length > pattern.host.length + 1 && host.endsWith(`.${pattern.host}`)
        : host === pattern.host),
  );
}

/** Whether every item of a list is a pattern. An empty or missing list allows all hosts. */
export function isAllowlist(allowlist: string | undefined): boolean {
  return !allowlist || itemsOf(allowlist).every((item) => parsePattern(item) !== undefined);
}

interface Pattern {
  readonly host: string;
  readonly port: string;
  readonly below: boolean;
}

function itemsOf(allowlist: string): string[] {
  return allowlist.split(',').map((item) => item.trim());
}

function parsePattern(text: string): Pattern | undefined {
  const below = text.startsWith('*.');
  const parsed = parseHost(below ? text.slice(2) : text);
  if (!parsed || (below && /^\[|^[\d.]+$/.test(parsed.hostname))) return undefined;
  return { host: parsed.hostname, port: parsed.port, below };
}

function malformed(item: string): never {
  throw new ApiError(
    20001,
    `${quote(item)} in WEBHOOK_URL_ALLOWLIST is not a valid host; separate hosts with commas, like crm.example.com,*.example.org`,
  );
}
