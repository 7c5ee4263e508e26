import type { MiddlewareHandler } from 'hono';
import type { EmulatorContext } from '../context';
import { isoMilliseconds } from '../state/clock';

/** Records each API request, so that a test can count them. */
export function logRequests(context: EmulatorContext): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { pathname, search } = new URL(c.req.url);
    context.requests.add({
      date: isoMilliseconds(context.clock.now()),
      method: c.req.method,
      path: pathname + search,
      status: c.get('dropped') ? null : c.res.status,
      faults: c.get('faults')?.ids ?? [],
    });
  };
}
