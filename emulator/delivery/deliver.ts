import { milliseconds } from '../clock';
import { AUTH_TOKEN } from '../credentials';
import type { Conversation } from '../store';
import type { World } from '../world';
import type { Delivery } from './delivery';
import type { EventType, Params } from './event';
import { isLoopback } from './loopback';
import type { Listener } from './match';
import { send } from './send';
import { sign } from './sign';

export interface News {
  conversation: Conversation;
  type: EventType;
  params: Params;
}

/** Tells one listener, and writes down how that went. */
export async function deliver(world: World, listener: Listener, news: News): Promise<void> {
  const delivery = begin(world, listener, news);
  world.deliveries.add(delivery);
  if (listener.flowSid !== null) {
    world.studio.receive(world, { ...news, flowSid: listener.flowSid, params: delivery.params, listener });
    Object.assign(delivery, { outcome: 'studio', duration: 0 });
  } else if (listener.url !== null) {
    await post(world, listener.method, listener.url, delivery);
  }
}

async function post(world: World, method: 'GET' | 'POST', target: string, delivery: Delivery): Promise<void> {
  const signed = sign(AUTH_TOKEN, method, target, delivery.params);
  Object.assign(delivery, { method, url: signed.url, signature: signed.signature });
  if (!world.allowRemote && !isLoopback(signed.url)) {
    Object.assign(delivery, { outcome: 'blocked', duration: 0 });
    return;
  }
  // How long it took is measured, not dated: the emulator's clock may be moved meanwhile.
  const start = performance.now();
  const outcome = await send(signed, world.courier.agents, world.options.webhookTimeout);
  Object.assign(delivery, outcome, { duration: Math.round(performance.now() - start) });
}

function begin(world: World, listener: Listener, { conversation, type, params }: News): Delivery {
  const scoped =
    listener.webhookSid === null ? {} : { WebhookSid: listener.webhookSid, WebhookType: listener.target };
  return {
    id: world.deliveries.total + 1,
    date: milliseconds(world.clock.now()),
    level: listener.level,
    webhook_sid: listener.webhookSid,
    target: listener.target,
    event_type: type,
    conversation_sid: conversation.sid,
    method: null,
    url: null,
    params: { ...params, ...scoped },
    signature: null,
    outcome: 'pending',
    status: null,
    duration: null,
  };
}
