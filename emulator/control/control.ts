import { Hono } from 'hono';
import { limitBody } from '../api/body';
import type { EmulatorContext } from '../context';
import { conversations } from './conversations';
import { faults } from './faults';
import { flexTokens } from './flex-tokens';
import { inspect } from './inspect';
import { logs } from './logs';
import { receiver } from './receiver';
import { refuseOtherSites } from './refuse-other-sites';
import { setUp } from './set-up';
import { simulate } from './simulate';
import { snapshot } from './snapshot';
import { stream } from './stream';

/** The emulator's own routes. They need no credentials: the server listens on this machine only. */
export function createControl(context: EmulatorContext): Hono {
  const control = new Hono();
  control.use(refuseOtherSites);
  // Before the limit of the other routes: it has its own.
  control.route('/', snapshot(context));
  control.use(limitBody);
  for (const group of [conversations, simulate, inspect, logs, stream, faults, flexTokens, setUp])
    control.route('/', group(context));
  control.route('/receiver', receiver(context));
  return control;
}
