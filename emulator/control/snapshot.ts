import { Hono } from 'hono';
import { limitBodyTo, parseJson, readText } from '../api/body';
import type { EmulatorContext } from '../context';
import { restoreSnapshot, saveSnapshot } from '../snapshot/snapshot';
import { refuse } from '../twilio/errors';

const MAX_SNAPSHOT_BYTES = 128 * 1024 * 1024;

/** Saves the state, and loads it. */
export function snapshot(context: EmulatorContext): Hono {
  const routes = new Hono();

  routes.get('/snapshot', (c) => c.json(saveSnapshot(context)));

  routes.post('/snapshot', limitBodyTo(MAX_SNAPSHOT_BYTES, 413), async (c) => {
    restoreSnapshot(context, parse(await readText(c)));
    return c.body(null, 204);
  });

  return routes;
}

// Whatever the Content-Type, as curl sends that of a form by default.
const parse = (text: string): unknown =>
  parseJson(text) ?? refuse(20001, 'The body must be JSON, as GET /_emulator/snapshot returns it');
