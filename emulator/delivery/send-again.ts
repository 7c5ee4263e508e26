import type { EmulatorContext } from '../context';
import type { Delivery } from '../state/history';
import { refuse } from '../twilio/errors';
import { deliverToFlow } from './deliver-to-flow';
import { post, requestOf } from './post';
import { recordDelivery } from './record';

/** Sends the same request once more, at once and whatever the faults, or gives the flow the same message. */
export function sendAgain(context: EmulatorContext, delivery: Delivery): Delivery {
  const { store, studio, queue } = context;
  const duplicate_of = delivery.duplicate_of ?? delivery.id;
  if (delivery.execution_sid !== null) {
    const { flow_sid } = studio.executions.get(delivery.execution_sid) ?? gone(delivery.execution_sid);
    const conversation =
      store.conversations.get(delivery.conversation_sid) ?? gone(delivery.conversation_sid);
    return deliverToFlow(context, conversation, flow_sid, delivery, duplicate_of);
  }
  const { signed, token } =
    requestOf(delivery) ?? refuse(20001, `Delivery ${delivery.id} has not been sent yet`);
  const copy = recordDelivery(context, delivery, { duplicate_of });
  queue.addNow(() => post(context, copy, signed, token));
  return copy;
}

const gone = (sid: string) => refuse(20404, `${sid} was not found; the delivery cannot be sent again`);
