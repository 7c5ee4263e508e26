import { ApiError } from './api-error';
import { quote } from './messages';

/**
 * Whether one of the hosts that a list names is the one of a URL. The list is text as it stands in the environment: host
 * patterns with commas between. `crm.example.com` is that host; `*.example.com` every host below example.com, however
 * deep, and not example.com itself. A port has to be the same; none is the one of https. Hosts are compared as the URL
 * parser reads them, so letter case, Unicode spelling and a final dot mean nothing.
 * @throws ApiError 20001 where an item of the list is no pattern: a list with a mistake in it allows nothing
 */
export function isAllowed({ hostname, port }: URL, allowlist: string): boolean {
  const host = withoutFinalDot(hostname);
  return allowlist
    .split(',')
    .map((item) => readPattern(item.trim()))
    .some(
      (pattern) =>
        pattern.port === port &&
        (pattern.below
          ? host.length > pattern.host.length + 1 && host.endsWith(`.${pattern.host}`)
          : host === pattern.host),
    );
}

function readPattern(text: string): { host: string; port: string; below: boolean } {
  const [, star, rest] = /^(\*\.)?([^*/?#@\\%\s\p{Cc}]+)$/u.exec(text) ?? [];
  if (rest !== undefined && URL.canParse(`https://${rest}`)) {
    const { hostname, port } = new URL(`https://${rest}`);
    const host = withoutFinalDot(hostname);
    const address = /^\[|^[\d.]+$/.test(host);
    if (!host.split('.').includes('') && !(star && address)) return { host, port, below: !!star };
  }
  throw new ApiError(
    20001,
    `WEBHOOK_URL_ALLOWLIST has ${quote(text)}, which is no host; write hosts with commas between, like crm.example.com,*.example.org`,
  );
}

function withoutFinalDot(host: string): string {
  return host.replace(/\.$/, '');
}
