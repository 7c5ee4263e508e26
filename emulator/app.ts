import { Hono, type MiddlewareHandler } from 'hono';
import { createApi } from './api/api';
import { RequestLog } from './api/request-log';
import type { World } from './context';
import { createControl } from './control/control';
import { TwilioError } from './twilio/errors';

/** All of it: the API under `/v1`, our own routes under `/_emulator`, and one shape for every error. */
export function createApp(world: World, within?: MiddlewareHandler): Hono {
  const log = new RequestLog();
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.res.headers.set('Date', new Date(world.clock.now()).toUTCString());
  });
  app.route('/v1', createApi(world, log, within));
  app.route('/_emulator', createControl(world, log));
  app.notFound((c) => {
    const { pathname } = new URL(c.req.url);
    const path = pathname.replace(/^\/v1(?=\/)/, '');
    return c.json(new TwilioError(20404, `The requested resource ${path} was not found`).body, 404);
  });
  app.onError((error, c) => {
    const known = error instanceof TwilioError ? error : new TwilioError(20500);
    if (known !== error) console.error(error);
    return c.json(known.body, known.status as 400);
  });
  return app;
}
