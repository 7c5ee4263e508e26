import {
  addConversation,
  changeConversation,
  changeState,
  refuseClosed,
  removeConversation,
} from '../../actions/conversations';
import { wholeSeconds } from '../../state/clock';
import type { Conversation } from '../../state/store';
import { ACCOUNT_SID, DEFAULT_MESSAGING_SERVICE_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { ordinary, page } from '../paging';
import { Form } from '../params';
import {
  type Call,
  conversationOf,
  created,
  gone,
  type Operation,
  ok,
  type Place,
  placeOf,
} from '../request';
import { readConversation, readState } from './conversation-params';

export const createConversation: Operation = (call) => {
  const { world, form, actor } = call;
  const place = placeOf(call);
  const state = readState(form) ?? 'active';
  if (state === 'closed') refuse(50384);
  const wanted = {
    messagingServiceSid: DEFAULT_MESSAGING_SERVICE_SID,
    ...readConversation(form, world.clock.now()),
    state,
  };
  return created(print(place, addConversation(world, place.service, wanted, actor)));
};

export const fetchConversation: Operation = (call) => ok(print(placeOf(call), conversationOf(call, 'Sid')));

export const updateConversation: Operation = (call) => {
  const { world, form, actor } = call;
  const conversation = conversationOf(call, 'Sid');
  refuseClosed(conversation);
  const state = readState(form);
  changeConversation(world, conversation, readConversation(form, world.clock.now()), actor);
  if (state !== undefined) changeState(world, conversation, state, 'API', actor);
  return ok(print(placeOf(call), conversation));
};

export const deleteConversation: Operation = (call) => {
  removeConversation(call.world, conversationOf(call, 'Sid'), call.actor);
  return gone;
};

export const listConversations: Operation = (call) => {
  const place = placeOf(call);
  const filter = readFilter(call);
  const all = [...place.service.conversations.values()];
  const rules = { ...ordinary, key: 'conversations', descending: filter.dated };
  return page(call, filter.any ? all.filter(filter.passes) : all, rules, (conversation) =>
    print(place, conversation),
  );
};

// Filtering by date also turns the order round, newest first: so says the specification.
function readFilter({ query }: Call) {
  const form = new Form(query);
  const state = readState(form);
  const from = form.date('StartDate', 20001);
  const to = form.date('EndDate', 20001);
  const dated = from !== undefined || to !== undefined;
  const passes = (conversation: Conversation) =>
    (state === undefined || conversation.state === state) &&
    (from === undefined || conversation.dateCreated >= from) &&
    (to === undefined || conversation.dateCreated <= to);
  return { any: dated || state !== undefined, dated, passes };
}

function print({ root }: Place, conversation: Conversation) {
  const url = `${root}/Conversations/${conversation.sid}`;
  const { dateInactive, dateClosed } = conversation;
  return {
    sid: conversation.sid,
    account_sid: ACCOUNT_SID,
    chat_service_sid: conversation.service.sid,
    messaging_service_sid: conversation.messagingServiceSid,
    friendly_name: conversation.friendlyName,
    unique_name: conversation.uniqueName,
    attributes: conversation.attributes,
    state: conversation.state,
    date_created: wholeSeconds(conversation.dateCreated),
    date_updated: wholeSeconds(conversation.dateUpdated),
    timers: {
      ...(dateInactive === null ? {} : { date_inactive: wholeSeconds(dateInactive) }),
      ...(dateClosed === null ? {} : { date_closed: wholeSeconds(dateClosed) }),
    },
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
