import { Hono, type MiddlewareHandler } from 'hono';
import { getPath } from 'hono/utils/url';
import { createApi } from './api/api';
import { SERVERLESS } from './api/routes';
import { createConsole } from './console/console';
import type { EmulatorContext } from './context';
import { createControl } from './control/control';
import { TwilioError } from './twilio/errors';

/** Twilio's APIs under `/v1`, `/v2` and `/serverless/v1`, the emulator's own routes under `/_emulator`, its live page at `/`, and the same shape for every error. */
export function createApp(context: EmulatorContext, within?: MiddlewareHandler): Hono {
  const app = new Hono({ getPath: pathOf });
  app.use(async (c, next) => {
    await next();
    c.res.headers.set('Date', new Date(context.clock.now()).toUTCString());
  });
  app.route('/', createConsole());
  app.route('/', createApi(context, within));
  app.route('/_emulator', createControl(context));
  app.notFound((c) => {
    const { pathname } = new URL(c.req.url);
    const path = pathname.replace(/^(\/serverless)?\/v[12](?=\/)/, '');
    return c.json(new TwilioError(20404, `The requested resource ${path} was not found`).body, 404);
  });
  app.onError((error, c) => {
    const known = error instanceof TwilioError ? error : new TwilioError(20500);
    if (known !== error) console.error(error);
    return c.json(known.body, known.status as 400);
  });
  return app;
}

/** On Twilio's own hosts only the host says which API a path is of. */
function pathOf(request: Request): string {
  const isServerless = /^https?:\/\/serverless\.[^/]*twilio\.com[:/]/.test(request.url);
  return (isServerless ? SERVERLESS : '') + getPath(request);
}
