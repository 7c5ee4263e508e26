import { type EmulatorContext, newRecord } from '../../context';
import { isoSeconds } from '../../state/clock';
import type { Sink, Subscription } from '../../state/event-streams';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { eventStreamsPageSize, page } from '../paging';
import { type ApiRequest, created, noContent, notFound, type Operation, ok } from '../request';
import { readTypes } from './subscription-params';

const create: Operation = (request) => {
  const { context, params } = request;
  const description = params.string('Description') || refuse(91101, 'Description must not be empty');
  const sink = readSink(context, params.string('SinkSid') ?? '');
  const events = readTypes(params).map((wanted) => ({ serial: context.store.nextSerial(), ...wanted }));
  const subscription: Subscription = {
    ...newRecord(context, 'DF'),
    description,
    sink,
    events: new Map(events.map((event) => [event.type, event])),
  };
  context.streams.subscriptions.set(subscription.sid, subscription);
  return created(print(request, subscription));
};

const fetch: Operation = (request) => ok(print(request, subscriptionOf(request)));

/** Only the description can be changed. */
const update: Operation = (request) => {
  const subscription = subscriptionOf(request);
  const description = request.params.string('Description') ?? subscription.description;
  if (description === '') refuse(91101, 'Description must not be empty');
  Object.assign(subscription, { description, dateUpdated: request.context.clock.now() });
  return ok(print(request, subscription));
};

/** The sink stays. */
const remove: Operation = (request) => {
  request.context.streams.subscriptions.delete(subscriptionOf(request).sid);
  return noContent;
};

const list: Operation = (request) => {
  const sinkSid = request.query.get('SinkSid');
  const subscriptions = [...request.context.streams.subscriptions.values()].filter(
    ({ sink }) => sinkSid === null || sink.sid === sinkSid,
  );
  return page(request, subscriptions, { ...eventStreamsPageSize, key: 'subscriptions' }, (subscription) =>
    print(request, subscription),
  );
};

export function subscriptionOf(request: ApiRequest, part = 'Sid'): Subscription {
  return (
    request.context.streams.subscriptions.get(request.pathParams[part] ?? '') ?? notFound(request, 91102)
  );
}

function readSink({ streams, options }: EmulatorContext, sid: string): Sink {
  const sink =
    streams.sinks.get(sid) ?? refuse(91001, `Sink could not be found: ${sid || 'SinkSid is missing'}`);
  if (options.sinkSharing === 'refuse' && streams.subscriptionsTo(sink).length > 0) {
    refuse(91100, `Sink with SID ${sid} is in use`);
  }
  return sink;
}

function print({ origin }: ApiRequest, { sid, description, sink, dateCreated, dateUpdated }: Subscription) {
  const url = `${origin}/v1/Subscriptions/${sid}`;
  return {
    account_sid: ACCOUNT_SID,
    sid,
    description,
    sink_sid: sink.sid,
    date_created: isoSeconds(dateCreated),
    date_updated: isoSeconds(dateUpdated),
    url,
    links: { subscribed_events: `${url}/SubscribedEvents` },
  };
}

export const subscriptions = { create, fetch, list, update, remove };
