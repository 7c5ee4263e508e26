import { eventsClient } from './api';

/** Has the end of Studio executions told to the functions, as `npm run setup` does. */
export async function tellOfExecutions(emulator: string, functions: string): Promise<void> {
  const events = eventsClient(emulator);
  const { sid: sinkSid } = await events.sinks.create({
    description: 'executions',
    sinkType: 'webhook',
    sinkConfiguration: { destination: `${functions}/events/studio`, method: 'POST', batch_events: true },
  });
  const types = [{ type: 'com.twilio.studio.flow.execution.ended' }];
  await events.subscriptions.create({ description: 'executions', sinkSid, types });
}
