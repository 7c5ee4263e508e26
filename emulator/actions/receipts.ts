import { type EmulatorContext, newRecord } from '../context';
import { systemActor } from '../delivery/actor';
import { dispatch } from '../delivery/dispatch';
import { deliveryUpdated } from '../delivery/payload';
import type { Conversation, Message, Participant, Receipt, Status } from '../state/records';

export const statuses: readonly Status[] = ['sent', 'delivered', 'read', 'failed', 'undelivered'];

/** A carrier's report on a message to a participant. Later reports update the same receipt. */
export function reportDelivery(
  context: EmulatorContext,
  conversation: Conversation,
  message: Message,
  participant: Participant,
  { status, errorCode }: Pick<Receipt, 'status' | 'errorCode'>,
): Receipt {
  const known = message.receipts.get(participant.sid);
  const channel = participant.binding?.type === 'whatsapp' ? 'WA' : 'SM';
  const receipt: Receipt = {
    ...(known ?? {
      ...newRecord(context, 'DY'),
      participantSid: participant.sid,
      channelMessageSid: context.sids(channel),
    }),
    status,
    errorCode,
    dateUpdated: context.clock.now(),
  };
  message.receipts.set(participant.sid, receipt);
  context.changes.emit({ type: 'message', conversation, message });
  dispatch(
    context,
    conversation,
    'onDeliveryUpdated',
    deliveryUpdated(conversation, message, receipt),
    systemActor,
  );
  return receipt;
}
