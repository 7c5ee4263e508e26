import type { Operation } from './request';
import {
  createAddress,
  deleteAddress,
  fetchAddress,
  listAddresses,
  updateAddress,
} from './resources/addresses';
import {
  createConversation,
  deleteConversation,
  fetchConversation,
  listConversations,
  updateConversation,
} from './resources/conversations';
import {
  createMessage,
  deleteMessage,
  fetchMessage,
  listMessages,
  updateMessage,
} from './resources/messages';
import {
  createParticipant,
  deleteParticipant,
  fetchParticipant,
  listParticipants,
  updateParticipant,
} from './resources/participants';
import { createService, fetchService, listServices } from './resources/services';
import { createSink, deleteSink, fetchSink, listSinks, updateSink } from './resources/sinks';
import {
  createSubscribedEvent,
  deleteSubscribedEvent,
  fetchSubscribedEvent,
  listSubscribedEvents,
  updateSubscribedEvent,
} from './resources/subscribed-events';
import {
  createSubscription,
  deleteSubscription,
  fetchSubscription,
  listSubscriptions,
  updateSubscription,
} from './resources/subscriptions';
import {
  fetchAccountSettings,
  fetchServiceSettings,
  updateAccountSettings,
  updateServiceSettings,
} from './resources/webhook-settings';
import {
  createWebhook,
  deleteWebhook,
  fetchWebhook,
  listWebhooks,
  updateWebhook,
} from './resources/webhooks';

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** As Twilio's specification writes it: `/v1/Conversations/{Sid}`. */
  path: string;
  operation: Operation;
}

interface Resource {
  create: Operation;
  fetch: Operation;
  list: Operation;
  update: Operation;
  remove: Operation;
}

/** The API's operations; everything else under `/v1` is answered with 20404, or 20004 where only the verb is wrong. */
export const routes: Route[] = [
  { method: 'POST', path: '/v1/Services', operation: createService },
  { method: 'GET', path: '/v1/Services', operation: listServices },
  { method: 'GET', path: '/v1/Services/{Sid}', operation: fetchService },
  { method: 'GET', path: '/v1/Configuration/Webhooks', operation: fetchAccountSettings },
  { method: 'POST', path: '/v1/Configuration/Webhooks', operation: updateAccountSettings },
  {
    method: 'GET',
    path: '/v1/Services/{ChatServiceSid}/Configuration/Webhooks',
    operation: fetchServiceSettings,
  },
  {
    method: 'POST',
    path: '/v1/Services/{ChatServiceSid}/Configuration/Webhooks',
    operation: updateServiceSettings,
  },
  ...inBothFamilies('Conversations', {
    create: createConversation,
    fetch: fetchConversation,
    list: listConversations,
    update: updateConversation,
    remove: deleteConversation,
  }),
  ...inBothFamilies('Conversations/{ConversationSid}/Participants', {
    create: createParticipant,
    fetch: fetchParticipant,
    list: listParticipants,
    update: updateParticipant,
    remove: deleteParticipant,
  }),
  ...inBothFamilies('Conversations/{ConversationSid}/Messages', {
    create: createMessage,
    fetch: fetchMessage,
    list: listMessages,
    update: updateMessage,
    remove: deleteMessage,
  }),
  ...inBothFamilies('Conversations/{ConversationSid}/Webhooks', {
    create: createWebhook,
    fetch: fetchWebhook,
    list: listWebhooks,
    update: updateWebhook,
    remove: deleteWebhook,
  }),
  ...whole('/v1/Configuration/Addresses', {
    create: createAddress,
    fetch: fetchAddress,
    list: listAddresses,
    update: updateAddress,
    remove: deleteAddress,
  }),
  ...whole('/v1/Sinks', {
    create: createSink,
    fetch: fetchSink,
    list: listSinks,
    update: updateSink,
    remove: deleteSink,
  }),
  ...whole('/v1/Subscriptions', {
    create: createSubscription,
    fetch: fetchSubscription,
    list: listSubscriptions,
    update: updateSubscription,
    remove: deleteSubscription,
  }),
  ...whole(
    '/v1/Subscriptions/{SubscriptionSid}/SubscribedEvents',
    {
      create: createSubscribedEvent,
      fetch: fetchSubscribedEvent,
      list: listSubscribedEvents,
      update: updateSubscribedEvent,
      remove: deleteSubscribedEvent,
    },
    '{Type}',
  ),
];

function inBothFamilies(name: string, resource: Resource): Route[] {
  return [`/v1/${name}`, `/v1/Services/{ChatServiceSid}/${name}`].flatMap((path) => whole(path, resource));
}

function whole(path: string, { create, fetch, list, update, remove }: Resource, part = '{Sid}'): Route[] {
  return [
    { method: 'POST', path, operation: create },
    { method: 'GET', path, operation: list },
    { method: 'GET', path: `${path}/${part}`, operation: fetch },
    { method: 'POST', path: `${path}/${part}`, operation: update },
    { method: 'DELETE', path: `${path}/${part}`, operation: remove },
  ];
}
