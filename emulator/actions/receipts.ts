import { born, type World } from '../context';
import { announce } from '../delivery/dispatch';
import { deliveryUpdated } from '../delivery/payload';
import type { Conversation, Message, Participant, Receipt, Status } from '../state/store';
import { nobody } from './actor';

export const statuses: readonly Status[] = ['sent', 'delivered', 'read', 'failed', 'undelivered'];

/** What the carrier reports of one message to one participant: one receipt, updated by every further report. */
export function reportDelivery(
  world: World,
  conversation: Conversation,
  message: Message,
  participant: Participant,
  { status, errorCode }: Pick<Receipt, 'status' | 'errorCode'>,
): Receipt {
  const known = message.receipts.get(participant.sid);
  const channel = participant.binding?.type === 'whatsapp' ? 'WA' : 'SM';
  const receipt: Receipt = {
    ...(known ?? {
      ...born(world, 'DY'),
      participantSid: participant.sid,
      channelMessageSid: world.sids(channel),
    }),
    status,
    errorCode,
    dateUpdated: world.clock.now(),
  };
  message.receipts.set(participant.sid, receipt);
  announce(world, conversation, 'onDeliveryUpdated', deliveryUpdated(conversation, message, receipt), nobody);
  return receipt;
}
