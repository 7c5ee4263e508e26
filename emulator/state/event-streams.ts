import type { Stored } from './store';

export interface Sink extends Stored {
  description: string;
  readonly destination: string;
  /** As it was sent. */
  readonly method: string;
  readonly batchEvents: boolean;
}

export interface SubscribedEvent {
  readonly serial: number;
  readonly type: string;
  schemaVersion: number;
}

export interface Subscription extends Stored {
  description: string;
  readonly sink: Sink;
  /** By type. */
  readonly events: Map<string, SubscribedEvent>;
}

/** Who wants to hear of what: https://www.twilio.com/docs/events */
export class EventStreams {
  readonly sinks = new Map<string, Sink>();
  readonly subscriptions = new Map<string, Subscription>();

  to(sink: Sink): Subscription[] {
    return [...this.subscriptions.values()].filter((subscription) => subscription.sink === sink);
  }

  /** The sinks that get events of this type, each with the schema version it asked for. */
  listening(type: string): { sink: Sink; schemaVersion: number }[] {
    return [...this.subscriptions.values()].flatMap(({ sink, events }) => {
      const event = events.get(type);
      return event === undefined ? [] : [{ sink, schemaVersion: event.schemaVersion }];
    });
  }

  empty(): void {
    this.sinks.clear();
    this.subscriptions.clear();
  }
}
