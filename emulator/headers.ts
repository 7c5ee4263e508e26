import type { MiddlewareHandler } from 'hono';
import type { World } from './world';

// Two of Twilio's APIs live under one origin here.
const product = (path: string) =>
  /^\/v1\/(Sinks|Subscriptions)(\/|$)/.test(path) ? 'events' : 'conversations';

/** What Twilio's gateway adds to its answers; dates come from the emulator's clock. */
export function responseHeaders(world: World): MiddlewareHandler {
  let underway = 0;
  return async (c, next) => {
    underway += 1;
    const start = performance.now();
    await next();
    c.header('Twilio-Concurrent-Requests', String(underway));
    underway -= 1;
    c.header('Twilio-Request-Id', world.sids('RQ'));
    c.header('Twilio-Request-Duration', ((performance.now() - start) / 1000).toFixed(3));
    c.header('X-Home-Region', 'us1');
    c.header('X-Api-Domain', `${product(c.req.path)}.twilio.com`);
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Access-Control-Allow-Credentials', 'true');
    c.header('Access-Control-Allow-Methods', 'GET, POST, DELETE, OPTIONS');
    c.header(
      'Access-Control-Allow-Headers',
      'Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since',
    );
    c.header('Access-Control-Expose-Headers', 'ETag');
    // A fault may have put something else there.
    if (c.res.headers.get('Content-Type') === 'application/json')
      c.header('Content-Type', 'application/json; charset=utf-8');
  };
}
