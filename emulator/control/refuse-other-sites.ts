import type { MiddlewareHandler } from 'hono';
import { isLoopback } from '../delivery/post';
import { refuse } from '../twilio/errors';

/**
 * Refuses what a page of another site sends through the user's browser: the emulator has no login. A name that somebody
 * points at this machine is another site, too.
 */
export const refuseOtherSites: MiddlewareHandler = async (c, next) => {
  // Not from the URL, which has the address that a proxy forwards.
  const host = c.req.header('Host');
  const { origin, pathname } = new URL(c.req.url);
  if (host !== undefined && !(URL.canParse(`http://${host}`) && isLoopback(`http://${host}`)))
    refuse(20403, `${pathname} is only for requests to localhost or 127.0.0.1`);
  const site = c.req.header('Origin');
  if (site !== undefined && c.req.method !== 'GET' && site !== origin)
    refuse(20403, `${pathname} is not for pages of ${site}`);
  await next();
};
