import { isoSeconds } from '../../state/clock';
import type { Conversation, Participant } from '../../state/records';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { page } from '../paging';
import { type Operation, type Scope, scopeOf } from '../request';
import { printTimers } from './conversations';

interface Membership {
  serial: number;
  conversation: Conversation;
  participant: Participant;
}

/** The conversations that somebody is in, in whatever state: a user by identity, anybody else by address. */
const list: Operation = (request) => {
  const scope = scopeOf(request);
  const [identity, address] = [request.query.get('Identity') || null, request.query.get('Address') || null];
  if (identity === null && address === null) refuse(20001, 'Missing required parameter Identity or Address');
  const memberships = scope.service.conversations.ordered.flatMap((conversation) =>
    [...conversation.participants.values()]
      .filter(
        (participant) =>
          (identity === null || participant.identity === identity) &&
          (address === null || participant.binding?.address === address),
      )
      .map((participant) => ({ serial: participant.serial, conversation, participant })),
  );
  memberships.sort((a, b) => a.serial - b.serial);
  const rules = { key: 'conversations', default: 50, max: 50 };
  return page(request, memberships, rules, (membership) => print(scope, membership));
};

function print({ root, service }: Scope, { conversation, participant }: Membership) {
  const { identity, binding } = participant;
  const url = `${root}/Conversations/${conversation.sid}`;
  return {
    account_sid: ACCOUNT_SID,
    chat_service_sid: service.sid,
    participant_sid: participant.sid,
    participant_user_sid: identity === null ? null : (service.byIdentity.get(identity)?.sid ?? null),
    participant_identity: identity,
    participant_messaging_binding:
      binding === null
        ? null
        : {
            type: binding.type,
            address: binding.address,
            proxy_address: binding.proxyAddress,
            projected_address: binding.projectedAddress,
            level: null,
            name: null,
          },
    conversation_sid: conversation.sid,
    conversation_unique_name: conversation.uniqueName,
    conversation_friendly_name: conversation.friendlyName,
    conversation_attributes: conversation.attributes,
    conversation_date_created: isoSeconds(conversation.dateCreated),
    conversation_date_updated: isoSeconds(conversation.dateUpdated),
    conversation_created_by: null,
    conversation_state: conversation.state,
    conversation_timers: printTimers(conversation),
    links: { conversation: url, participant: `${url}/Participants/${participant.sid}` },
  };
}

export const participantConversations = { list };
