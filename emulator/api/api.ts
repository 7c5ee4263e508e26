import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { restActor } from '../actions/actor';
import type { World } from '../context';
import { inject } from '../faults/middleware';
import { ACCOUNT_SID, AUTH_TOKEN } from '../twilio/account';
import { TwilioError } from '../twilio/errors';
import { limitBody, readForm } from './body';
import { responseHeaders } from './headers';
import type { Operation } from './request';
import type { RequestLog } from './request-log';
import { routes } from './routes';

const BASIC = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;

/** The part that stands in for conversations.twilio.com. `within` stands between it and the faults. */
export function createApi(
  world: World,
  log: RequestLog,
  within: MiddlewareHandler = (_, next) => next(),
): Hono {
  const api = new Hono();
  api.use(log.middleware(world.clock), responseHeaders(world), inject(world.faults));
  api.use(within, authenticate, limitBody);
  for (const { method, path, operation } of routes) api.on(method, toHono(path), handler(world, operation));
  for (const path of new Set(routes.map((route) => toHono(route.path)))) {
    api.all(path, () => {
      throw new TwilioError(20004);
    });
  }
  return api;
}

const authenticate: MiddlewareHandler = async (c, next) => {
  if (c.req.header('Authorization') !== BASIC) {
    c.header('WWW-Authenticate', 'Basic realm="Twilio API"');
    throw new TwilioError(20003);
  }
  await next();
};

const handler = (world: World, operation: Operation) => async (c: Context) => {
  const { origin, pathname, searchParams } = new URL(c.req.url);
  const answer = operation({
    world,
    actor: restActor(c.req.header('X-Twilio-Webhook-Enabled') === 'true'),
    form: await readForm(c),
    query: searchParams,
    origin,
    path: pathname.slice('/v1'.length),
    parts: c.req.param(),
  });
  if (answer.status === 204) return c.body(null, 204);
  return c.json(answer.body as object, answer.status);
};

const toHono = (path: string) => path.slice('/v1'.length).replace(/\{(\w+)\}/g, ':$1');
