import { Hono } from 'hono';
import { readText } from '../api/body';
import type { World } from '../context';
import { readFaults } from '../faults/parse';
import { refuse } from '../twilio/errors';

/** What shall go wrong. */
export function faults(world: World): Hono {
  const routes = new Hono();

  routes.get('/faults', (c) => c.json(world.faults.print()));

  routes.post('/faults', async (c) => {
    world.faults.add(readFaults(parse(await readText(c))));
    return c.json(world.faults.print());
  });

  routes.delete('/faults', (c) => {
    world.faults.empty();
    return c.body(null, 204);
  });

  return routes;
}

// Whatever Content-Type says: nothing but JSON could hold this, and curl says form unless told otherwise.
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(20001, 'The body must be JSON: a fault, an array of them, or an object with faults');
  }
}
