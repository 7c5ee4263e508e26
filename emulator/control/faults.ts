import { Hono } from 'hono';
import { readText } from '../api/body';
import { createFaults, type EmulatorContext } from '../context';
import { parseFaults } from '../faults/parse';
import { refuse } from '../twilio/errors';

export function faults(context: EmulatorContext): Hono {
  const routes = new Hono();

  routes.get('/faults', (c) => c.json(context.faults.toJSON()));

  routes.post('/faults', async (c) => {
    context.faults.add(parseFaults(parse(await readText(c))));
    context.changes.emit({ type: 'settings' });
    return c.json(context.faults.toJSON());
  });

  routes.delete('/faults', (c) => {
    context.faults = createFaults(context.settings);
    context.changes.emit({ type: 'settings' });
    return c.body(null, 204);
  });

  return routes;
}

// Whatever the Content-Type: only JSON can hold a fault, and curl sends the type of a form by default.
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(20001, 'The body must be JSON: a fault, an array of faults, or an object with faults');
  }
}
