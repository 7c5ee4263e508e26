import type { Actor } from '../actions/actor';
import type { World } from '../context';
import type { Conversation } from '../state/store';
import { ACCOUNT_SID } from '../twilio/account';
import type { EventType, Params } from '../twilio/event-types';
import { deliver, roadOf } from './deliver';
import { type Fields, present } from './payload';
import { journey } from './send-with-faults';
import { listeners } from './subscribers';

/** Something happened: whoever listens now will be told, soon and in no promised order. */
export function announce(
  world: World,
  conversation: Conversation,
  type: EventType,
  fields: Fields,
  actor: Actor,
): void {
  if (!actor.fires) return;
  const params = compose(world, conversation, type, fields, actor);
  const { options, store } = world;
  for (const listener of listeners(conversation, store.settings, { type, params, options })) {
    const way = journey(world, roadOf(conversation, listener));
    world.courier.start(() => deliver(world, listener, { conversation, type, params }, way));
  }
}

/** Adds what all events have. A delivery receipt has no Source: it comes from the carrier. */
export function compose(
  world: World,
  conversation: Conversation,
  type: EventType,
  fields: Fields,
  actor: Pick<Actor, 'source' | 'clientIdentity'>,
): Params {
  return present({
    AccountSid: ACCOUNT_SID,
    EventType: type,
    RetryCount: '0',
    ...(type === 'onDeliveryUpdated' ? {} : { Source: actor.source, ClientIdentity: actor.clientIdentity }),
    ...(world.options.chatServiceSid === 'always' ? { ChatServiceSid: conversation.service.sid } : {}),
    ...fields,
  });
}
