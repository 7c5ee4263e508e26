import { conversationExists, type Dates, type EmulatorContext, newRecord } from '../context';
import type { Actor } from '../delivery/actor';
import { dispatch } from '../delivery/dispatch';
import { participantAdded, participantRemoved, participantUpdated } from '../delivery/payload';
import type { Binding, Conversation, Participant } from '../state/records';
import { addressPair } from '../state/store';
import { refuse } from '../twilio/errors';
import { refuseClosed } from './conversations';
import { ensureUser } from './users';

export type NewParticipant = Pick<Participant, 'identity' | 'binding' | 'attributes' | 'roleSid'> & {
  dates?: Dates;
};
export type ParticipantChange = Partial<
  Pick<
    Participant,
    | 'identity'
    | 'attributes'
    | 'roleSid'
    | 'lastReadMessageIndex'
    | 'lastReadTimestamp'
    | 'dateCreated'
    | 'dateUpdated'
  >
>;

export function addParticipant(
  context: EmulatorContext,
  conversation: Conversation,
  { dates, ...wanted }: NewParticipant,
  actor: Actor,
): Participant {
  refuseClosed(context, conversation, 'onParticipantAdded', actor, { Identity: wanted.identity });
  refuseDuplicate(conversation, wanted.identity);
  refuseOverLimits(conversation, wanted.binding);
  claimPair(context, conversation, wanted.binding);
  if (wanted.identity !== null) ensureUser(context, conversation.service, wanted.identity);
  const participant: Participant = {
    ...newRecord(context, 'MB', dates),
    lastReadMessageIndex: null,
    lastReadTimestamp: null,
    ...wanted,
  };
  conversation.participants.set(participant.sid, participant);
  context.changes.emit({ type: 'participants', conversation });
  dispatch(context, conversation, 'onParticipantAdded', participantAdded(conversation, participant), actor);
  return participant;
}

export function updateParticipant(
  context: EmulatorContext,
  conversation: Conversation,
  participant: Participant,
  change: ParticipantChange,
  actor: Actor,
): void {
  refuseClosed(context, conversation, 'onParticipantUpdated', actor, { ParticipantSid: participant.sid });
  if (change.identity !== participant.identity) refuseDuplicate(conversation, change.identity ?? null);
  if (change.identity) ensureUser(context, conversation.service, change.identity);
  Object.assign(participant, { dateUpdated: context.clock.now() }, change);
  context.changes.emit({ type: 'participants', conversation });
  dispatch(
    context,
    conversation,
    'onParticipantUpdated',
    participantUpdated(conversation, participant),
    actor,
  );
}

export function removeParticipant(
  context: EmulatorContext,
  conversation: Conversation,
  participant: Participant,
  actor: Actor,
): void {
  refuseClosed(context, conversation, 'onParticipantRemoved', actor, { ParticipantSid: participant.sid });
  conversation.participants.delete(participant.sid);
  const pair = addressPair(participant.binding);
  if (pair !== null) context.store.byAddressPair.delete(pair);
  context.changes.emit({ type: 'participants', conversation });
  const fields = participantRemoved(conversation, participant, context.clock.now());
  dispatch(context, conversation, 'onParticipantRemoved', fields, actor);
}

/** By SID or by identity, as in the API's paths. */
export function findParticipant(conversation: Conversation, key: string): Participant | undefined {
  return conversation.participants.get(key) ?? findByName(conversation, key);
}

/** The participant with this identity or address. */
export function findByName(conversation: Conversation, name: string): Participant | undefined {
  for (const participant of conversation.participants.values()) {
    const { identity, binding } = participant;
    if (identity === name || binding?.address === name || binding?.projectedAddress === name)
      return participant;
  }
  return undefined;
}

function refuseDuplicate(conversation: Conversation, identity: string | null): void {
  if (identity === null) return;
  for (const participant of conversation.participants.values()) {
    if (participant.identity === identity) refuse(50433);
  }
}

// https://www.twilio.com/docs/conversations/conversations-limits
function refuseOverLimits({ participants }: Conversation, binding: Binding | null): void {
  if (participants.size >= 1000) refuse(50417);
  if (binding !== null && [...participants.values()].filter((other) => other.binding !== null).length >= 50) {
    refuse(50422);
  }
}

// A pair of addresses belongs to one open conversation, which is how an inbound message finds it.
function claimPair(context: EmulatorContext, conversation: Conversation, binding: Binding | null): void {
  const pair = addressPair(binding);
  if (pair === null) return;
  const holder = findOpenConversation(context, binding);
  if (holder !== undefined) {
    refuse(
      50416,
      `A binding for this participant and proxy address already exists in Conversation ${holder.sid}`,
    );
  }
  context.store.byAddressPair.set(pair, conversation);
}

/** The open conversation that has this pair of addresses. */
export function findOpenConversation(
  context: EmulatorContext,
  binding: Binding | null,
): Conversation | undefined {
  const holder = context.store.byAddressPair.get(addressPair(binding) ?? '');
  return holder !== undefined && holder.state !== 'closed' && conversationExists(context, holder)
    ? holder
    : undefined;
}
