import type { StoredRecord } from './records';

export const sinkStatuses = ['initialized', 'validating', 'active', 'failed'] as const;
export type SinkStatus = (typeof sinkStatuses)[number];

export interface Sink extends StoredRecord {
  description: string;
  readonly destination: string;
  /** As it was sent. */
  readonly method: string;
  readonly batchEvents: boolean;
  status: SinkStatus;
}

export interface SubscribedEvent {
  readonly serial: number;
  readonly type: string;
  schemaVersion: number;
}

export interface Subscription extends StoredRecord {
  description: string;
  readonly sink: Sink;
  /** By type. */
  readonly events: Map<string, SubscribedEvent>;
}

/** Sinks and their subscriptions: https://www.twilio.com/docs/events */
export class EventStreams {
  readonly sinks = new Map<string, Sink>();
  readonly subscriptions = new Map<string, Subscription>();

  subscriptionsTo(sink: Sink): Subscription[] {
    return [...this.subscriptions.values()].filter((subscription) => subscription.sink === sink);
  }

  /** The active sinks subscribed to this event type, each with the schema version of its subscription. */
  sinksFor(type: string): { sink: Sink; schemaVersion: number }[] {
    return [...this.subscriptions.values()].flatMap(({ sink, events }) => {
      const event = events.get(type);
      return event === undefined || sink.status !== 'active'
        ? []
        : [{ sink, schemaVersion: event.schemaVersion }];
    });
  }
}
