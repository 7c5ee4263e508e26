import type { World } from '../context';
import type { Conversation } from '../state/store';
import { AUTH_TOKEN } from '../twilio/account';
import type { EventType, Params } from '../twilio/event-types';
import { executionEvents } from './cloud-event';
import { emit } from './execution-events';
import { begin, type Known } from './post';
import { carry, type Journey } from './send-with-faults';
import { sign } from './sign';
import type { Listener } from './subscribers';

export interface News {
  conversation: Conversation;
  type: EventType;
  params: Params;
}

/** What one conversation tells one listener is on one road. */
export const roadOf = (conversation: Conversation, { webhookSid, level }: Listener) =>
  `${conversation.sid} ${webhookSid ?? level}`;

/** Tells one listener, and writes down how that went. */
export async function deliver(world: World, listener: Listener, news: News, journey: Journey): Promise<void> {
  const { conversation, type } = news;
  const { level, webhookSid, target, flowSid, url } = listener;
  const scoped = webhookSid === null ? {} : { WebhookSid: webhookSid, WebhookType: target };
  const params = { ...news.params, ...scoped };
  const known: Known = {
    level,
    webhook_sid: webhookSid,
    sink_sid: null,
    target,
    event_type: type,
    conversation_sid: conversation.sid,
    params,
    events: null,
  };
  if (flowSid !== null) {
    const started = world.studio.receive(world, { conversation, flowSid, params, listener });
    Object.assign(begin(world, known), { outcome: 'studio', duration: 0 });
    if (started !== undefined) emit(world, executionEvents.started, started);
  } else if (url !== null) {
    await carry(world, known, sign(AUTH_TOKEN, listener.method, url, params), journey);
  }
}
