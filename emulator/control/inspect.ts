import { type Context, Hono } from 'hono';
import { Params } from '../api/params';
import type { EmulatorContext } from '../context';
import { sendAgain } from '../delivery/send-again';
import { showExecution } from '../state/studio';
import { refuse } from '../twilio/errors';

/** What has happened since the start or the last reset. */
export function inspect(context: EmulatorContext): Hono {
  const routes = new Hono();

  routes.get('/events', (c) => {
    const { ConversationSid, EventType } = c.req.query();
    const events = context.events
      .all()
      .filter(
        (event) =>
          (ConversationSid === undefined || event.conversation_sid === ConversationSid) &&
          (EventType === undefined || event.event_type === EventType),
      );
    return c.json({ total: context.events.total, events: newest(c, events) });
  });

  routes.delete('/events', (c) => {
    context.events.clear();
    return c.body(null, 204);
  });

  routes.get('/deliveries', (c) => {
    const { ConversationSid, WebhookSid, EventType } = c.req.query();
    const deliveries = context.deliveries
      .all()
      .filter(
        (delivery) =>
          (ConversationSid === undefined || delivery.conversation_sid === ConversationSid) &&
          (WebhookSid === undefined || delivery.webhook_sid === WebhookSid) &&
          (EventType === undefined || delivery.event_type === EventType),
      );
    return c.json({ total: context.deliveries.total, deliveries: newest(c, deliveries) });
  });

  routes.delete('/deliveries', (c) => {
    context.deliveries.clear();
    return c.body(null, 204);
  });

  routes.post('/deliveries/:id/again', (c) => {
    const id = c.req.param('id');
    const delivery =
      context.deliveries.get(Number(id)) ??
      refuse(20404, `Delivery ${id} was not found; GET /_emulator/deliveries lists the last 10,000`);
    return c.json(sendAgain(context, delivery), 201);
  });

  routes.get('/executions', (c) => {
    const { ConversationSid } = c.req.query();
    const executions = context.studio.executions.ordered.filter(
      (execution) => ConversationSid === undefined || execution.conversation_sid === ConversationSid,
    );
    return c.json({ executions: newest(c, executions).map(showExecution) });
  });

  routes.get('/requests', (c) => c.json({ total: context.requests.total, requests: context.requests.all() }));

  routes.delete('/requests', (c) => {
    context.requests.clear();
    return c.body(null, 204);
  });

  routes.get('/idle', async (c) => {
    await context.queue.idle();
    return c.json({ idle: true });
  });

  return routes;
}

/** The newest `Limit` of them; all, if it is not sent. */
function newest<T>(c: Context, items: readonly T[]): readonly T[] {
  const limit = new Params(new URLSearchParams(c.req.query())).integer('Limit', 20001);
  return limit === undefined ? items : items.slice(Math.max(0, items.length - limit));
}
