import type { EventParams, EventType } from '../twilio/event-types';
import type { CloudEvent, ExecutionEvent } from '../twilio/execution-events';
import type { StoredRecord, Target } from './records';

/** Why an event does not reach a webhook, or any webhook. */
export interface NotDelivered {
  reason:
    | 'filters'
    | 'pre_event'
    | 'keyword'
    | 'keyword_case'
    | 'shadowed'
    | 'not_enabled'
    | 'no_webhook'
    | 'closed';
  /** The same in a sentence. */
  message: string;
}

/** A webhook that an event did or did not reach. */
export interface EventWebhook {
  level: 'scoped' | 'service' | 'account';
  webhook_sid: string | null;
  target: Target;
  url: string | null;
  flow_sid: string | null;
  /** Of its deliveries; none yet, or none at all if there is a reason. */
  delivery_ids: number[];
  reason: NotDelivered['reason'] | null;
  message: string | null;
}

/** One event, as `/_emulator/events` shows it, whether or not it reached a webhook. */
export interface RecordedEvent {
  id: number;
  date: string;
  event_type: EventType;
  conversation_sid: string;
  /** As delivered, without those of the webhook. */
  params: EventParams;
  /** The index of its message. */
  message_index: number | null;
  /** Whether it is an old message, for a new webhook with `ReplayAfter`. */
  replay: boolean;
  /** Why no webhook at all could get it. */
  reason: NotDelivered['reason'] | null;
  message: string | null;
  webhooks: EventWebhook[];
}

/** What a receiver responded. */
export interface DeliveryResponse {
  headers: { [name: string]: string };
  /** Its first 4 KB. */
  body: string;
}

/** One attempt to deliver an event, as `/_emulator/deliveries` shows it. */
export interface Delivery {
  id: number;
  /** Of the event in `/_emulator/events`; null: Event Streams. */
  event_id: number | null;
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
  /** From faults: milliseconds of delay, and whether the next delivery went first. */
  delay: number;
  reordered: boolean;
  /** The `id` of the original: by a fault, or if it is sent again. */
  duplicate_of: number | null;
}

/** A delivery that failed, as Twilio's Monitor reports it. */
export interface Alert extends StoredRecord {
  /** 11205: no connection. 11217: the status says that it failed. 50076: it took too long. */
  code: 11205 | 11217 | 50076;
  delivery: Delivery;
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
