import { born } from '../../context';
import { wholeSeconds } from '../../state/clock';
import type { Sink } from '../../state/event-streams';
import { refuse } from '../../twilio/errors';
import { page, streamed } from '../paging';
import { type Call, created, gone, missing, type Operation, ok } from '../request';
import { readDescription, readSink } from './sink-params';

const MOST_SINKS = 100;

export const createSink: Operation = (call) => {
  const { world, form } = call;
  const settings = readSink(form);
  if (world.streams.sinks.size >= MOST_SINKS) refuse(91003);
  const sink: Sink = { ...born(world, 'DG'), ...settings };
  world.streams.sinks.set(sink.sid, sink);
  return created(print(call, sink));
};

export const fetchSink: Operation = (call) => ok(print(call, sinkOf(call)));

/** Nothing but its description can be changed. */
export const updateSink: Operation = (call) => {
  const sink = sinkOf(call);
  const description = readDescription(call.form);
  Object.assign(sink, { description, dateUpdated: call.world.clock.now() });
  return ok(print(call, sink));
};

export const deleteSink: Operation = (call) => {
  const { streams } = call.world;
  const sink = sinkOf(call);
  if (streams.to(sink).length > 0) refuse(91007);
  streams.sinks.delete(sink.sid);
  return gone;
};

export const listSinks: Operation = (call) => {
  const { streams } = call.world;
  const [inUse, status] = [call.query.get('InUse'), call.query.get('Status')];
  const sinks = [...streams.sinks.values()].filter(
    (sink) =>
      (inUse === null || String(streams.to(sink).length > 0) === inUse) &&
      (status === null || status === 'active'),
  );
  return page(call, sinks, { ...streamed, key: 'sinks' }, (sink) => print(call, sink));
};

const sinkOf = (call: Call): Sink =>
  call.world.streams.sinks.get(call.parts.Sid ?? '') ?? missing(call, 91001);

// A webhook sink has been seen active at once; Kinesis is what must be validated first.
function print({ origin, world }: Call, sink: Sink) {
  const url = `${origin}/v1/Sinks/${sink.sid}`;
  const { method, destination, batchEvents } = sink;
  return {
    sid: sink.sid,
    description: sink.description,
    sink_type: 'webhook',
    sink_configuration: {
      destination,
      method: world.options.methodEcho === 'lower' ? method.toLowerCase() : method,
      batch_events: batchEvents,
    },
    status: 'active',
    date_created: wholeSeconds(sink.dateCreated),
    date_updated: wholeSeconds(sink.dateUpdated),
    url,
    links: { sink_test: `${url}/Test`, sink_validate: `${url}/Validate` },
  };
}
