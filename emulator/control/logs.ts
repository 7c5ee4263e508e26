import { Hono } from 'hono';
import { addEnvironment, addFunctionLog } from '../actions/function-logs';
import { readParamsOrJson } from '../api/body';
import type { EmulatorContext } from '../context';
import { LEVELS } from '../state/function-logs';
import { refuse } from '../twilio/errors';

const DOMAIN = /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i;

/** What functions log, for the Serverless API to list. */
export function logs(context: EmulatorContext): Hono {
  const routes = new Hono();
  routes.post('/logs', async (c) => {
    const params = await readParamsOrJson(c);
    const domainName = params.string('DomainName') ?? '';
    const message = params.string('Message');
    const name = params.string('Level') ?? 'info';
    const level =
      LEVELS.find((known) => known === name) ?? refuse(20001, 'Level must be info, warn or error');
    if (!DOMAIN.test(domainName)) refuse(20001, 'DomainName must be a host, such as localhost:3000');
    const environment = addEnvironment(context, domainName);
    const log = message === undefined ? undefined : addFunctionLog(context, environment, { level, message });
    return c.json({ environment_sid: environment.sid, sid: log?.sid ?? null }, 201);
  });
  return routes;
}
