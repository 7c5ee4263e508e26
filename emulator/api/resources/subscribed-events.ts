import type { SubscribedEvent, Subscription } from '../../state/event-streams';
import { ACCOUNT_SID } from '../../twilio/account';
import { page, streamed } from '../paging';
import { type Call, created, gone, missing, type Operation, ok } from '../request';
import { readType } from './subscription-params';
import { subscriptionOf } from './subscriptions';

/** One that is subscribed to already is answered with 200, and has the version that was asked for last. */
export const createSubscribedEvent: Operation = (call) => {
  const { subscription, print } = within(call);
  const wanted = readType(call.form.text('Type'), call.form.text('SchemaVersion'));
  const known = subscription.events.get(wanted.type);
  if (known !== undefined) return ok(print(Object.assign(known, wanted)));
  const event = { serial: call.world.store.serial(), ...wanted };
  subscription.events.set(event.type, event);
  return created(print(event));
};

export const fetchSubscribedEvent: Operation = (call) => {
  const { event, print } = within(call);
  return ok(print(event()));
};

export const updateSubscribedEvent: Operation = (call) => {
  const { event, print } = within(call);
  const known = event();
  return ok(print(Object.assign(known, readType(known.type, call.form.text('SchemaVersion')))));
};

export const deleteSubscribedEvent: Operation = (call) => {
  const { subscription, event } = within(call);
  subscription.events.delete(event().type);
  return gone;
};

export const listSubscribedEvents: Operation = (call) => {
  const { subscription, print } = within(call);
  return page(call, [...subscription.events.values()], { ...streamed, key: 'types' }, print);
};

function within(call: Call) {
  const subscription = subscriptionOf(call, 'SubscriptionSid');
  return {
    subscription,
    event: () => subscription.events.get(call.parts.Type ?? '') ?? missing(call),
    print: (event: SubscribedEvent) => printEvent(call, subscription, event),
  };
}

const printEvent = ({ origin }: Call, { sid }: Subscription, { type, schemaVersion }: SubscribedEvent) => ({
  account_sid: ACCOUNT_SID,
  subscription_sid: sid,
  type,
  schema_version: schemaVersion,
  url: `${origin}/v1/Subscriptions/${sid}/SubscribedEvents/${type}`,
});
