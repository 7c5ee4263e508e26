import { born, type World } from '../../context';
import { wholeSeconds } from '../../state/clock';
import type { Sink, Subscription } from '../../state/event-streams';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { page, streamed } from '../paging';
import { type Call, created, gone, missing, type Operation, ok } from '../request';
import { readTypes } from './subscription-params';

export const createSubscription: Operation = (call) => {
  const { world, form } = call;
  const description = form.text('Description') || refuse(91101, 'Description is empty');
  const sink = readSink(world, form.text('SinkSid') ?? '');
  const events = readTypes(form).map((wanted) => ({ serial: world.store.serial(), ...wanted }));
  const subscription: Subscription = {
    ...born(world, 'DF'),
    description,
    sink,
    events: new Map(events.map((event) => [event.type, event])),
  };
  world.streams.subscriptions.set(subscription.sid, subscription);
  return created(print(call, subscription));
};

export const fetchSubscription: Operation = (call) => ok(print(call, subscriptionOf(call)));

/** Nothing but its description can be changed. */
export const updateSubscription: Operation = (call) => {
  const subscription = subscriptionOf(call);
  const description = call.form.text('Description') ?? subscription.description;
  if (description === '') refuse(91101, 'Description is empty');
  Object.assign(subscription, { description, dateUpdated: call.world.clock.now() });
  return ok(print(call, subscription));
};

/** Its sink stays. */
export const deleteSubscription: Operation = (call) => {
  call.world.streams.subscriptions.delete(subscriptionOf(call).sid);
  return gone;
};

export const listSubscriptions: Operation = (call) => {
  const sinkSid = call.query.get('SinkSid');
  const subscriptions = [...call.world.streams.subscriptions.values()].filter(
    ({ sink }) => sinkSid === null || sink.sid === sinkSid,
  );
  return page(call, subscriptions, { ...streamed, key: 'subscriptions' }, (subscription) =>
    print(call, subscription),
  );
};

export function subscriptionOf(call: Call, part = 'Sid'): Subscription {
  return call.world.streams.subscriptions.get(call.parts[part] ?? '') ?? missing(call, 91102);
}

function readSink({ streams, options }: World, sid: string): Sink {
  const sink =
    streams.sinks.get(sid) ?? refuse(91001, `Sink could not be found: ${sid || 'SinkSid is missing'}`);
  if (options.sinkSharing === 'refuse' && streams.to(sink).length > 0) {
    refuse(91100, `Sink with SID ${sid} is in use`);
  }
  return sink;
}

function print({ origin }: Call, { sid, description, sink, dateCreated, dateUpdated }: Subscription) {
  const url = `${origin}/v1/Subscriptions/${sid}`;
  return {
    account_sid: ACCOUNT_SID,
    sid,
    description,
    sink_sid: sink.sid,
    date_created: wholeSeconds(dateCreated),
    date_updated: wholeSeconds(dateUpdated),
    url,
    links: { subscribed_events: `${url}/SubscribedEvents` },
  };
}
