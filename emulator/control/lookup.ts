import type { Context } from 'hono';
import type { EmulatorContext } from '../context';
import type { Conversation } from '../state/records';
import { findConversation } from '../state/store';
import { DEFAULT_SERVICE_SID } from '../twilio/account';
import { refuse } from '../twilio/errors';

/** The conversation of a path. A unique name is looked up in the default service, a SID in all. */
export function conversationOf(context: EmulatorContext, c: Context): Conversation {
  const key = c.req.param('key') ?? '';
  const service = context.store.services.get(DEFAULT_SERVICE_SID);
  return (
    context.store.conversations.get(key) ??
    (service && findConversation(service, key)) ??
    refuse(20404, `Conversation ${key} was not found; use a SID, or a unique name in the default service`)
  );
}
