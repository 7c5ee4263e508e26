import type { SubscribedEvent, Subscription } from '../../state/event-streams';
import { ACCOUNT_SID } from '../../twilio/account';
import { eventStreamsPageSize, page } from '../paging';
import { type ApiRequest, created, noContent, notFound, type Operation, ok } from '../request';
import { readType } from './subscription-params';
import { subscriptionOf } from './subscriptions';

/** For a type that is already subscribed to: 200, and the version is updated. */
const create: Operation = (request) => {
  const { subscription, print } = within(request);
  const wanted = readType(request.params.string('Type'), request.params.string('SchemaVersion'));
  const known = subscription.events.get(wanted.type);
  if (known !== undefined) return ok(print(Object.assign(known, wanted)));
  const event = { serial: request.context.store.nextSerial(), ...wanted };
  subscription.events.set(event.type, event);
  return created(print(event));
};

const fetch: Operation = (request) => {
  const { event, print } = within(request);
  return ok(print(event()));
};

const update: Operation = (request) => {
  const { event, print } = within(request);
  const known = event();
  return ok(print(Object.assign(known, readType(known.type, request.params.string('SchemaVersion')))));
};

const remove: Operation = (request) => {
  const { subscription, event } = within(request);
  subscription.events.delete(event().type);
  return noContent;
};

const list: Operation = (request) => {
  const { subscription, print } = within(request);
  return page(request, [...subscription.events.values()], { ...eventStreamsPageSize, key: 'types' }, print);
};

function within(request: ApiRequest) {
  const subscription = subscriptionOf(request, 'SubscriptionSid');
  return {
    subscription,
    event: () => subscription.events.get(request.pathParams.Type ?? '') ?? notFound(request),
    print: (event: SubscribedEvent) => printEvent(request, subscription, event),
  };
}

const printEvent = (
  { origin }: ApiRequest,
  { sid }: Subscription,
  { type, schemaVersion }: SubscribedEvent,
) => ({
  account_sid: ACCOUNT_SID,
  subscription_sid: sid,
  type,
  schema_version: schemaVersion,
  url: `${origin}/v1/Subscriptions/${sid}/SubscribedEvents/${type}`,
});

export const subscribedEvents = { create, fetch, list, update, remove };
