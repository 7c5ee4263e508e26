import type { CloudEvent, ExecutionEvent } from '../delivery/cloud-event';
import type { EventType, Params } from '../twilio/event-types';
import type { Target } from './store';

/** One attempt to tell somebody of an event, as `/_emulator/deliveries` shows it. */
export interface Delivery {
  id: number;
  /** When it was sent; until then, when it came up. */
  date: string;
  level: 'scoped' | 'service' | 'account' | 'event_streams';
  webhook_sid: string | null;
  sink_sid: string | null;
  target: Target;
  event_type: EventType | ExecutionEvent;
  conversation_sid: string;
  /** Null for a studio target, which no HTTP request goes to. */
  method: 'GET' | 'POST' | null;
  url: string | null;
  /** What a form or a query said. */
  params: Params;
  /** What a JSON body said: Event Streams only. */
  events: CloudEvent[] | null;
  signature: string | null;
  /** `blocked`: the URL leaves this machine. `studio`: it reached an execution. */
  outcome: 'pending' | 'answered' | 'timeout' | 'refused' | 'blocked' | 'studio';
  /** The HTTP status that came back. */
  status: number | null;
  /** Milliseconds. */
  duration: number | null;
  /** Faults: the milliseconds it was kept back, whether it waited to be overtaken, and which one it repeats. */
  delay: number;
  reordered: boolean;
  duplicate_of: number | null;
}
