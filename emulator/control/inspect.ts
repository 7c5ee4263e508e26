import { Hono } from 'hono';
import type { RequestLog } from '../api/request-log';
import type { World } from '../context';

/** What happened so far. */
export function inspect(world: World, log: RequestLog): Hono {
  const routes = new Hono();

  routes.get('/deliveries', (c) => {
    const { ConversationSid, WebhookSid, EventType } = c.req.query();
    const deliveries = world.deliveries
      .all()
      .filter(
        (delivery) =>
          (ConversationSid === undefined || delivery.conversation_sid === ConversationSid) &&
          (WebhookSid === undefined || delivery.webhook_sid === WebhookSid) &&
          (EventType === undefined || delivery.event_type === EventType),
      );
    return c.json({ total: world.deliveries.total, deliveries });
  });

  routes.delete('/deliveries', (c) => {
    world.deliveries.clear();
    return c.body(null, 204);
  });

  routes.get('/executions', (c) => {
    const { ConversationSid } = c.req.query();
    const executions = [...world.studio.executions.values()].filter(
      (execution) => ConversationSid === undefined || execution.conversation_sid === ConversationSid,
    );
    return c.json({ executions });
  });

  routes.get('/requests', (c) => c.json({ total: log.requests.total, requests: log.requests.all() }));

  routes.delete('/requests', (c) => {
    log.requests.clear();
    return c.body(null, 204);
  });

  routes.get('/idle', async (c) => {
    await world.courier.idle();
    return c.json({ idle: true });
  });

  return routes;
}
