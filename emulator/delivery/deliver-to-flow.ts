import type { EmulatorContext } from '../context';
import type { Delivery } from '../state/history';
import type { Conversation } from '../state/records';
import { executionEvents } from '../twilio/execution-events';
import { dispatchExecutionEvent } from './dispatch-execution-event';
import { type DeliveryDetails, recordDelivery, updateDelivery } from './record';

/** Gives a delivery to the flow's execution in the conversation, or starts one. */
export function deliverToFlow(
  context: EmulatorContext,
  conversation: Conversation,
  flowSid: string,
  details: DeliveryDetails,
  duplicate_of: number | null = null,
): Delivery {
  const { webhook_sid: webhookSid, params } = details;
  const contactAddress = contactAddressOf(context, conversation);
  const { execution, started } = context.studio.receive(
    { conversation, contactAddress, flowSid, webhookSid, params },
    context.clock.now(),
    () => context.sids('FN'),
  );
  context.changes.emit({ type: 'execution', execution });
  const delivery = recordDelivery(context, details, { duplicate_of });
  updateDelivery(context, delivery, { outcome: 'studio', duration: 0, execution_sid: execution.sid });
  if (started) dispatchExecutionEvent(context, executionEvents.started, execution);
  return delivery;
}

function contactAddressOf({ options }: EmulatorContext, { sid, participants }: Conversation): string {
  if (options.contactChannelAddress === 'conversation') return sid;
  const bindings = [...participants.values()].flatMap(({ binding }) => binding ?? []);
  return bindings[0]?.address ?? sid;
}
