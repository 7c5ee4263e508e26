import type { EmulatorContext } from '../context';
import type { Sink } from '../state/event-streams';
import type { Execution } from '../state/studio';
import { AUTH_TOKEN } from '../twilio/account';
import type { CloudEvent, ExecutionEvent } from '../twilio/execution-events';
import { createCloudEvent } from './cloud-event';
import type { DeliveryDetails } from './record';
import { type PlannedFaults, planFaults, sendWithFaults } from './send-with-faults';
import { signJson } from './sign';

/**
 * Dispatches an event to the sinks of Event Streams, in no promised order. All get the same id, by which a receiver
 * recognizes duplicates. `afterwards` runs when every delivery has its outcome.
 */
export function dispatchExecutionEvent(
  context: EmulatorContext,
  type: ExecutionEvent,
  execution: Execution,
  afterwards = (): void => {},
): void {
  const [id, now] = [context.sids('EZ'), context.clock.now()];
  const deliveries = context.streams.sinksFor(type).map(({ sink, schemaVersion }) => ({
    sink,
    event: createCloudEvent(type, execution, { id, now, schemaVersion }),
    faults: planFaults(context, sink.sid),
  }));
  let open = deliveries.length;
  if (open === 0) context.queue.add(async () => afterwards());
  for (const { sink, event, faults } of deliveries) {
    context.queue.add(async () => {
      await deliverToSink(context, sink, event, execution.conversation_sid, faults);
      open -= 1;
      if (open === 0) afterwards();
    });
  }
}

async function deliverToSink(
  context: EmulatorContext,
  sink: Sink,
  event: CloudEvent,
  conversationSid: string,
  faults: PlannedFaults,
): Promise<void> {
  const details: DeliveryDetails = {
    event_id: null,
    level: 'event_streams',
    webhook_sid: null,
    sink_sid: sink.sid,
    target: 'webhook',
    event_type: event.type,
    conversation_sid: conversationSid,
    params: {},
    events: [event],
  };
  const single = !sink.batchEvents && context.options.unbatchedEvents === 'object';
  const signed = signJson(AUTH_TOKEN, sink.destination, JSON.stringify(single ? event : [event]));
  await sendWithFaults(context, details, signed, faults);
}
