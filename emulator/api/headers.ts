import type { MiddlewareHandler } from 'hono';
import type { EmulatorContext } from '../context';

// Two of Twilio's APIs live under one origin here.
const product = (path: string) =>
  /^\/v1\/(Sinks|Subscriptions)(\/|$)/.test(path) ? 'events' : 'conversations';

/** What Twilio's gateway adds to its answers; dates come from the emulator's clock. */
export function responseHeaders(context: EmulatorContext): MiddlewareHandler {
  let underway = 0;
  return async (c, next) => {
    underway += 1;
    const start = performance.now();
    await next();
    // Not c.header(), which makes the whole answer anew each time.
    const { headers } = c.res;
    headers.set('Twilio-Concurrent-Requests', String(underway));
    underway -= 1;
    headers.set('Twilio-Request-Id', context.sids('RQ'));
    headers.set('Twilio-Request-Duration', ((performance.now() - start) / 1000).toFixed(3));
    headers.set('X-Home-Region', 'us1');
    headers.set('X-Api-Domain', `${product(c.req.path)}.twilio.com`);
    headers.set('Access-Control-Allow-Origin', '*');
    headers.set('Access-Control-Allow-Credentials', 'true');
    headers.set('Access-Control-Allow-Methods', 'GET, POST, DELETE, OPTIONS');
    headers.set(
      'Access-Control-Allow-Headers',
      'Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since',
    );
    headers.set('Access-Control-Expose-Headers', 'ETag');
    // A fault may have put something else there.
    if (headers.get('Content-Type') === 'application/json')
      headers.set('Content-Type', 'application/json; charset=utf-8');
  };
}
