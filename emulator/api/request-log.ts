import type { MiddlewareHandler } from 'hono';
import { type Clock, milliseconds } from '../state/clock';
import { Recent } from '../state/recent';

interface LoggedRequest {
  date: string;
  method: string;
  /** With its query. */
  path: string;
  /** Null: the connection was dropped. */
  status: number | null;
  /** The ids of the faults that it met. */
  faults: number[];
}

/** The API requests that came in, so that a test can count them. */
export class RequestLog {
  readonly requests = new Recent<LoggedRequest>(5_000);

  middleware(clock: Clock): MiddlewareHandler {
    return async (c, next) => {
      await next();
      const { pathname, search } = new URL(c.req.url);
      const date = milliseconds(clock.now());
      const status = c.get('dropped') ? null : c.res.status;
      const faults = c.get('met')?.ids ?? [];
      this.requests.add({ date, method: c.req.method, path: pathname + search, status, faults });
    };
  }
}
