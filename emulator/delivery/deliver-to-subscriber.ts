import type { EmulatorContext } from '../context';
import type { Conversation } from '../state/records';
import { AUTH_TOKEN } from '../twilio/account';
import { deliverToFlow } from './deliver-to-flow';
import type { ConversationEvent } from './event';
import type { DeliveryDetails } from './record';
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
  if (flowSid !== null) deliverToFlow(context, conversation, flowSid, details);
  else if (url !== null) {
    await sendWithFaults(context, details, signParams(AUTH_TOKEN, method, url, params), faults);
  }
}
