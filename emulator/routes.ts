import type { Operation } from './call';
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
];

function inBothFamilies(name: string, { create, fetch, list, update, remove }: Resource): Route[] {
  return [`/v1/${name}`, `/v1/Services/{ChatServiceSid}/${name}`].flatMap((path): Route[] => [
    { method: 'POST', path, operation: create },
    { method: 'GET', path, operation: list },
    { method: 'GET', path: `${path}/{Sid}`, operation: fetch },
    { method: 'POST', path: `${path}/{Sid}`, operation: update },
    { method: 'DELETE', path: `${path}/{Sid}`, operation: remove },
  ]);
}
