import { type Dates, type EmulatorContext, newRecord } from '../context';
import type { Actor } from '../delivery/actor';
import { dispatch } from '../delivery/dispatch';
import { messageAdded, messageRemoved, messageUpdated } from '../delivery/payload';
import type { Conversation, Media, Message } from '../state/records';
import { refuseClosed, updateState } from './conversations';
import { findByName } from './participants';

export interface NewMessage {
  author: string;
  body: string | null;
  media: Media[];
  attributes: string;
  contentSid: string | null;
  dates?: Dates;
}

export type MessageChange = Partial<
  Pick<Message, 'author' | 'body' | 'attributes' | 'dateCreated' | 'dateUpdated'>
>;

export function addMessage(
  context: EmulatorContext,
  conversation: Conversation,
  { dates, ...wanted }: NewMessage,
  actor: Actor,
): Message {
  refuseClosed(context, conversation, 'onMessageAdded', actor, { Body: wanted.body, Author: wanted.author });
  if (conversation.state === 'inactive') updateState(context, conversation, 'active', 'EVENT', actor);
  const message: Message = {
    ...newRecord(context, 'IM', dates),
    index: conversation.nextIndex,
    source: actor.source,
    clientIdentity: actor.clientIdentity,
    participantSid: findByName(conversation, wanted.author)?.sid ?? null,
    receipts: new Map(),
    ...wanted,
  };
  conversation.nextIndex += 1;
  conversation.messages.add(message);
  context.changes.emit({ type: 'message', conversation, message });
  dispatch(context, conversation, 'onMessageAdded', messageAdded(conversation, message), actor);
  return message;
}

export function updateMessage(
  context: EmulatorContext,
  conversation: Conversation,
  message: Message,
  change: MessageChange,
  actor: Actor,
): void {
  refuseClosed(context, conversation, 'onMessageUpdated', actor, { MessageSid: message.sid });
  Object.assign(message, { dateUpdated: context.clock.now() }, change);
  message.participantSid = findByName(conversation, message.author)?.sid ?? null;
  context.changes.emit({ type: 'message', conversation, message });
  dispatch(context, conversation, 'onMessageUpdated', messageUpdated(conversation, message), actor);
}

/** The index is not used again. */
export function removeMessage(
  context: EmulatorContext,
  conversation: Conversation,
  message: Message,
  actor: Actor,
): void {
  refuseClosed(context, conversation, 'onMessageRemoved', actor, { MessageSid: message.sid });
  conversation.messages.delete(message.sid);
  context.changes.emit({ type: 'message_removed', conversation, message });
  const fields = messageRemoved(conversation, message, context.clock.now());
  dispatch(context, conversation, 'onMessageRemoved', fields, actor);
}
