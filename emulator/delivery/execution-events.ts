import type { World } from '../context';
import type { Sink } from '../state/event-streams';
import type { Execution } from '../state/studio';
import { AUTH_TOKEN } from '../twilio/account';
import { type CloudEvent, cloudEvent, type ExecutionEvent } from './cloud-event';
import type { Known } from './post';
import { carry, type Journey, journey } from './send-with-faults';
import { signJson } from './sign';

interface Letter {
  sink: Sink;
  event: CloudEvent;
  way: Journey;
}

/**
 * Tells the sinks that are subscribed to this type, by the road of Event Streams: soon, in no promised order. Each gets
 * the same id, which is what a receiver knows duplicates by. `afterwards` runs when all have answered, or not.
 */
export function emit(
  world: World,
  type: ExecutionEvent,
  execution: Execution,
  afterwards = (): void => {},
): void {
  const [id, now] = [world.sids('EZ'), world.clock.now()];
  const letters = world.streams.listening(type).map(({ sink, schemaVersion }) => ({
    sink,
    event: cloudEvent(type, execution, { id, now, schemaVersion }),
    way: journey(world, sink.sid),
  }));
  let open = letters.length;
  if (open === 0) world.courier.start(async () => afterwards());
  for (const { sink, event, way } of letters) {
    world.courier.start(async () => {
      await stream(world, { sink, event, way }, execution.conversation_sid);
      open -= 1;
      if (open === 0) afterwards();
    });
  }
}

async function stream(world: World, { sink, event, way }: Letter, conversationSid: string): Promise<void> {
  const known: Known = {
    level: 'event_streams',
    webhook_sid: null,
    sink_sid: sink.sid,
    target: 'webhook',
    event_type: event.type,
    conversation_sid: conversationSid,
    params: {},
    events: [event],
  };
  const bare = !sink.batchEvents && world.options.unbatchedEvents === 'object';
  const signed = signJson(AUTH_TOKEN, sink.destination, JSON.stringify(bare ? event : [event]));
  await carry(world, known, signed, way);
}
