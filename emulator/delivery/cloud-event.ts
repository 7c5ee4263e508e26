import { isoMilliseconds } from '../state/clock';
import type { Execution } from '../state/studio';
import { ACCOUNT_SID } from '../twilio/account';
import type { CloudEvent, ExecutionEvent } from '../twilio/execution-events';

// Twilio's example has placeholders for source and id; these look like the events of its other products.
export function createCloudEvent(
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
    time: isoMilliseconds(now),
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
