import { born, type Dates, type World } from '../context';
import { announce } from '../delivery/dispatch';
import { messageAdded, messageRemoved, messageUpdated } from '../delivery/payload';
import type { Conversation, Media, Message } from '../state/store';
import type { Actor } from './actor';
import { changeState, refuseClosed } from './conversations';
import { withName } from './participants';

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
  world: World,
  conversation: Conversation,
  { dates, ...wanted }: NewMessage,
  actor: Actor,
): Message {
  refuseClosed(conversation);
  if (conversation.state === 'inactive') changeState(world, conversation, 'active', 'EVENT', actor);
  const message: Message = {
    ...born(world, 'IM', dates),
    index: conversation.nextIndex,
    source: actor.source,
    clientIdentity: actor.clientIdentity,
    participantSid: withName(conversation, wanted.author)?.sid ?? null,
    receipts: new Map(),
    ...wanted,
  };
  conversation.nextIndex += 1;
  conversation.messages.set(message.sid, message);
  announce(world, conversation, 'onMessageAdded', messageAdded(conversation, message), actor);
  return message;
}

export function changeMessage(
  world: World,
  conversation: Conversation,
  message: Message,
  change: MessageChange,
  actor: Actor,
): void {
  refuseClosed(conversation);
  Object.assign(message, { dateUpdated: world.clock.now() }, change);
  message.participantSid = withName(conversation, message.author)?.sid ?? null;
  announce(world, conversation, 'onMessageUpdated', messageUpdated(conversation, message), actor);
}

/** Its index stays taken. */
export function removeMessage(
  world: World,
  conversation: Conversation,
  message: Message,
  actor: Actor,
): void {
  refuseClosed(conversation);
  conversation.messages.delete(message.sid);
  const fields = messageRemoved(conversation, message, world.clock.now());
  announce(world, conversation, 'onMessageRemoved', fields, actor);
}
