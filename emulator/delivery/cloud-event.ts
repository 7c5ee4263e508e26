import { milliseconds } from '../state/clock';
import type { Execution } from '../state/studio';
import { ACCOUNT_SID } from '../twilio/account';

/** The events that are emitted here: https://www.twilio.com/docs/events/event-types/studio/flow */
export const executionEvents = {
  started: 'com.twilio.studio.flow.execution.started',
  ended: 'com.twilio.studio.flow.execution.ended',
} as const;

export type ExecutionEvent = (typeof executionEvents)[keyof typeof executionEvents];

/** Every type that Studio has. */
export const studioEvents: string[] = [
  ...Object.values(executionEvents),
  'com.twilio.studio.flow.step.ended',
];

/** Version 2 has the fields of version 1. */
export const LATEST_EXECUTION_SCHEMA = 2;

/** https://github.com/cloudevents/spec/blob/v1.0/spec.md */
export interface CloudEvent {
  specversion: '1.0';
  type: ExecutionEvent;
  source: string;
  id: string;
  dataschema: string;
  datacontenttype: 'application/json';
  time: string;
  data: { [field: string]: string | number };
}

// Twilio's example has placeholders for source and id; these look like the events of its other products.
export function cloudEvent(
  type: ExecutionEvent,
  execution: Execution,
  { id, now, schemaVersion }: { id: string; now: number; schemaVersion: number },
): CloudEvent {
  const { sid, flow_sid, ended_reason } = execution;
  return {
    specversion: '1.0',
    type,
    source: `/v2/Flows/${flow_sid}/Executions/${sid}`,
    id,
    dataschema: `https://events-schemas.twilio.com/Studio.FlowExecutionEvent/${schemaVersion}`,
    datacontenttype: 'application/json',
    time: milliseconds(now),
    data: {
      execution_sid: sid,
      account_sid: ACCOUNT_SID,
      flow_sid,
      contact_channel_address: execution.contact_channel_address,
      status: execution.status,
      ...(ended_reason === null ? {} : { ended_reason }),
      date_created: execution.date_created,
      date_updated: execution.date_updated,
      started_by: execution.started_by,
      flow_revision: 1,
    },
  };
}
