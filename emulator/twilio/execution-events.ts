/** The events that the emulator dispatches: https://www.twilio.com/docs/events/event-types/studio/flow */
export const executionEvents = {
  started: 'com.twilio.studio.flow.execution.started',
  ended: 'com.twilio.studio.flow.execution.ended',
} as const;

export type ExecutionEvent = (typeof executionEvents)[keyof typeof executionEvents];

/** Every event type of Studio. */
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
