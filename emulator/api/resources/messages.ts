import { addMessage, removeMessage, updateMessage } from '../../actions/messages';
import { isoSeconds } from '../../state/clock';
import type { Conversation, Media, Message } from '../../state/records';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { defaultPageSize, page } from '../paging';
import {
  conversationOf,
  created,
  messageOf,
  noContent,
  type Operation,
  ok,
  type Scope,
  scopeOf,
} from '../request';
import { readMessage, readMessageChange } from './message-params';

const create: Operation = (request) => {
  const conversation = conversationOf(request);
  const message = addMessage(request.context, conversation, readMessage(request.params), request.actor);
  return created(printMessage(scopeOf(request), conversation, message));
};

const fetch: Operation = (request) => {
  const conversation = conversationOf(request);
  return ok(printMessage(scopeOf(request), conversation, messageOf(request, conversation)));
};

const update: Operation = (request) => {
  const conversation = conversationOf(request);
  const message = messageOf(request, conversation);
  updateMessage(request.context, conversation, message, readMessageChange(request.params), request.actor);
  return ok(printMessage(scopeOf(request), conversation, message));
};

const remove: Operation = (request) => {
  const conversation = conversationOf(request);
  removeMessage(request.context, conversation, messageOf(request, conversation), request.actor);
  return noContent;
};

const list: Operation = (request) => {
  const conversation = conversationOf(request);
  const place = scopeOf(request);
  const order = request.query.get('Order') ?? 'asc';
  if (order !== 'asc' && order !== 'desc') refuse(20001, `Order must be asc or desc, not "${order}"`);
  const rules = { ...defaultPageSize, key: 'messages', descending: order === 'desc' };
  return page(request, conversation.messages.ordered, rules, (message) =>
    printMessage(place, conversation, message),
  );
};

export function printMessage({ root, scoped }: Scope, conversation: Conversation, message: Message) {
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
    date_created: isoSeconds(message.dateCreated),
    date_updated: isoSeconds(message.dateUpdated),
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

export const messages = { create, fetch, list, update, remove };
