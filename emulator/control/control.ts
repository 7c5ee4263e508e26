import { Hono } from 'hono';
import { limitBody } from '../api/body';
import type { RequestLog } from '../api/request-log';
import type { World } from '../context';
import { faults } from './faults';
import { inspect } from './inspect';
import { receiver } from './receiver';
import { setUp } from './set-up';
import { simulate } from './simulate';

/** Our own routes. They need no credentials: the server listens on this machine only. */
export function createControl(world: World, log: RequestLog): Hono {
  const control = new Hono();
  control.use(limitBody);
  control.route('/', simulate(world));
  control.route('/', inspect(world, log));
  control.route('/', faults(world));
  const { routes, requests } = receiver(world);
  control.route('/receiver', routes);
  control.route('/', setUp(world, [log.requests, requests]));
  return control;
}
