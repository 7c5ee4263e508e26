import { type Context, Hono } from 'hono';
import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks';
import { isJson, parseJson, readForm, readText } from '../api/body';
import type { World } from '../context';
import { milliseconds } from '../state/clock';
import { Recent } from '../state/recent';
import { AUTH_TOKEN } from '../twilio/account';

interface Content {
  params: { [name: string]: string | string[] };
  /** What JSON said; null for a form, and for what is no JSON. */
  body: unknown;
  valid: boolean;
}

interface Received extends Content {
  date: string;
  method: string;
  url: string;
  headers: { [name: string]: string };
}

/** Somewhere to point a webhook or sink at. Checks the signature as Twilio's own gateway does in front of a Function. */
export function receiver(world: World) {
  const requests = new Recent<Received>(1_000);
  const routes = new Hono();
  routes.get('/requests', (c) => c.json({ total: requests.total, requests: requests.all() }));
  routes.delete('/requests', (c) => {
    requests.clear();
    return c.body(null, 204);
  });
  routes.on('ALL', ['/', '/:place'], async (c) => {
    const content = isJson(c) ? await readEvents(c) : await readParams(c);
    const { method, url } = c.req;
    requests.add({ date: milliseconds(world.clock.now()), method, url, headers: c.req.header(), ...content });
    const { valid } = content;
    return valid ? c.json({ valid }) : c.json({ valid, message: 'X-Twilio-Signature does not fit' }, 403);
  });
  return { routes, requests };
}

async function readParams(c: Context): Promise<Content> {
  const form = await readForm(c);
  const params = Object.fromEntries(
    form.names().map((name) => {
      const values = form.list(name) ?? [];
      return [name, values.length > 1 ? values : (values[0] ?? '')];
    }),
  );
  return { params, body: null, valid: validateRequest(AUTH_TOKEN, signature(c), c.req.url, params) };
}

async function readEvents(c: Context): Promise<Content> {
  const text = await readText(c);
  const valid = validateRequestWithBody(AUTH_TOKEN, signature(c), c.req.url, text);
  return { params: {}, body: parseJson(text) ?? null, valid };
}

const signature = (c: Context) => c.req.header('x-twilio-signature') ?? '';
