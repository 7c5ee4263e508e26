import { isoMilliseconds } from '../state/clock';
import type { Binding, Conversation, Media, Message, Participant, Receipt, State } from '../state/records';

/** The fields of an event; null is left out. */
export type Fields = { [name: string]: string | number | null };

const owner = ({ service, messagingServiceSid }: Conversation) => ({
  ChatServiceSid: service.sid,
  MessagingServiceSid: messagingServiceSid,
});

export const messageAdded = (conversation: Conversation, message: Message): Fields => ({
  ...owner(conversation),
  ConversationSid: conversation.sid,
  MessageSid: message.sid,
  Index: message.index,
  DateCreated: isoMilliseconds(message.dateCreated),
  Body: message.body,
  Author: message.author,
  ParticipantSid: message.participantSid,
  Attributes: message.attributes,
  Media: message.media.length === 0 ? null : mediaText(message.media),
});

export function messageUpdated(conversation: Conversation, message: Message): Fields {
  const { ChatServiceSid: _, MessagingServiceSid: __, ...fields } = messageAdded(conversation, message);
  return { ...fields, DateUpdated: isoMilliseconds(message.dateUpdated) };
}

export const messageRemoved = (conversation: Conversation, message: Message, now: number): Fields => ({
  ...messageUpdated(conversation, message),
  DateRemoved: isoMilliseconds(now),
});

export const conversationFields = (conversation: Conversation): Fields => ({
  ...owner(conversation),
  ConversationSid: conversation.sid,
  DateCreated: isoMilliseconds(conversation.dateCreated),
  DateUpdated: isoMilliseconds(conversation.dateUpdated),
  FriendlyName: conversation.friendlyName,
  UniqueName: conversation.uniqueName,
  Attributes: conversation.attributes,
  State: conversation.state,
});

/** With the two addresses, if an inbound message created the conversation. */
export function conversationAdded(conversation: Conversation, binding: Binding | null = null): Fields {
  const { 'MessagingBinding.Type': _, ...addresses } = bindingFields(binding);
  return { ...conversationFields(conversation), ...addresses };
}

export const conversationRemoved = (conversation: Conversation, now: number): Fields => ({
  ...conversationFields(conversation),
  DateRemoved: isoMilliseconds(now),
});

/** By a timer it has neither Source nor MessagingServiceSid, as seen on a real delivery. */
export const stateUpdated = (
  conversation: Conversation,
  change: { from: State; reason: 'API' | 'TIMER' | 'EVENT'; at: number },
): Fields => ({
  ...owner(conversation),
  ConversationSid: conversation.sid,
  StateUpdated: isoMilliseconds(change.at),
  StateFrom: change.from,
  StateTo: conversation.state,
  Reason: change.reason,
  ...(change.reason === 'TIMER' ? { Source: null, MessagingServiceSid: null } : {}),
});

export const participantAdded = (conversation: Conversation, participant: Participant): Fields => ({
  ConversationSid: conversation.sid,
  ParticipantSid: participant.sid,
  DateCreated: isoMilliseconds(participant.dateCreated),
  Identity: participant.identity,
  RoleSid: participant.roleSid,
  Attributes: participant.attributes,
  ...bindingFields(participant.binding),
});

export const participantUpdated = (conversation: Conversation, participant: Participant): Fields => ({
  ...participantAdded(conversation, participant),
  DateUpdated: isoMilliseconds(participant.dateUpdated),
  LastReadMessageIndex: participant.lastReadMessageIndex,
});

export const participantRemoved = (
  conversation: Conversation,
  participant: Participant,
  now: number,
): Fields => ({
  ...participantAdded(conversation, participant),
  DateUpdated: isoMilliseconds(participant.dateUpdated),
  DateRemoved: isoMilliseconds(now),
});

export const deliveryUpdated = (conversation: Conversation, message: Message, receipt: Receipt): Fields => ({
  ChatServiceSid: conversation.service.sid,
  ConversationSid: conversation.sid,
  MessageSid: message.sid,
  DeliveryReceiptSid: receipt.sid,
  ChannelMessageSid: receipt.channelMessageSid,
  ParticipantSid: receipt.participantSid,
  Status: receipt.status,
  ErrorCode: receipt.errorCode,
  DateCreated: isoMilliseconds(receipt.dateCreated),
  DateUpdated: isoMilliseconds(receipt.dateUpdated),
});

const bindingFields = (binding: Binding | null): Fields => ({
  'MessagingBinding.Type': binding === null ? 'CHAT' : binding.type.toUpperCase(),
  'MessagingBinding.Address': binding?.address ?? null,
  'MessagingBinding.ProxyAddress': binding?.proxyAddress ?? null,
  'MessagingBinding.ProjectedAddress': binding?.projectedAddress ?? null,
});

const mediaText = (media: Media[]) =>
  JSON.stringify(
    media.map(({ sid, filename, contentType, size }) => ({
      Sid: sid,
      Filename: filename,
      ContentType: contentType,
      Size: size,
    })),
  );
