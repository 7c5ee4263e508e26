import type { EventParams, EventType } from '../twilio/event-types';
import type { CloudEvent, ExecutionEvent } from '../twilio/execution-events';
import type { Target } from './records';

/** What a receiver responded. */
export interface DeliveryResponse {
  headers: { [name: string]: string };
  /** Its first 4 KB. */
  body: string;
}

/** One attempt to deliver an event, as `/_emulator/deliveries` shows it. */
export interface Delivery {
  id: number;
  /** When it was sent; until then, when its event happened. */
  date: string;
  level: 'scoped' | 'service' | 'account' | 'event_streams';
  webhook_sid: string | null;
  sink_sid: string | null;
  target: Target;
  event_type: EventType | ExecutionEvent;
  conversation_sid: string;
  /** Null for a studio target: no HTTP request is made. */
  method: 'GET' | 'POST' | null;
  url: string | null;
  /** The form or the query. */
  params: EventParams;
  /** The JSON body: Event Streams only. */
  events: CloudEvent[] | null;
  signature: string | null;
  /** `blocked`: the URL leaves this machine. `studio`: an execution got it. */
  outcome: 'pending' | 'answered' | 'timeout' | 'refused' | 'blocked' | 'studio';
  /** HTTP status of the response. */
  status: number | null;
  response: DeliveryResponse | null;
  /** Why it was refused, such as `ECONNREFUSED`. */
  error: string | null;
  /** The execution that got it: studio only. */
  execution_sid: string | null;
  /** Milliseconds. */
  duration: number | null;
  /** From faults: milliseconds of delay, whether the next delivery went first, and the `id` of the original. */
  delay: number;
  reordered: boolean;
  duplicate_of: number | null;
}

/** One API request, as `/_emulator/requests` shows it. */
export interface LoggedRequest {
  date: string;
  method: string;
  /** With its query. */
  path: string;
  /** Null: the connection was dropped. */
  status: number | null;
  /** The ids of the faults that were injected. */
  faults: number[];
}

export interface ReceivedContent {
  params: { [name: string]: string | string[] };
  /** The JSON body; null for a form, and for what cannot be parsed. */
  body: unknown;
  /** Whether the signature is valid. */
  valid: boolean;
}

/** One request to `/_emulator/receiver`. */
export interface ReceivedRequest extends ReceivedContent {
  date: string;
  method: string;
  url: string;
  headers: { [name: string]: string };
}
