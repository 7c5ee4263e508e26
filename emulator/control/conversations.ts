import { type Context, Hono } from 'hono';
import { Params } from '../api/params';
import { printConversation } from '../api/resources/conversations';
import { printMessage } from '../api/resources/messages';
import { printParticipant } from '../api/resources/participants';
import { printWebhook } from '../api/resources/webhooks';
import type { EmulatorContext } from '../context';
import type { Conversation, Message } from '../state/records';
import { conversationOf } from './lookup';
import { namesOf } from './names';
import { scopeOf } from './scope';

export type ConversationSummary = ReturnType<typeof summary>;
export type DetailedMessage = ReturnType<typeof detailed>;

const MAX_CONVERSATIONS = 50;
const MAX_MESSAGES = 150;

/** What the console reads. Unlike the API it has no faults, and does not appear among the requests. */
export function conversations(context: EmulatorContext): Hono {
  const routes = new Hono();

  routes.get('/conversations', (c) => {
    const search = (c.req.query('Search') ?? '').toLowerCase();
    const all = [...context.store.conversations.values()].filter((conversation) =>
      finds(conversation, search),
    );
    const newest = all.slice(-MAX_CONVERSATIONS).reverse();
    return c.json({ total: all.length, conversations: newest.map((each) => summary(c, context, each)) });
  });

  routes.get('/conversations/:key', (c) => c.json(summary(c, context, conversationOf(context, c))));

  routes.get('/conversations/:key/messages', (c) => {
    const conversation = conversationOf(context, c);
    const params = new Params(new URLSearchParams(c.req.query()));
    const before = params.integer('Before', 20001) ?? Number.POSITIVE_INFINITY;
    const after = params.integer('After', 20001);
    const found = conversation.messages.ordered.filter(
      ({ index }) => index < before && index > (after ?? -1),
    );
    const messages = after === undefined ? found.slice(-MAX_MESSAGES) : found.slice(0, MAX_MESSAGES);
    return c.json({
      total: conversation.messages.size,
      messages: messages.map((message) => detailed(c, conversation, message)),
    });
  });

  routes.get('/conversations/:key/names', async (c) =>
    c.json(await namesOf(context, conversationOf(context, c))),
  );

  return routes;
}

const finds = ({ sid, uniqueName, friendlyName, participants }: Conversation, search: string) =>
  search === '' ||
  [
    sid,
    uniqueName,
    friendlyName,
    ...[...participants.values()].flatMap(({ identity, binding }) => [identity, binding?.address ?? null]),
  ].some((text) => text?.toLowerCase().includes(search));

function summary(c: Context, { options }: EmulatorContext, conversation: Conversation) {
  const scope = scopeOf(c, conversation);
  const last = conversation.messages.ordered.at(-1);
  return {
    conversation: printConversation(scope, conversation),
    participants: [...conversation.participants.values()].map((participant) =>
      printParticipant(scope, conversation, participant),
    ),
    webhooks: [...conversation.webhooks.values()].map((webhook) =>
      printWebhook(scope, conversation, webhook, options),
    ),
    last_message: last === undefined ? null : detailed(c, conversation, last),
  };
}

/** With what the API does not have, or has elsewhere. */
function detailed(c: Context, conversation: Conversation, message: Message) {
  return {
    ...printMessage(scopeOf(c, conversation), conversation, message),
    source: message.source,
    receipts: [...message.receipts.values()].map(({ participantSid, status, errorCode }) => ({
      participant_sid: participantSid,
      status,
      error_code: errorCode,
    })),
  };
}
