import type { MiddlewareHandler } from 'hono';
import type { EmulatorContext } from '../context';
import { refuse } from '../twilio/errors';

declare module 'hono' {
  interface ContextVariableMap {
    /** How many API requests there were when this one arrived, itself included. */
    concurrentRequests: number;
  }
}

// Six of Twilio's APIs live under one origin here.
function product(path: string): string {
  if (path.startsWith('/v2/')) return 'studio';
  if (path.startsWith('/serverless/')) return 'serverless';
  if (/^\/v1\/Alerts(\/|$)/.test(path)) return 'monitor';
  if (path.startsWith('/v1/Accounts/')) return 'iam';
  return /^\/v1\/(Sinks|Subscriptions)(\/|$)/.test(path) ? 'events' : 'conversations';
}

/** The headers that Twilio's gateway adds to each response. */
export function responseHeaders(context: EmulatorContext): MiddlewareHandler {
  let concurrent = 0;
  return async (c, next) => {
    concurrent += 1;
    const atArrival = concurrent;
    c.set('concurrentRequests', atArrival);
    const start = performance.now();
    await next();
    // Not by c.header(), which would create a new response each time.
    const { headers } = c.res;
    concurrent -= 1;
    headers.set('Twilio-Concurrent-Requests', String(atArrival));
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
    // Not if a fault has replaced it.
    if (headers.get('Content-Type') === 'application/json')
      headers.set('Content-Type', 'application/json; charset=utf-8');
  };
}

/** Refuses a request over the limit. It is not processed, and meets no fault. */
export function limitConcurrency(context: EmulatorContext): MiddlewareHandler {
  return (c, next) => {
    const { concurrencyLimit } = context.options;
    if (concurrencyLimit > 0 && c.get('concurrentRequests') > concurrencyLimit) refuse(20429);
    return next();
  };
}
