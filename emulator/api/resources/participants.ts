import { addParticipant, changeParticipant, removeParticipant } from '../../actions/participants';
import { wholeSeconds } from '../../state/clock';
import type { Binding, Conversation, Participant } from '../../state/store';
import { ACCOUNT_SID } from '../../twilio/account';
import { ordinary, page } from '../paging';
import {
  conversationOf,
  created,
  gone,
  type Operation,
  ok,
  type Place,
  participantOf,
  placeOf,
} from '../request';
import { readParticipant, readParticipantChange } from './participant-params';

export const createParticipant: Operation = (call) => {
  const conversation = conversationOf(call);
  const participant = addParticipant(call.world, conversation, readParticipant(call.form), call.actor);
  return created(printParticipant(placeOf(call), conversation, participant));
};

export const fetchParticipant: Operation = (call) => {
  const conversation = conversationOf(call);
  return ok(printParticipant(placeOf(call), conversation, participantOf(call, conversation)));
};

export const updateParticipant: Operation = (call) => {
  const conversation = conversationOf(call);
  const participant = participantOf(call, conversation);
  changeParticipant(call.world, conversation, participant, readParticipantChange(call.form), call.actor);
  return ok(printParticipant(placeOf(call), conversation, participant));
};

export const deleteParticipant: Operation = (call) => {
  const conversation = conversationOf(call);
  removeParticipant(call.world, conversation, participantOf(call, conversation), call.actor);
  return gone;
};

export const listParticipants: Operation = (call) => {
  const conversation = conversationOf(call);
  const place = placeOf(call);
  const all = [...conversation.participants.values()];
  return page(call, all, { ...ordinary, key: 'participants' }, (participant) =>
    printParticipant(place, conversation, participant),
  );
};

export function printParticipant(
  { root, scoped }: Place,
  conversation: Conversation,
  participant: Participant,
) {
  return {
    sid: participant.sid,
    account_sid: ACCOUNT_SID,
    ...(scoped ? { chat_service_sid: conversation.service.sid } : {}),
    conversation_sid: conversation.sid,
    identity: participant.identity,
    attributes: participant.attributes,
    messaging_binding: participant.binding === null ? null : printBinding(participant.binding),
    role_sid: participant.roleSid,
    date_created: wholeSeconds(participant.dateCreated),
    date_updated: wholeSeconds(participant.dateUpdated),
    url: `${root}/Conversations/${conversation.sid}/Participants/${participant.sid}`,
    last_read_message_index: participant.lastReadMessageIndex,
    last_read_timestamp: participant.lastReadTimestamp,
  };
}

const printBinding = ({ type, address, proxyAddress, projectedAddress }: Binding) => ({
  type,
  ...(address === null ? {} : { address }),
  ...(proxyAddress === null ? {} : { proxy_address: proxyAddress }),
  ...(projectedAddress === null ? {} : { projected_address: projectedAddress }),
});
