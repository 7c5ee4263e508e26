import { type Context, Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { printConversation } from '../api/resources/conversations';
import { printMessage } from '../api/resources/messages';
import type { EmulatorContext } from '../context';
import type { Change } from '../state/changes';
import { scopeAt } from './scope';

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;

/** Every change of the state as it happens, by Server-Sent Events. */
export function stream({ changes }: EmulatorContext): Hono {
  const routes = new Hono();

  routes.get('/stream', (c) => {
    const { origin } = new URL(c.req.url);
    const { ConversationSid } = c.req.query();
    let lastId = readLastId(c) ?? changes.lastId;
    return streamSSE(c, async (client) => {
      let wake = () => {};
      const stopListening = changes.listen(() => wake());
      client.onAbort(() => wake());
      const heartbeat = setInterval(() => client.write(':\n\n'), HEARTBEAT_MS);
      // An id without data: a client that comes back knows from where.
      await client.write(`retry: ${RECONNECT_MS}\nid: ${lastId}\n\n`);
      while (!client.aborted) {
        const missed = changes.since(lastId);
        if (missed === undefined) {
          lastId = changes.lastId;
          await write(client, lastId, 'reset', {});
        }
        for (const change of missed ?? []) {
          lastId += 1;
          const { sid, data } = print(change, origin);
          if (ConversationSid !== undefined && sid !== undefined && sid !== ConversationSid) continue;
          await write(client, lastId, change.type, data);
        }
        if (lastId === changes.lastId && !client.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      clearInterval(heartbeat);
      stopListening();
    });
  });

  return routes;
}

// An id that is not a number is not from here, so that client starts anew.
function readLastId(c: Context): number | undefined {
  const id = c.req.header('Last-Event-ID');
  return id === undefined ? undefined : Number(id);
}

const write = (client: SSEStreamingApi, id: number, event: Change['type'], data: object) =>
  client.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

/** What the client gets, and the conversation that it is about. */
function print(change: Change, origin: string): { sid?: string; data: object } {
  switch (change.type) {
    case 'conversation': {
      const { conversation } = change;
      const printed = printConversation(scopeAt(origin, conversation), conversation);
      return { sid: conversation.sid, data: { conversation: printed } };
    }
    case 'conversation_removed':
      return { sid: change.conversation.sid, data: { sid: change.conversation.sid } };
    case 'participants':
    case 'webhooks':
      return { sid: change.conversation.sid, data: { conversation_sid: change.conversation.sid } };
    case 'message': {
      const { conversation, message } = change;
      const printed = printMessage(scopeAt(origin, conversation), conversation, message);
      return { sid: conversation.sid, data: { conversation_sid: conversation.sid, message: printed } };
    }
    case 'message_removed': {
      const { conversation, message } = change;
      return { sid: conversation.sid, data: { conversation_sid: conversation.sid, sid: message.sid } };
    }
    case 'event':
      return { sid: change.event.conversation_sid, data: { event: change.event } };
    case 'delivery':
      return { sid: change.delivery.conversation_sid, data: { delivery: change.delivery } };
    case 'execution':
      return { sid: change.execution.conversation_sid, data: { execution: change.execution } };
    default:
      return { data: {} };
  }
}
