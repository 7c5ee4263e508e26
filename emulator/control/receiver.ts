import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks';
import { isJson, parseJson, readParams, readText } from '../api/body';
import type { EmulatorContext } from '../context';
import { isoMilliseconds } from '../state/clock';
import type { ReceivedContent } from '../state/history';
import { AUTH_TOKEN } from '../twilio/account';

/** An endpoint for webhooks and sinks. It checks the signature, as Twilio does in front of a Function. */
export function receiver(context: EmulatorContext): Hono {
  const routes = new Hono();

  routes.get('/requests', (c) => c.json({ total: context.received.total, requests: context.received.all() }));

  routes.delete('/requests', (c) => {
    context.received.clear();
    return c.body(null, 204);
  });

  routes.on('ALL', ['/', '/:place'], async (c) => {
    const content = isJson(c) ? await readEvents(c) : await readForm(c);
    const { method, url } = c.req;
    const date = isoMilliseconds(context.clock.now());
    context.received.add({ date, method, url, headers: c.req.header(), ...content });
    const { valid } = content;
    await sleep(holdOf(c), undefined, { ref: false });
    return valid ? c.json({ valid }) : c.json({ valid, message: 'X-Twilio-Signature is not valid' }, 403);
  });

  return routes;
}

/** `?hold=`: the milliseconds that the response is held. */
function holdOf(c: Context): number {
  const hold = c.req.query('hold') ?? '0';
  return /^\d{1,5}$/.test(hold) ? Number(hold) : 0;
}

async function readForm(c: Context): Promise<ReceivedContent> {
  const form = await readParams(c);
  const params = Object.fromEntries(
    form.names().map((name) => {
      const values = form.array(name) ?? [];
      return [name, values.length > 1 ? values : (values[0] ?? '')];
    }),
  );
  return { params, body: null, valid: validateRequest(AUTH_TOKEN, signature(c), c.req.url, params) };
}

async function readEvents(c: Context): Promise<ReceivedContent> {
  const text = await readText(c);
  const valid = validateRequestWithBody(AUTH_TOKEN, signature(c), c.req.url, text);
  return { params: {}, body: parseJson(text) ?? null, valid };
}

const signature = (c: Context) => c.req.header('x-twilio-signature') ?? '';
