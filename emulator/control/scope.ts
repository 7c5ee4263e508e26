import type { Context } from 'hono';
import type { Scope } from '../api/request';
import type { Conversation } from '../state/records';
import { DEFAULT_SERVICE_SID } from '../twilio/account';

/** How the API would show a conversation to a client of this origin: with its service, unless that is the default one. */
export function scopeAt(origin: string, { service }: Conversation): Scope {
  return service.sid === DEFAULT_SERVICE_SID
    ? { service, scoped: false, root: `${origin}/v1` }
    : { service, scoped: true, root: `${origin}/v1/Services/${service.sid}` };
}

/** The same for the client of a request. */
export const scopeOf = (c: Context, conversation: Conversation) =>
  scopeAt(new URL(c.req.url).origin, conversation);
