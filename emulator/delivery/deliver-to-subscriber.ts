import type { EmulatorContext } from '../context';
import type { Conversation } from '../state/records';
import { AUTH_TOKEN } from '../twilio/account';
import { executionEvents } from '../twilio/execution-events';
import { dispatchExecutionEvent } from './dispatch-execution-event';
import type { ConversationEvent } from './event';
import { type DeliveryDetails, recordDelivery, updateDelivery } from './record';
import { type PlannedFaults, sendWithFaults } from './send-with-faults';
import { signParams } from './sign';
import type { Subscriber } from './subscribers';

/** Deliveries of one conversation to one subscriber can overtake each other, others cannot. */
export const orderingKey = (conversation: Conversation, { webhookSid, level }: Subscriber) =>
  `${conversation.sid} ${webhookSid ?? level}`;

/** Delivers an event to one subscriber: to the flow of a studio webhook, to all others by HTTP. */
export async function deliverToSubscriber(
  context: EmulatorContext,
  subscriber: Subscriber,
  { id, conversation, type, params: eventParams }: ConversationEvent & { id: number },
  faults: PlannedFaults,
): Promise<void> {
  const { level, webhookSid, target, flowSid, url, method } = subscriber;
  const scoped = webhookSid === null ? {} : { WebhookSid: webhookSid, WebhookType: target };
  const params = { ...eventParams, ...scoped };
  const details: DeliveryDetails = {
    event_id: id,
    level,
    webhook_sid: webhookSid,
    sink_sid: null,
    target,
    event_type: type,
    conversation_sid: conversation.sid,
    params,
    events: null,
  };
  if (flowSid !== null) {
    const contactAddress = contactAddressOf(context, conversation);
    const delivery = { conversation, contactAddress, flowSid, webhookSid, params };
    const { execution, started } = context.studio.receive(delivery, context.clock.now(), () =>
      context.sids('FN'),
    );
    const { sid: execution_sid } = execution;
    context.changes.emit({ type: 'execution', execution });
    updateDelivery(context, recordDelivery(context, details), {
      outcome: 'studio',
      duration: 0,
      execution_sid,
    });
    if (started) dispatchExecutionEvent(context, executionEvents.started, execution);
  } else if (url !== null) {
    await sendWithFaults(context, details, signParams(AUTH_TOKEN, method, url, params), faults);
  }
}

function contactAddressOf({ options }: EmulatorContext, { sid, participants }: Conversation): string {
  if (options.contactChannelAddress === 'conversation') return sid;
  const bindings = [...participants.values()].flatMap(({ binding }) => binding ?? []);
  return bindings[0]?.address ?? sid;
}
