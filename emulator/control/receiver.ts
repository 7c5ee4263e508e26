import { Hono } from 'hono';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import { readForm } from '../body';
import { milliseconds } from '../clock';
import { AUTH_TOKEN } from '../credentials';
import { Recent } from '../recent';
import type { World } from '../world';

interface Received {
  date: string;
  method: string;
  url: string;
  params: { [name: string]: string | string[] };
  headers: { [name: string]: string };
  valid: boolean;
}

/** Somewhere to point a webhook at. Checks the signature as Twilio's own gateway does in front of a Function. */
export function receiver(world: World) {
  const requests = new Recent<Received>(1_000);
  const routes = new Hono();
  routes.get('/requests', (c) => c.json({ total: requests.total, requests: requests.all() }));
  routes.delete('/requests', (c) => {
    requests.clear();
    return c.body(null, 204);
  });
  routes.all('/', async (c) => {
    const form = await readForm(c);
    const params = Object.fromEntries(
      form.names().map((name) => {
        const values = form.list(name) ?? [];
        return [name, values.length > 1 ? values : (values[0] ?? '')];
      }),
    );
    const { method, url } = c.req;
    const headers = c.req.header();
    const valid = validateRequest(AUTH_TOKEN, headers['x-twilio-signature'] ?? '', url, params);
    requests.add({ date: milliseconds(world.clock.now()), method, url, params, headers, valid });
    return valid ? c.json({ valid }) : c.json({ valid, message: 'X-Twilio-Signature does not fit' }, 403);
  });
  return { routes, requests };
}
