import { addMessage, changeMessage, removeMessage } from '../../actions/messages';
import { wholeSeconds } from '../../state/clock';
import type { Conversation, Media, Message } from '../../state/store';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { ordinary, page } from '../paging';
import {
  conversationOf,
  created,
  gone,
  messageOf,
  type Operation,
  ok,
  type Place,
  placeOf,
} from '../request';
import { readMessage, readMessageChange } from './message-params';

export const createMessage: Operation = (call) => {
  const conversation = conversationOf(call);
  const message = addMessage(call.world, conversation, readMessage(call.form), call.actor);
  return created(printMessage(placeOf(call), conversation, message));
};

export const fetchMessage: Operation = (call) => {
  const conversation = conversationOf(call);
  return ok(printMessage(placeOf(call), conversation, messageOf(call, conversation)));
};

export const updateMessage: Operation = (call) => {
  const conversation = conversationOf(call);
  const message = messageOf(call, conversation);
  changeMessage(call.world, conversation, message, readMessageChange(call.form), call.actor);
  return ok(printMessage(placeOf(call), conversation, message));
};

export const deleteMessage: Operation = (call) => {
  const conversation = conversationOf(call);
  removeMessage(call.world, conversation, messageOf(call, conversation), call.actor);
  return gone;
};

export const listMessages: Operation = (call) => {
  const conversation = conversationOf(call);
  const place = placeOf(call);
  const order = call.query.get('Order') ?? 'asc';
  if (order !== 'asc' && order !== 'desc') refuse(20001, `Order takes asc or desc, not "${order}"`);
  const rules = { ...ordinary, key: 'messages', descending: order === 'desc' };
  return page(call, [...conversation.messages.values()], rules, (message) =>
    printMessage(place, conversation, message),
  );
};

export function printMessage({ root, scoped }: Place, conversation: Conversation, message: Message) {
  const url = `${root}/Conversations/${conversation.sid}/Messages/${message.sid}`;
  return {
    sid: message.sid,
    account_sid: ACCOUNT_SID,
    ...(scoped ? { chat_service_sid: conversation.service.sid } : {}),
    conversation_sid: conversation.sid,
    index: message.index,
    author: message.author,
    body: message.body,
    media: message.media.length === 0 ? null : message.media.map(printMedia),
    attributes: message.attributes,
    participant_sid: message.participantSid,
    date_created: wholeSeconds(message.dateCreated),
    date_updated: wholeSeconds(message.dateUpdated),
    delivery: null,
    content_sid: message.contentSid,
    url,
    links: { delivery_receipts: `${url}/Receipts`, channel_metadata: `${url}/ChannelMetadata` },
  };
}

const printMedia = ({ sid, filename, contentType, size }: Media) => ({
  category: 'media',
  sid,
  filename,
  content_type: contentType,
  size,
});
