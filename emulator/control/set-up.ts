import { Hono } from 'hono';
import { readFormOrJson } from '../api/body';
import type { World } from '../context';
import { reset, seedConversations } from '../seed';
import { milliseconds } from '../state/clock';
import { definitions, type Options, setOption } from '../state/options';
import { refuse } from '../twilio/errors';

const MOST_SEEDS = 100_000;

interface Book {
  clear(): void;
}

/** Options, clock, and the data to begin with. */
export function setUp(world: World, books: Book[]): Hono {
  const routes = new Hono();

  routes.get('/options', (c) => c.json({ options: world.options, definitions }));

  routes.post('/options', async (c) => {
    const form = await readFormOrJson(c);
    const options: Options = { ...world.options };
    for (const name of form.names()) set(options, name, form.text(name) ?? '');
    Object.assign(world.options, options);
    return c.json({ options });
  });

  routes.get('/clock', (c) => c.json(time(world)));

  routes.post('/clock', async (c) => {
    const form = await readFormOrJson(c);
    world.clock.advance(
      form.seconds('advance', 20001) ?? refuse(20001, 'advance takes the seconds to move forward'),
    );
    return c.json(time(world));
  });

  routes.post('/reset', (c) => {
    reset(world);
    for (const book of books) book.clear();
    return c.body(null, 204);
  });

  routes.post('/seed', async (c) => {
    const count = (await readFormOrJson(c)).index('conversations', 20001) ?? 0;
    if (count > MOST_SEEDS) refuse(20001, `conversations takes a whole number up to ${MOST_SEEDS}`);
    return c.json({ conversations: seedConversations(world, count).map(({ sid }) => sid) });
  });

  return routes;
}

function time({ clock }: World) {
  const now = clock.now();
  return { now: milliseconds(now), seconds: Math.floor(now / 1000) };
}

function set(options: Options, name: string, text: string): void {
  try {
    setOption(options, name, text);
  } catch (error) {
    refuse(20001, (error as Error).message);
  }
}
