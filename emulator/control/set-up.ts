import { Hono } from 'hono';
import { readParamsOrJson } from '../api/body';
import { type EmulatorContext, keepRegistrations } from '../context';
import { reset, seedConversations } from '../seed';
import { isoMilliseconds } from '../state/clock';
import { definitions, type Options, setOption } from '../state/options';
import { refuse } from '../twilio/errors';

const MAX_SEEDED_CONVERSATIONS = 100_000;

/** Options, the clock, seed and reset. */
export function setUp(context: EmulatorContext): Hono {
  const routes = new Hono();

  routes.get('/options', (c) => c.json({ options: context.options, definitions }));

  routes.post('/options', async (c) => {
    const params = await readParamsOrJson(c);
    const options: Options = { ...context.options };
    for (const name of params.names()) set(options, name, params.string(name) ?? '');
    Object.assign(context.options, options);
    context.changes.emit({ type: 'settings' });
    return c.json({ options });
  });

  routes.get('/clock', (c) => c.json(time(context)));

  routes.post('/clock', async (c) => {
    const params = await readParamsOrJson(c);
    context.clock.advance(
      params.seconds('advance', 20001) ??
        refuse(20001, 'advance is missing; set it to the seconds to move forward, such as 90'),
    );
    context.changes.emit({ type: 'settings' });
    return c.json(time(context));
  });

  routes.post('/reset', (c) => {
    reset(context);
    return c.body(null, 204);
  });

  routes.post('/reset/keep', (c) => {
    keepRegistrations(context);
    const { store, addresses, streams } = context;
    return c.json({
      post_webhook_url: store.settings.postWebhookUrl,
      addresses: addresses.all().map(({ address }) => address),
      sinks: [...streams.sinks.values()].map(({ destination }) => destination),
    });
  });

  routes.post('/seed', async (c) => {
    const count = (await readParamsOrJson(c)).integer('conversations', 20001) ?? 0;
    if (count > MAX_SEEDED_CONVERSATIONS)
      refuse(20001, `conversations must be an integer from 0 to ${MAX_SEEDED_CONVERSATIONS}`);
    return c.json({ conversations: seedConversations(context, count).map(({ sid }) => sid) });
  });

  return routes;
}

function time({ clock }: EmulatorContext) {
  const now = clock.now();
  return { now: isoMilliseconds(now), seconds: Math.floor(now / 1000) };
}

function set(options: Options, name: string, text: string): void {
  try {
    setOption(options, name, text);
  } catch (error) {
    refuse(20001, (error as Error).message);
  }
}
