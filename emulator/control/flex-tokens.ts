import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { readParamsOrJson } from '../api/body';
import type { EmulatorContext } from '../context';

const DEFAULT_TTL_S = 3600;

/** Tokens of Flex users, as a desktop has them after the login. */
export function flexTokens(context: EmulatorContext): Hono {
  const routes = new Hono();
  routes.post('/flex-tokens', async (c) => {
    const params = await readParamsOrJson(c);
    const roles = (params.array('Roles') ?? ['agent']).flatMap((role) => role.split(','));
    const ttlS = params.integer('Ttl', 20001) ?? DEFAULT_TTL_S;
    const identity = params.string('Identity') ?? 'agent';
    const token = {
      token: randomBytes(48).toString('base64url'),
      identity,
      // A customer on webchat is no worker.
      worker_sid: roles.includes('guest') ? null : context.sids('WK'),
      roles,
      expires: context.clock.now() + ttlS * 1000,
    };
    context.flexTokens.add(token);
    const { expires, ...shown } = token;
    return c.json({ ...shown, expiration: new Date(expires).toISOString() }, 201);
  });
  return routes;
}
