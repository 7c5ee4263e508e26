import type { IncomingMessage } from 'node:http';
import { parseUrl } from './api/parse-url';

/**
 * The URL that the client requested, with which the links in responses begin: behind a proxy, the one that the client sent to
 * the proxy. Undefined where the request itself says all.
 */
export function forwardedUrl({ headers, socket, url = '' }: IncomingMessage): string | undefined {
  const proto = first(headers['x-forwarded-proto']);
  const host = first(headers['x-forwarded-host']);
  if ((proto === undefined && host === undefined) || !url.startsWith('/')) return undefined;
  const scheme = proto ?? ('encrypted' in socket ? 'https' : 'http');
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  const parsed = parseUrl(`${scheme}://${host ?? headers.host}`);
  return parsed === undefined ? undefined : `${parsed.origin}${url}`;
}

// Each proxy on the way appends its own.
const first = (header: string | string[] | undefined) =>
  String(header ?? '')
    .split(',')[0]
    ?.trim()
    .toLowerCase() || undefined;
