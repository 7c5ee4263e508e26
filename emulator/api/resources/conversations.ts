import {
  addConversation,
  refuseClosed,
  removeConversation,
  updateConversation,
  updateState,
} from '../../actions/conversations';
import { isoSeconds } from '../../state/clock';
import type { Conversation } from '../../state/records';
import { ACCOUNT_SID, DEFAULT_MESSAGING_SERVICE_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { defaultPageSize, page } from '../paging';
import { Params } from '../params';
import {
  type ApiRequest,
  conversationOf,
  created,
  noContent,
  type Operation,
  ok,
  type Scope,
  scopeOf,
} from '../request';
import { readConversation, readState } from './conversation-params';

const create: Operation = (request) => {
  const { context, params, actor } = request;
  const place = scopeOf(request);
  const state = readState(params) ?? 'active';
  if (state === 'closed') refuse(50384);
  const wanted = {
    messagingServiceSid: DEFAULT_MESSAGING_SERVICE_SID,
    ...readConversation(params, context.clock.now()),
    state,
  };
  return created(printConversation(place, addConversation(context, place.service, wanted, actor)));
};

const fetch: Operation = (request) => ok(printConversation(scopeOf(request), conversationOf(request, 'Sid')));

const update: Operation = (request) => {
  const { context, params, actor } = request;
  const conversation = conversationOf(request, 'Sid');
  refuseClosed(context, conversation, 'onConversationUpdated', actor);
  const state = readState(params);
  updateConversation(context, conversation, readConversation(params, context.clock.now()), actor);
  if (state !== undefined) updateState(context, conversation, state, 'API', actor);
  return ok(printConversation(scopeOf(request), conversation));
};

const remove: Operation = (request) => {
  removeConversation(request.context, conversationOf(request, 'Sid'), request.actor);
  return noContent;
};

const list: Operation = (request) => {
  const place = scopeOf(request);
  const { dated, matches } = readFilter(request);
  const rules = { ...defaultPageSize, key: 'conversations', descending: dated, matches };
  return page(request, place.service.conversations.ordered, rules, (conversation) =>
    printConversation(place, conversation),
  );
};

// With a date filter the newest conversation comes first, as in the specification.
function readFilter({ query }: ApiRequest) {
  const params = new Params(query);
  const state = readState(params);
  const from = params.date('StartDate', 20001);
  const to = params.date('EndDate', 20001);
  const dated = from !== undefined || to !== undefined;
  const matches = (conversation: Conversation) =>
    (state === undefined || conversation.state === state) &&
    (from === undefined || conversation.dateCreated >= from) &&
    (to === undefined || conversation.dateCreated <= to);
  return { dated, matches: dated || state !== undefined ? matches : undefined };
}

export function printConversation({ root }: Scope, conversation: Conversation) {
  const url = `${root}/Conversations/${conversation.sid}`;
  return {
    sid: conversation.sid,
    account_sid: ACCOUNT_SID,
    chat_service_sid: conversation.service.sid,
    messaging_service_sid: conversation.messagingServiceSid,
    friendly_name: conversation.friendlyName,
    unique_name: conversation.uniqueName,
    attributes: conversation.attributes,
    state: conversation.state,
    date_created: isoSeconds(conversation.dateCreated),
    date_updated: isoSeconds(conversation.dateUpdated),
    timers: printTimers(conversation),
    bindings: {},
    url,
    links: {
      participants: `${url}/Participants`,
      messages: `${url}/Messages`,
      webhooks: `${url}/Webhooks`,
      export: `${url}/Export`,
    },
  };
}

export const printTimers = ({ dateInactive, dateClosed }: Conversation) => ({
  ...(dateInactive === null ? {} : { date_inactive: isoSeconds(dateInactive) }),
  ...(dateClosed === null ? {} : { date_closed: isoSeconds(dateClosed) }),
});

export const conversations = { create, fetch, list, update, remove };
