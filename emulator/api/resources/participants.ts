import { addParticipant, removeParticipant, updateParticipant } from '../../actions/participants';
import { isoSeconds } from '../../state/clock';
import type { Binding, Conversation, Participant } from '../../state/records';
import { ACCOUNT_SID } from '../../twilio/account';
import { defaultPageSize, page } from '../paging';
import {
  conversationOf,
  created,
  noContent,
  type Operation,
  ok,
  participantOf,
  type Scope,
  scopeOf,
} from '../request';
import { readParticipant, readParticipantChange } from './participant-params';

const create: Operation = (request) => {
  const conversation = conversationOf(request);
  const participant = addParticipant(
    request.context,
    conversation,
    readParticipant(request.params),
    request.actor,
  );
  return created(printParticipant(scopeOf(request), conversation, participant));
};

const fetch: Operation = (request) => {
  const conversation = conversationOf(request);
  return ok(printParticipant(scopeOf(request), conversation, participantOf(request, conversation)));
};

const update: Operation = (request) => {
  const conversation = conversationOf(request);
  const participant = participantOf(request, conversation);
  updateParticipant(
    request.context,
    conversation,
    participant,
    readParticipantChange(request.params),
    request.actor,
  );
  return ok(printParticipant(scopeOf(request), conversation, participant));
};

const remove: Operation = (request) => {
  const conversation = conversationOf(request);
  removeParticipant(request.context, conversation, participantOf(request, conversation), request.actor);
  return noContent;
};

const list: Operation = (request) => {
  const conversation = conversationOf(request);
  const place = scopeOf(request);
  const all = [...conversation.participants.values()];
  return page(request, all, { ...defaultPageSize, key: 'participants' }, (participant) =>
    printParticipant(place, conversation, participant),
  );
};

export function printParticipant(
  { root, scoped }: Scope,
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
    date_created: isoSeconds(participant.dateCreated),
    date_updated: isoSeconds(participant.dateUpdated),
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

export const participants = { create, fetch, list, update, remove };
