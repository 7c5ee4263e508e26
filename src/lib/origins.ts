import { parseUrl } from './parse-url';
import { isLoopback } from './url';

/** The origins of FLEX_ORIGINS; undefined for an item that is not one: `https://flex.twilio.com`, or `http` on loopback. */
export function parseOrigins(list: string | undefined): (string | undefined)[] {
  if (!list) return [];
  return list.split(',').map((item) => {
    const url = parseUrl(item.trim());
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
    return isSafe && url.href === `${url.origin}/` ? url.origin : undefined;
  });
}

/** Whether every item of a list is an origin. */
export function areOrigins(list: string | undefined): boolean {
  return !parseOrigins(list).includes(undefined);
}
