import { parseUrl } from './parse-url';

const HOST = /^(?:(?:[\w.-]|\P{ASCII})+|\[[\da-f:.]+\])(?::\d+)?$/iu;
const PARSED_HOSTNAME = /^(?:[\w-]+(?:\.[\w-]+)*|\[.+\])$/;

/**
 * Parses a host that somebody writes down, with or without a port, as the URL parser reads it in an https URL: in lower case,
 * in ASCII, without the default port; and without a final dot. Undefined if it is not valid.
 */
export function parseHost(text: string): Pick<URL, 'host' | 'hostname' | 'port'> | undefined {
  const url = HOST.test(text) ? parseUrl(`https://${text}`) : undefined;
  if (!url) return undefined;
  url.hostname = withoutFinalDot(url.hostname);
  return PARSED_HOSTNAME.test(url.hostname) ? url : undefined;
}

/** Whether a host has a final dot or not, it is the same. */
export function withoutFinalDot(hostname: string): string {
  return hostname.replace(/\.$/, '');
}
