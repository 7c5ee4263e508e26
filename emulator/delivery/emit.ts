import { AUTH_TOKEN } from '../credentials';
import type { Sink } from '../event-streams';
import type { Execution } from '../studio';
import type { World } from '../world';
import { type CloudEvent, cloudEvent, type ExecutionEvent } from './cloud-event';
import { begin, post } from './post';
import { signJson } from './sign';

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
  }));
  world.courier.start(async () => {
    await Promise.all(
      letters.map(({ sink, event }) => stream(world, sink, event, execution.conversation_sid)),
    );
    afterwards();
  });
}

async function stream(world: World, sink: Sink, event: CloudEvent, conversationSid: string): Promise<void> {
  const delivery = begin(world, {
    level: 'event_streams',
    webhook_sid: null,
    sink_sid: sink.sid,
    target: 'webhook',
    event_type: event.type,
    conversation_sid: conversationSid,
    params: {},
    events: [event],
  });
  const bare = !sink.batchEvents && world.options.unbatchedEvents === 'object';
  await post(world, delivery, signJson(AUTH_TOKEN, sink.destination, JSON.stringify(bare ? event : [event])));
}
