import { AUTH_TOKEN } from '../credentials';
import type { Conversation } from '../store';
import type { World } from '../world';
import { executionEvents } from './cloud-event';
import { emit } from './emit';
import type { EventType, Params } from './event';
import type { Listener } from './match';
import { begin, post } from './post';
import { sign } from './sign';

export interface News {
  conversation: Conversation;
  type: EventType;
  params: Params;
}

/** Tells one listener, and writes down how that went. */
export async function deliver(world: World, listener: Listener, news: News): Promise<void> {
  const { conversation, type } = news;
  const { level, webhookSid, target, flowSid, url } = listener;
  const scoped = webhookSid === null ? {} : { WebhookSid: webhookSid, WebhookType: target };
  const params = { ...news.params, ...scoped };
  const delivery = begin(world, {
    level,
    webhook_sid: webhookSid,
    sink_sid: null,
    target,
    event_type: type,
    conversation_sid: conversation.sid,
    params,
    events: null,
  });
  if (flowSid !== null) {
    const started = world.studio.receive(world, { conversation, flowSid, params, listener });
    Object.assign(delivery, { outcome: 'studio', duration: 0 });
    if (started !== undefined) emit(world, executionEvents.started, started);
  } else if (url !== null) {
    await post(world, delivery, sign(AUTH_TOKEN, listener.method, url, params));
  }
}
