import { newRecord } from '../../context';
import { isoSeconds } from '../../state/clock';
import type { Sink } from '../../state/event-streams';
import { refuse } from '../../twilio/errors';
import { eventStreamsPageSize, page } from '../paging';
import { type ApiRequest, created, noContent, notFound, type Operation, ok } from '../request';
import { echoMethod } from './echo';
import { readDescription, readSink } from './sink-params';

const MAX_SINKS = 100;

const create: Operation = (request) => {
  const { context, params } = request;
  const settings = readSink(params);
  if (context.streams.sinks.size >= MAX_SINKS) refuse(91003);
  const sink: Sink = { ...newRecord(context, 'DG'), ...settings, status: 'active' };
  context.streams.sinks.set(sink.sid, sink);
  return created(print(request, sink));
};

const fetch: Operation = (request) => ok(print(request, sinkOf(request)));

/** Only the description can be changed. */
const update: Operation = (request) => {
  const sink = sinkOf(request);
  const description = readDescription(request.params);
  Object.assign(sink, { description, dateUpdated: request.context.clock.now() });
  return ok(print(request, sink));
};

const remove: Operation = (request) => {
  const { streams } = request.context;
  const sink = sinkOf(request);
  if (streams.subscriptionsTo(sink).length > 0) refuse(91007);
  streams.sinks.delete(sink.sid);
  return noContent;
};

const list: Operation = (request) => {
  const { streams } = request.context;
  const [inUse, status] = [request.query.get('InUse'), request.query.get('Status')];
  const sinks = [...streams.sinks.values()].filter(
    (sink) =>
      (inUse === null || String(streams.subscriptionsTo(sink).length > 0) === inUse) &&
      (status === null || status === sink.status),
  );
  return page(request, sinks, { ...eventStreamsPageSize, key: 'sinks' }, (sink) => print(request, sink));
};

const sinkOf = (request: ApiRequest): Sink =>
  request.context.streams.sinks.get(request.pathParams.Sid ?? '') ?? notFound(request, 91001);

// Webhook sinks have been seen active at once; it is Kinesis that needs a validation.
function print({ origin, context }: ApiRequest, sink: Sink) {
  const url = `${origin}/v1/Sinks/${sink.sid}`;
  const { method, destination, batchEvents } = sink;
  return {
    sid: sink.sid,
    description: sink.description,
    sink_type: 'webhook',
    sink_configuration: {
      destination,
      method: echoMethod(method, context.options),
      batch_events: batchEvents,
    },
    status: sink.status,
    date_created: isoSeconds(sink.dateCreated),
    date_updated: isoSeconds(sink.dateUpdated),
    url,
    links: { sink_test: `${url}/Test`, sink_validate: `${url}/Validate` },
  };
}

export const sinks = { create, fetch, list, update, remove };
