import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { EmulatorContext } from '../context';
import { restActor } from '../delivery/actor';
import { ACCOUNT_SID, API_KEY, AUTH_TOKEN, READING_API_KEY } from '../twilio/account';
import { TwilioError } from '../twilio/errors';
import { limitBody, readParams } from './body';
import { VALIDATE_FLEX_TOKEN, validateFlexToken } from './flex-tokens';
import { limitConcurrency, responseHeaders } from './headers';
import { injectFaults } from './inject-faults';
import type { Operation } from './request';
import { logRequests } from './request-log';
import { legacyRoutes, routes, SERVERLESS } from './routes';

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const READING = basic(READING_API_KEY.sid, READING_API_KEY.secret);
const ACCEPTED = [basic(ACCOUNT_SID, AUTH_TOKEN), basic(API_KEY.sid, API_KEY.secret), READING];

/** The APIs of conversations, events, iam, monitor, serverless and studio.twilio.com. Requests pass the faults first, then `within`. */
export function createApi(context: EmulatorContext, within: MiddlewareHandler = (_, next) => next()): Hono {
  const api = new Hono();
  const around = [
    logRequests(context),
    responseHeaders(context),
    limitConcurrency(context),
    limitBody,
    injectFaults(context),
  ];
  for (const path of ['/v1/*', '/v2/*', `${SERVERLESS}/v1/*`]) api.use(path, ...around, within, authenticate);
  api.post(VALIDATE_FLEX_TOKEN, validateFlexToken(context));
  const all = [...legacyRoutes, ...routes];
  for (const { method, path, operation } of all) {
    api.on(method, toHono(path), handler(context, operation));
  }
  for (const path of new Set(all.map((route) => toHono(route.path)))) {
    api.all(path, () => {
      throw new TwilioError(20004);
    });
  }
  return api;
}

const authenticate: MiddlewareHandler = async (c, next) => {
  const authorization = c.req.header('Authorization') ?? '';
  if (!ACCEPTED.includes(authorization)) {
    c.header('WWW-Authenticate', 'Basic realm="Twilio API"');
    throw new TwilioError(20003);
  }
  if (authorization === READING && c.req.method !== 'GET') throw new TwilioError(20403);
  await next();
};

const handler = (context: EmulatorContext, operation: Operation) => async (c: Context) => {
  const { origin, pathname: whole, searchParams } = new URL(c.req.url);
  // Not on Twilio's own host, which --tls serves.
  const base = whole.startsWith(`${SERVERLESS}/`) ? SERVERLESS : '';
  const pathname = whole.slice(base.length);
  const version = pathname.slice(1, '/v1'.length);
  const response = operation({
    context,
    actor: restActor(c.req.header('X-Twilio-Webhook-Enabled') === 'true'),
    params: await readParams(c),
    query: searchParams,
    origin: origin + base,
    version,
    path: pathname.slice('/v1'.length),
    pathParams: c.req.param(),
  });
  if (response.status === 204) return c.body(null, 204);
  return c.json(response.body as object, response.status);
};

const toHono = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');
